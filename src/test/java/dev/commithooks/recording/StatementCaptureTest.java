package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.DRAFT_BOOK;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.change.Change;
import dev.commithooks.change.Deleted;
import dev.commithooks.change.Updated;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.policy.Bypass;
import dev.commithooks.policy.Cascade;
import dev.commithooks.policy.OldRows;
import dev.commithooks.transaction.StatementRefusedException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jooq.Converter;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.TableField;
import org.jooq.UniqueKey;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.CustomRecord;
import org.jooq.impl.CustomTable;
import org.jooq.impl.DSL;
import org.jooq.impl.Internal;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What becomes of the rows of statements that pass no record, beyond that hooks hear of them. */
@Database
class StatementCaptureTest {

    private final TestDatabase database;
    private final int serverVersion;

    StatementCaptureTest(TestDatabase database) {
        this.database = database;
        this.serverVersion = database.postgresVersion();
    }

    @ParameterizedTest
    @EnumSource(names = "EVERY", mode = EnumSource.Mode.EXCLUDE)
    @Needs(Ability.CAPTURED_UPDATES)
    void rowsOfStatementsFoldWithThoseOfRecords(BucketMode mode) {
        Shop shop = Shop.in(database, builder -> builder.buckets(mode));
        account(database.dsl(), 1, "first").insert();
        shop.transaction(dsl -> {
            AccountRecord account = dsl.fetchSingle(ACCOUNT);
            account.setOwner("by record");
            account.store();
            dsl.update(ACCOUNT)
                    .set(ACCOUNT.OWNER, ACCOUNT.OWNER.concat(", by statement"))
                    .execute();
            account(dsl, 2, "inserted").insert();
            dsl.update(ACCOUNT)
                    .set(ACCOUNT.OWNER, "changed")
                    .where(ACCOUNT.ID.eq(2L))
                    .execute();
        });
        List<Change<?>> told = shop.after();
        Updated<?> updated = (Updated<?>) told.stream()
                .filter(change ->
                        change instanceof Updated<?> one && one.oldKey().equals(change.key()))
                .filter(change -> change.key().orElseThrow().values().contains(1L))
                .findFirst()
                .orElseThrow();
        assertThat(updated.oldRow().get(ACCOUNT.OWNER)).isEqualTo("first");
        assertThat(updated.row().get(ACCOUNT.OWNER)).isEqualTo("by record, by statement");
        assertThat(Rows.keys(told))
                .containsExactlyElementsOf(
                        mode == BucketMode.NET
                                ? List.of("INSERT public.account[2]", "UPDATE public.account[1]")
                                : List.of(
                                        "INSERT public.account[2]",
                                        "UPDATE public.account[1]",
                                        "UPDATE public.account[2]"));
    }

