package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.SALE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.shop.tables.records.SaleRecord;
import dev.commithooks.change.Change;
import dev.commithooks.change.Updated;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.OldRows;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/** Of a merge hooks are told what the server did. */
@Database
class UpsertTest {

    private final TestDatabase database;

    UpsertTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    @Needs(Ability.TOLD_UPSERTS)
    void mergeOfANewRowIsAnInsertAndOfAnExistingOneAnUpdate() {
        Shop shop = Shop.in(database);
        shop.transaction(dsl -> {
            account(dsl, 7, "new").merge();
            account(dsl, 7, "changed").merge();
        });
        assertThat(Rows.keys(shop.after())).containsExactly("INSERT public.account[7]", "UPDATE public.account[7]");
    }

    @Test
    @Needs(Ability.TOLD_UPSERTS)
    void updateByMergeKnowsItsKeyAndNothingElseOfTheOldRow() {
        Shop shop = Shop.in(database);
        account(database.dsl(), 7, "before").insert();
        account(shop.dsl(), 7, "after").merge();
        Updated<?> updated = (Updated<?>) shop.after().get(0);
        assertThat(updated.oldKey()).isEqualTo(updated.key());
        assertThat(updated.knewOldRow()).isFalse();
        assertThat(updated.row().get(ACCOUNT.OWNER)).isEqualTo("after");
    }

    @Test
    void theRecordIsAsItWouldBeWithoutHooks() {
        Shop shop = Shop.in(database);
        for (DSLContext dsl :
                List.of(shop.dsl(), shop.dsl(settings -> settings.withReturnIdentityOnUpdatableRecord(false)))) {
            AccountRecord account = account(dsl, 7, "any");
            assertThat(account.merge()).isEqualTo(1);
            assertThat(account.changed()).isFalse();
            assertThat(account.original(ACCOUNT.OWNER)).isEqualTo("any");
            assertThat(account.getId()).isEqualTo(7);
        }
        AccountRecord made = shop.dsl().newRecord(ACCOUNT);
        made.setOwner("any");
        made.merge();
        assertThat(made.getId())
                .isEqualTo(
                        database.dsl().fetchSingle(ACCOUNT, ACCOUNT.ID.ne(7L)).getId());
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void askingTakesNoStatementOfItsOwnButOneForEachTable() {
        Shop shop = Shop.in(database);
        account(shop.dsl(), 7, "a").merge();
        account(shop.dsl(), 8, "b").merge();
        List<String> prepared = shop.statements();
        assertThat(prepared).filteredOn(sql -> sql.endsWith("(xmax = 0)")).hasSize(2);
        assertThat(prepared).filteredOn(sql -> sql.contains("pg_class")).hasSize(1);
        // jOOQ's own two are prepared and never sent.
        assertThat(prepared).hasSize(5);
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void partitionedTableCannotTellBefore18SoItIsAnUpdateWithoutOldRow() {
        Shop shop = Shop.in(database);
        sale(shop.dsl(), BigDecimal.ONE).merge();
        sale(shop.dsl(), BigDecimal.TEN).merge();
        List<Change<?>> told = shop.after();
        assertThat(told)
                .extracting(change -> change.type().name())
                .containsExactly(database.postgresVersion() < 18 ? "UPDATE" : "INSERT", "UPDATE");
        assertThat(told).allSatisfy(change -> {
            assertThat(change.key()).isPresent();
            assertThat(change instanceof Updated<?> updated && updated.knewOldRow())
                    .isFalse();
        });
    }

    @Test
    @Needs(Ability.CAPTURED_STATEMENTS)
    void batchMergeIsAnUpdateWithoutOldRow() {
        Shop shop = Shop.in(database);
        shop.dsl().batchMerge(account(shop.dsl(), 7, "new")).execute();
        assertThat(Rows.keys(shop.after())).containsExactly("UPDATE public.account[7]");
    }

    @Test
    void batchMergeWithoutAKeyCanOnlyInsert() {
        Shop shop = Shop.in(database);
        AccountRecord account = shop.dsl().newRecord(ACCOUNT);
        account.setOwner("new");
        shop.dsl().batchMerge(account).execute();
        assertThat(Rows.keys(shop.after())).containsExactly("INSERT public.account[?]");
        shop.told().clear();
    }

    @Test
    @Needs(Ability.CAPTURED_STATEMENTS)
    void mergeThatMayMatchByAnotherKeyDoesNotClaimToKnowWhichRowItWas() {
        Shop shop = Shop.in(database);
        DSLContext dsl = shop.dsl(settings -> settings.withReturnIdentityOnUpdatableRecord(false));
        BookRecord first = database.dsl().newRecord(BOOK);
        first.setIsbn("1");
        first.setTitle("before");
        first.store();
        BookRecord book = dsl.newRecord(BOOK);
        book.setId(50L);
        book.setIsbn("1");
        book.setTitle("after");
        book.merge();
        Updated<?> updated = (Updated<?>) shop.after().get(0);
        assertThat(updated.oldKey()).isEmpty();
        assertThat(updated.key().orElseThrow().values()).containsExactly(50L);
    }

    @Test
    @Needs(Ability.CAPTURED_STATEMENTS)
    void oldRowsFromTheDatabaseAreThereForAMergeToo() {
        Shop shop = Shop.in(database, builder -> builder.oldRows(OldRows.FROM_DATABASE));
        account(database.dsl(), 7, "before").insert();
        shop.transaction(dsl -> account(dsl, 7, "after").merge());
        Updated<?> updated = (Updated<?>) shop.after().get(0);
        assertThat(updated.oldRow().get(ACCOUNT.OWNER)).isEqualTo("before");
    }

    /** Both sessions find no row before their statement; one then inserts, and the other must not be told that it did. */
    @Test
    @Needs(Ability.CAPTURED_STATEMENTS)
    void twoSessionsThatRaceAreToldApart() throws Exception {
        Shop shop = Shop.in(database);
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            for (int id = 1; id <= 20; id++) {
                int key = id;
                CountDownLatch bothReady = new CountDownLatch(2);
                Runnable merge = () -> shop.transaction(dsl -> {
                    AccountRecord account =
                            account(dsl, key, Thread.currentThread().getName());
                    bothReady.countDown();
                    await(bothReady);
                    account.merge();
                });
                CompletableFuture.allOf(
                                CompletableFuture.runAsync(merge, pool), CompletableFuture.runAsync(merge, pool))
                        .get(10, TimeUnit.SECONDS);
                assertThat(Rows.keys(shop.after()))
                        .containsExactlyInAnyOrder(
                                "INSERT public.account[" + key + "]", "UPDATE public.account[" + key + "]");
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static AccountRecord account(DSLContext dsl, long id, String owner) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setId(id);
        account.setOwner(owner);
        return account;
    }

    private static SaleRecord sale(DSLContext dsl, BigDecimal amount) {
        SaleRecord sale = dsl.newRecord(SALE);
        sale.setSoldOn(LocalDate.of(2024, 5, 1));
        sale.setReceiptNo(1);
        sale.setIsbn("1");
        sale.setAmount(amount);
        return sale;
    }
}
