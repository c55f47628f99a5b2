package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
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
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.policy.Cascade;
import dev.commithooks.policy.OldRows;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    private static AccountRecord account(DSLContext dsl, long id, String owner) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setId(id);
        account.setOwner(owner);
        return account;
    }
}