    @Test
    @Needs(Ability.CAPTURED_UPDATES)
    void rowsAreTakenOutWithTheirSavepoint() {
        Shop shop = Shop.in(database);
        shop.transaction(dsl -> {
            dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "kept").execute();
            assertThatThrownBy(() -> dsl.transaction(inner -> {
                        inner.dsl()
                                .insertInto(ACCOUNT)
                                .set(ACCOUNT.OWNER, "gone")
                                .execute();
                        throw new IllegalStateException("changed my mind");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            dsl.update(ACCOUNT).set(ACCOUNT.BALANCE, ACCOUNT.BALANCE.plus(1)).execute();
        });
        shop.assertThatWhatWasToldIsWhatWasWritten();
        assertThat(shop.told().failed()).hasSize(1);
        assertThat(shop.after()).hasSize(2);
    }

    @Test
    @Needs(Ability.CAPTURED_INSERTS)
    void whatABeforeHookWritesByAStatementIsToldInTheNextRound() {
        List<String> told = new ArrayList<>();
        DSLContext dsl = CommitHooks.builder()
                .cascade(Cascade.rounds(2))
                .on(
                        ACCOUNT,
                        on -> on.beforeCommitInsert((account, ctx) -> ctx.dsl()
                                .insertInto(STOCK)
                                .set(STOCK.ISBN, account.row().getOwner())
                                .execute()))
                .on(
                        STOCK,
                        on -> on.beforeCommitInsert((stock, ctx) ->
                                        told.add("before " + stock.row().getIsbn()))
                                .afterCommitInsert((stock, ctx) ->
                                        told.add("after " + stock.row().getIsbn())))
                .build()
                .attachTo(database.dsl(database.pool(1)));
        dsl.transaction(
                tx -> tx.dsl().insertInto(ACCOUNT).set(ACCOUNT.OWNER, "cascade").execute());
        assertThat(told).containsExactly("before cascade", "after cascade");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Needs(Ability.POSTGRESQL)
    void statementOfMoreRowsThanTheLimitRollsBack(boolean returning) {
        Shop shop = Shop.in(database, builder -> builder.statementLimit(10));
        shop.transaction(dsl -> insertSeries(dsl, 10));
        assertThat(shop.after()).hasSize(10);
        assertThatThrownBy(() -> shop.transaction(dsl -> {
                    assertThatThrownBy(() -> {
                                if (returning) {
                                    dsl.update(STOCK)
                                            .set(STOCK.QUANTITY, 5)
                                            .returning()
                                            .fetch();
                                } else {
                                    insertSeries(dsl, 11);
                                }
                                insertSeries(dsl, 11);
                            })
                            .isInstanceOf(DataAccessException.class)
                            .hasMessageContaining("statementLimit")
                            .hasMessageContaining("public.stock");
                }))
                .isInstanceOf(DataAccessException.class);
        assertThat(database.journal()).hasSize(10);
        assertThat(shop.after()).isEmpty();
    }

    private static void insertSeries(DSLContext dsl, int rows) {
        dsl.insertInto(STOCK, STOCK.ISBN)
                .select(DSL.select(DSL.concat(DSL.inline(rows + " "), DSL.field("n", Integer.class)))
                        .from("generate_series(1, " + rows + ") as s(n)"))
                .execute();
    }

    /** An account as somebody's converter sees it, who does not like one of the owners. */
    private static final class PickyAccount extends CustomTable<PickyRecord> {

        private static final long serialVersionUID = 1L;
        private static final PickyAccount PICKY = new PickyAccount();

        private final TableField<PickyRecord, Long> id = createField(DSL.name("id"), SQLDataType.BIGINT);
        private final TableField<PickyRecord, String> owner = createField(
                DSL.name("owner"),
                SQLDataType.VARCHAR.asConvertedDataType(Converter.ofNullable(
                        String.class,
                        String.class,
                        read -> {
                            if (read.equals("bad")) {
                                throw new IllegalArgumentException("no such owner");
                            }
                            return read;
                        },
                        written -> written)));

        private PickyAccount() {
            super(DSL.name("account"), DSL.schema(DSL.name("public")));
        }

        @Override
        public UniqueKey<PickyRecord> getPrimaryKey() {
            return Internal.createUniqueKey(this, DSL.name("account_pkey"), id);
        }

        @Override
        public Class<PickyRecord> getRecordType() {
            return PickyRecord.class;
        }
    }

    private static final class PickyRecord extends CustomRecord<PickyRecord> {

        private static final long serialVersionUID = 1L;

        PickyRecord() {
            super(PickyAccount.PICKY);
        }
    }

    @Test
    @Needs(Ability.CAPTURED_INSERTS)
    void rowThatCannotBeReadIsWrittenAndItsTransactionRollsBack() {
        List<String> told = new ArrayList<>();
        PickyAccount picky = PickyAccount.PICKY;
        DSLContext dsl = CommitHooks.builder()
                .on(picky, on -> on.afterCommitInsert((account, ctx) -> told.add(String.valueOf(account))))
                .build()
                .attachTo(database.dsl(database.pool(1)));
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    assertThat(tx.dsl()
                                    .insertInto(picky, picky.owner)
                                    .values("good")
                                    .values("bad")
                                    .execute())
                            .isEqualTo(2);
                    assertThat(tx.dsl().fetchCount(ACCOUNT)).isEqualTo(2);
                }))
                .hasStackTraceContaining("no such owner");
        assertThat(database.journal()).isEmpty();
        assertThat(told).isEmpty();
        dsl.insertInto(picky, picky.owner).values("bad").execute();
        assertThat(told).hasSize(1).first().asString().doesNotContain("owner");
        assertThat(database.journal()).hasSize(1);
    }

