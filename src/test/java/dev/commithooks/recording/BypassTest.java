package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.PARCEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.daos.AccountDao;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.Bypass;
import dev.commithooks.policy.OutsideTransaction;
import dev.commithooks.policy.Recording;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.StatementRefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** DML that passes no record is heard of, and refused where that is the policy; records never are. */
@Database
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BypassTest {

    /** DML on the account table that no record passes. */
    enum Detour {
        INSERT_INTO(dsl -> dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "x").execute()),
        INSERT_RETURNING(dsl ->
                dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "x").returning().fetch()),
        INSERT_SELECT(dsl -> dsl.insertInto(ACCOUNT, ACCOUNT.OWNER)
                .select(DSL.select(DSL.inline("x")))
                .execute()),
        INSERT_ON_CONFLICT(dsl -> dsl.insertInto(ACCOUNT)
                .set(ACCOUNT.ID, 1L)
                .set(ACCOUNT.OWNER, "x")
                .onDuplicateKeyUpdate()
                .set(ACCOUNT.OWNER, "y")
                .execute()),
        UPDATE(dsl -> dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "x").execute()),
        UPDATE_OF_ALIAS(dsl -> {
            var alias = ACCOUNT.as("a");
            dsl.update(alias).set(alias.OWNER, "x").execute();
        }),
        UPDATE_RETURNING(
                dsl -> dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "x").returning().fetch()),
        UPDATE_WITH(dsl -> dsl.with("one")
                .as(DSL.selectOne())
                .update(ACCOUNT)
                .set(ACCOUNT.OWNER, "x")
                .execute()),
        DELETE_FROM(dsl -> dsl.deleteFrom(ACCOUNT).execute()),
        MERGE_INTO(dsl -> dsl.mergeInto(ACCOUNT)
                .using(DSL.selectOne())
                .on(ACCOUNT.ID.eq(-1L))
                .whenNotMatchedThenInsert(ACCOUNT.OWNER)
                .values("x")
                .execute()),
        TRUNCATE(dsl -> dsl.truncate(ACCOUNT).execute()),
        EXECUTE_INSERT(dsl -> dsl.executeInsert(account(dsl))),
        EXECUTE_UPDATE(dsl -> dsl.executeUpdate(account(dsl))),
        EXECUTE_DELETE(dsl -> dsl.executeDelete(account(dsl))),
        DAO_DELETE_BY_ID(dsl -> new AccountDao(dsl.configuration()).deleteById(1L)),
        LOADER(dsl -> {
            try {
                dsl.loadInto(ACCOUNT)
                        .loadCSV("owner\nx\n")
                        .fields(ACCOUNT.OWNER)
                        .execute();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }),
        BATCH_OF_QUERIES(
                dsl -> dsl.batch(dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "x")).execute()),
        BATCH_OF_BIND_VALUES(
                dsl -> dsl.batch(dsl.insertInto(ACCOUNT, ACCOUNT.OWNER).values((String) null))
                        .bind("x")
                        .bind("y")
                        .execute()),
        PLAIN_INSERT(dsl -> dsl.execute("insert into account (owner) values ('x')")),
        PLAIN_UPDATE(dsl -> dsl.execute("/* a comment */ UPDATE ONLY \"public\".\"account\" SET owner = 'x'")),
        PLAIN_DELETE(dsl -> dsl.execute("delete from Public.Account where id = ?", 1)),
        PLAIN_TRUNCATE(dsl -> dsl.execute("truncate table review, account")),
        PLAIN_MERGE(dsl -> dsl.execute("merge into account using (select 1) as one on id = -1"
                + " when not matched then insert (owner) values ('x')")),
        PLAIN_WITH(dsl -> dsl.execute("with x (a) as (select 'update b') update account set owner = a from x")),
        PLAIN_RETURNING(dsl -> dsl.fetch("update account set owner = 'x' returning id")),
        PLAIN_SECOND_STATEMENT(dsl -> dsl.execute("select ';'; update account set owner = 'x'")),
        PLAIN_BATCH(dsl -> dsl.batch("update account set owner = 'x'").execute());

        private final Consumer<DSLContext> work;

        Detour(Consumer<DSLContext> work) {
            this.work = work;
        }

        /** Some are written in a way that only PostgreSQL understands. */
        void assumeThatItExistsIn(TestDatabase database) {
            switch (this) {
                case UPDATE_WITH, PLAIN_UPDATE, PLAIN_TRUNCATE, PLAIN_WITH, PLAIN_RETURNING ->
                    database.assumeThatItHas(Ability.POSTGRESQL);
                case PLAIN_DELETE -> database.assumeThatItHas(Ability.SCHEMAS);
                case MERGE_INTO, PLAIN_MERGE -> database.assumeThatItHas(Ability.MERGE_STATEMENTS);
                case PLAIN_SECOND_STATEMENT -> {
                    if (database.product().isMySql()) {
                        database.assumeThatItHas(Ability.POSTGRESQL);
                    }
                }
                default -> {}
            }
        }

        private static AccountRecord account(DSLContext dsl) {
            AccountRecord account = dsl.newRecord(ACCOUNT);
            account.setId(1L);
            account.setOwner("x");
            return account;
        }
    }

    private final TestDatabase database;
    private final DataSource connections;

    BypassTest(TestDatabase database) {
        this.database = database;
        this.connections = database.pool(2);
    }

    @ParameterizedTest
    @EnumSource
    void isHeardOf(Detour detour) {
        detour.assumeThatItExistsIn(database);
        Shop shop = Shop.in(database, connections, builder -> builder.recording(Recording.RECORDS_ONLY));
        shop.transaction(detour.work);
        assertThat(shop.bypasses())
                .isNotEmpty()
                .allMatch(table -> table.endsWith("account") || table.endsWith("review"));
        assertThat(shop.told().after()).isEmpty();
        assertThat(shop.told().failed()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void isRefusedBeforeAnythingIsSent(Detour detour) {
        detour.assumeThatItExistsIn(database);
        Shop shop = Shop.in(
                database, connections, builder -> builder.bypass(Bypass.REJECT).recording(Recording.RECORDS_ONLY));
        database.dsl(connections).insertInto(ACCOUNT).set(ACCOUNT.OWNER, "kept").execute();
        assertThatThrownBy(() -> shop.transaction(detour.work))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContaining("nothing was sent")
                .hasMessageContaining("store()");
        assertThat(database.journal()).hasSize(1);
        assertThat(shop.bypasses()).isNotEmpty().allMatch(table -> table.startsWith("refused "));
    }

    @ParameterizedTest
    @EnumSource
    void isNoMatterWhereNobodyAsks(Detour detour) {
        detour.assumeThatItExistsIn(database);
        Shop shop = Shop.in(
                database, connections, builder -> builder.bypass(Bypass.IGNORE).recording(Recording.RECORDS_ONLY));
        shop.transaction(detour.work);
        assertThat(shop.bypasses()).isEmpty();
    }

    @Test
    void rejectLeavesTheTransactionAsItWas() {
        Shop shop = Shop.in(
                database, connections, builder -> builder.bypass(Bypass.REJECT).recording(Recording.RECORDS_ONLY));
        shop.transaction(dsl -> {
            account(dsl, "before").store();
            assertThatThrownBy(() -> dsl.deleteFrom(ACCOUNT).execute()).isInstanceOf(StatementRefusedException.class);
            account(dsl, "after").store();
        });
        assertThat(Rows.keys(shop.after())).containsExactly("INSERT public.account[1]", "INSERT public.account[2]");
    }

    @Test
    @Needs(Ability.CAPTURED_STATEMENTS)
    void recordsAreNeverRefused() {
        Shop shop = Shop.in(database, connections, builder -> builder.bypass(Bypass.REJECT));
        for (WriteCase write : WriteCase.values()) {
            database.reset();
            ShopRows.prepare(database.dsl(connections));
            if (write.outcome() != WriteCase.Outcome.FAILED) {
                shop.transaction(write::write);
            }
        }
        assertThat(shop.bypasses()).isEmpty();
    }

    @Test
    void tablesWithoutHooksAreNoMatter() {
        List<String> bypasses = new ArrayList<>();
        DSLContext dsl = CommitHooks.builder()
                .on(ACCOUNT, on -> on.afterCommitDelete((deleted, ctx) -> {}))
                .bypass(Bypass.REJECT)
                .recording(Recording.RECORDS_ONLY)
                .observer(new HookObserver() {
                    @Override
                    public void bypass(String table, String sql, boolean refused) {
                        bypasses.add(table);
                    }
                })
                .build()
                .attachTo(database.dsl(connections));
        dsl.deleteFrom(PARCEL).execute();
        dsl.execute("delete from parcel");
        dsl.selectFrom(ACCOUNT).fetch();
        dsl.fetch("with x as (select 1) select * from account, x");
        dsl.execute("create table account_copy as select * from account");
        assertThat(bypasses).isEmpty();
        assertThatThrownBy(() -> dsl.execute("delete from account")).isInstanceOf(StatementRefusedException.class);
    }

    /** What its hooks are told of a row depends on all that was done to it, asked for or not. */
    @Test
    void kindsWithoutHooksAreABypassToo() {
        DSLContext dsl = CommitHooks.builder()
                .on(ACCOUNT, on -> on.afterCommitDelete((deleted, ctx) -> {}))
                .bypass(Bypass.REJECT)
                .recording(Recording.RECORDS_ONLY)
                .build()
                .attachTo(database.dsl(connections));
        assertThatThrownBy(() -> dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "x").execute())
                .isInstanceOf(StatementRefusedException.class);
        assertThatThrownBy(() -> dsl.execute("update account set owner = 'z'"))
                .isInstanceOf(StatementRefusedException.class);
        assertThat(database.journal()).isEmpty();
    }

    @Test
    void whereNothingIsRecordedOutsideTransactionsNothingIsBypassedThere() {
        Shop shop = Shop.in(
                database,
                connections,
                builder -> builder.bypass(Bypass.REJECT)
                        .recording(Recording.RECORDS_ONLY)
                        .outsideTransaction(OutsideTransaction.IGNORE));
        account(shop.dsl(), "outside").store();
        shop.dsl().batchStore(account(shop.dsl(), "outside")).execute();
        shop.dsl().update(ACCOUNT).set(ACCOUNT.OWNER, "x").execute();
        assertThat(shop.bypasses()).isEmpty();
        assertThat(shop.after()).isEmpty();
        assertThatThrownBy(() -> shop.transaction(
                        dsl -> dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "x").execute()))
                .isInstanceOf(StatementRefusedException.class);
    }

    @Test
    void warningIsGivenOnceForEachStatement() {
        List<String> warnings = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                warnings.add(record.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("dev.commithooks");
        logger.addHandler(handler);
        try {
            Shop shop = Shop.in(database, connections, builder -> builder.recording(Recording.RECORDS_ONLY));
            for (int i = 0; i < 3; i++) {
                shop.dsl().deleteFrom(ACCOUNT).execute();
                shop.dsl().update(ACCOUNT).set(ACCOUNT.OWNER, "x").execute();
            }
            assertThat(warnings)
                    .hasSize(2)
                    .first()
                    .asString()
                    .contains(
                            "public.account",
                            "no hook of that table fires",
                            "delete from",
                            "store()",
                            "bypass(IGNORE)");
            assertThat(shop.bypasses()).hasSize(6);
        } finally {
            logger.removeHandler(handler);
        }
    }

    /** Outside a transaction batched(...) keeps statements back until who knows when. */
    @Test
    @Needs(Ability.CAPTURED_INSERTS)
    void recordsInBatchedAreABypassOutsideATransaction() {
        Shop shop = Shop.in(database, connections);
        shop.dsl().batched(batch -> {
            for (String owner : List.of("a", "b")) {
                account(batch.dsl(), owner).store();
            }
            AccountRecord third = account(batch.dsl(), "c");
            third.setId(50L);
            third.update();
        });
        assertThat(database.journal()).hasSize(2);
        assertThat(shop.bypasses()).hasSize(3).containsOnly("public.account");
        assertThat(shop.told().after()).isEmpty();
        assertThat(shop.told().before()).isEmpty();
        assertThat(shop.told().failed()).isEmpty();
    }

    @Test
    @Needs(Ability.CAPTURED_INSERTS)
    void recordsInBatchedAreRefusedOutsideATransaction() {
        Shop shop = Shop.in(database, connections, builder -> builder.bypass(Bypass.REJECT));
        assertThatThrownBy(() ->
                        shop.dsl().batched(batch -> account(batch.dsl(), "a").store()))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContaining("batched(...)");
        assertThat(database.journal()).isEmpty();
    }

    /** There jOOQ keeps nothing back, since the transaction's connection wins. */
    @Test
    void recordsInBatchedAreOrdinaryInATransaction() {
        Shop shop = Shop.in(database, connections, builder -> builder.bypass(Bypass.REJECT));
        shop.transaction(dsl -> dsl.batched(batch -> {
            account(batch.dsl(), "a").store();
            account(batch.dsl(), "b").store();
        }));
        shop.assertThatWhatWasToldIsWhatWasWritten();
        assertThat(shop.told().after()).hasSize(2);
    }

    private static AccountRecord account(DSLContext dsl, String owner) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setOwner(owner);
        account.setBalance(BigDecimal.ONE);
        return account;
    }
}