    @Test
    @NeedsRealCommits("connects as another user")
    @Needs(Ability.POSTGRESQL)
    void rowLevelSecurityAndRulesAreLeftAlone() {
        DSLContext owner = database.dsl();
        owner.execute("""
                create role clerk login password 'clerk';
                grant all on all tables in schema public, journal to clerk;
                grant all on all sequences in schema public, journal to clerk;
                grant usage on schema public, journal to clerk;
                alter table account enable row level security;
                create policy sees_own on account for select using (owner = 'clerk');
                create policy changes_all on account for update using (true);
                create policy inserts_all on account for insert with check (true);
                create rule note as on insert to author do also select 1""");
        try {
            account(owner, 1, "clerk").insert();
            account(owner, 2, "boss").insert();
            PGSimpleDataSource clerks = new PGSimpleDataSource();
            clerks.setURL(database.jdbcUrl());
            clerks.setUser("clerk");
            clerks.setPassword("clerk");
            Shop shop = Shop.in(database, clerks);
            shop.transaction(dsl -> {
                assertThat(dsl.update(ACCOUNT)
                                .set(ACCOUNT.BALANCE, BigDecimal.ONE)
                                .execute())
                        .isEqualTo(2);
                dsl.insertInto(ACCOUNT)
                        .set(ACCOUNT.ID, 3L)
                        .set(ACCOUNT.OWNER, "not seen")
                        .execute();
                dsl.insertInto(AUTHOR).set(AUTHOR.NAME, "ruled").execute();
            });
            assertThat(shop.bypasses()).containsExactly("public.account", "public.account", "public.author");
            assertThat(shop.after()).isEmpty();
        } finally {
            owner.execute("""
                    drop rule note on author;
                    drop policy sees_own on account; drop policy changes_all on account; drop policy inserts_all on account;
                    alter table account disable row level security;
                    drop owned by clerk; drop role clerk""");
        }
    }

    @Test
    @NeedsRealCommits("connects as another user")
    @Needs(Ability.POSTGRESQL)
    void userWhoMayNotReadAllColumnsWritesAllTheSame() {
        DSLContext owner = database.dsl();
        owner.execute("""
                create role clerk login password 'clerk';
                grant select (id), insert (id, owner), update (owner) on account to clerk;
                grant all on all tables in schema journal to clerk;
                grant all on all sequences in schema public, journal to clerk;
                grant usage on schema public, journal to clerk""");
        try {
            PGSimpleDataSource clerks = new PGSimpleDataSource();
            clerks.setURL(database.jdbcUrl());
            clerks.setUser("clerk");
            clerks.setPassword("clerk");
            Shop shop = Shop.in(database, clerks);
            shop.transaction(
                    dsl -> dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "unread").execute());
            assertThat(shop.bypasses()).containsExactly("public.account");
            assertThat(database.journal()).hasSize(1);
            Shop owners = Shop.in(database);
            owners.transaction(
                    dsl -> dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "read").execute());
            assertThat(owners.after()).hasSize(1);
        } finally {
            owner.execute("drop owned by clerk; drop role clerk");
        }
    }

    /** As while a release is rolled out that no longer has the column. */
    @Test
    @Needs(Ability.POSTGRESQL)
    void columnThatIsGoneFromTheDatabaseHindersOneStatementAtMost() {
        Shop shop = Shop.in(database);
        account(database.dsl(), 1, "first").insert();
        shop.transaction(dsl -> dsl.update(STOCK).set(STOCK.QUANTITY, 1).execute());
        database.dsl().execute("alter table stock rename shelf to board");
        try {
            assertThatThrownBy(() -> shop.transaction(
                            dsl -> dsl.update(STOCK).set(STOCK.QUANTITY, 2).execute()))
                    .isInstanceOf(DataAccessException.class);
            shop.transaction(dsl -> dsl.insertInto(STOCK)
                    .set(STOCK.ISBN, "1")
                    .set(STOCK.QUANTITY, 2)
                    .execute());
            assertThat(shop.bypasses()).containsExactly("public.stock");
            assertThat(database.dsl().fetchCount(STOCK)).isEqualTo(1);
        } finally {
            database.dsl().execute("alter table stock rename board to shelf");
        }
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void viewsAndWritesInsideOtherStatementsAreReportedWithTheirReason() {
        Shop shop = Shop.in(
                database,
                builder -> builder.bypass(Bypass.REJECT)
                        .on(ACCOUNT, on -> on.afterCommitInsert((account, ctx) -> {}))
                        .on(STOCK, on -> on.afterCommitInsert((stock, ctx) -> {})));
        shop.transaction(dsl -> {
            assertThatThrownBy(() ->
                            dsl.update(DRAFT_BOOK).set(DRAFT_BOOK.TITLE, "x").execute())
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("a view");
            assertThatThrownBy(() -> dsl.with("w")
                            .as(dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "x").returning(ACCOUNT.ID))
                            .selectFrom("w")
                            .fetch())
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("common table expression");
            assertThatThrownBy(() ->
                            dsl.fetch("with w as not materialized (delete from account returning id) select * from w"))
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("common table expression");
            assertThatThrownBy(() -> dsl.execute(
                            "with w as (insert into account (owner) values ('x') returning id) delete from stock"))
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("public.account");
            assertThatThrownBy(() -> dsl.select()
                            .from(DSL.finalTable(dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "x")))
                            .fetch())
                    .isInstanceOf(StatementRefusedException.class);
            assertThatThrownBy(() -> dsl.execute("delete from account; delete from account"))
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("several statements");
            assertThatThrownBy(() -> dsl.batch(dsl.deleteFrom(ACCOUNT).where(ACCOUNT.ID.eq(5L)), dsl.deleteFrom(STOCK))
                            .execute())
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("counts only")
                    .hasMessageContaining("\"id\" = ?");
            dsl.with("w").as(DSL.selectOne()).selectFrom("w").fetch();
            dsl.fetch("with w as (select 'delete from account') select * from w");
        });
        assertThat(database.journal()).isEmpty();
        if (serverVersion >= 18) {
            assertThatThrownBy(() -> shop.transaction(
                            dsl -> dsl.fetch("update account set owner = 'x' returning old.owner, new.owner")))
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("OLD and NEW");
        }
    }

    @Test
    @Needs(Ability.CAPTURED_INSERTS)
    void outsideATransactionStatementsOnTablesWithBeforeHooksAreRecorded() {
        Shop shop = Shop.in(database);
        shop.dsl().insertInto(ACCOUNT).set(ACCOUNT.OWNER, "x").execute();
        assertThat(shop.bypasses()).isEmpty();
        assertThat(shop.told().before()).hasSize(1);
        shop.assertThatWhatWasToldIsWhatWasWritten();
    }

    @Test
    @Needs(Ability.CAPTURED_STATEMENTS)
    void oldRowsOfStatementsAreTheServers() {
        Shop shop = Shop.in(database, builder -> builder.oldRows(OldRows.FROM_DATABASE));
        account(database.dsl(), 1, "first").insert();
        shop.transaction(dsl -> {
            dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "second").execute();
            dsl.deleteFrom(ACCOUNT).execute();
        });
        List<Change<?>> told = shop.after();
        assertThat(((Updated<?>) told.get(0)).oldRow().get(ACCOUNT.OWNER)).isEqualTo("first");
        assertThat(((Updated<?>) told.get(0)).changedFields())
                .extracting(Field::getName)
                .containsExactly("owner");
        assertThat(((Deleted<?>) told.get(1)).oldRow().get(ACCOUNT.OWNER)).isEqualTo("second");
    }

    @Test
    @Needs(Ability.CAPTURED_INSERTS)
    void statementThatIsExecutedOnAnotherThreadIsRecorded() {
        Shop shop = Shop.in(database);
        try (var executor = new ClosingExecutor()) {
            shop.transaction(dsl -> assertThat(dsl.insertInto(ACCOUNT)
                            .set(ACCOUNT.OWNER, "elsewhere")
                            .executeAsync(executor.executor())
                            .toCompletableFuture()
                            .join())
                    .isEqualTo(1));
        }
        shop.assertThatWhatWasToldIsWhatWasWritten();
        assertThat(shop.after()).hasSize(1);
    }

    private record ClosingExecutor(ExecutorService executor) implements AutoCloseable {

        ClosingExecutor() {
            this(Executors.newSingleThreadExecutor());
        }

        @Override
        public void close() {
            executor.shutdown();
        }
    }

    /** Nothing is prepared but the statement, jOOQ's beside it, and one question a table. */
    @Test
    @Needs(Ability.POSTGRESQL)
    void catalogueIsAskedOnceATable() {
        Shop shop = Shop.in(database);
        for (int i = 0; i < 3; i++) {
            shop.transaction(dsl -> dsl.update(STOCK).set(STOCK.QUANTITY, 1).execute());
        }
        assertThat(shop.statements())
                .filteredOn(sql -> sql.contains("pg_class"))
                .hasSize(1);
    }

    private static AccountRecord account(DSLContext dsl, long id, String owner) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setId(id);
        account.setOwner(owner);
        return account;
    }
}
