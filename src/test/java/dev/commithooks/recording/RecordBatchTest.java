package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.PARCEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.shop.tables.records.ParcelRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.UpdatableRecord;
import org.jooq.conf.InvocationOrder;
import org.jooq.conf.StatementType;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;

/** Batches of records: a row is recorded when its JDBC batch has been executed and said that it was written. */
@Database
class RecordBatchTest {

    private final TestDatabase database;
    private final Shop shop;

    RecordBatchTest(TestDatabase database) {
        this.database = database;
        this.shop = Shop.in(database);
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void rowsComeInTheOrderOfTheStatementsThatWroteThem() {
        AccountRecord loaded = account(database.dsl(), 1, "loaded");
        loaded.store();
        loaded.setOwner("changed");
        shop.transaction(dsl -> dsl.batchStore(
                        account(dsl, 51, "a"), parcel(dsl, "b"), loaded, account(dsl, 52, "c"), parcel(dsl, "swallow"))
                .execute());
        shop.assertThatWhatWasToldIs(
                database.journal().subList(1, database.journal().size()));
        assertThat(Rows.keys(shop.after()))
                .containsExactly(
                        "INSERT public.account[51]",
                        "INSERT public.account[52]",
                        "INSERT public.parcel[?]",
                        "UPDATE public.account[1]");
    }

    @Test
    void whatEarlierBatchesOfAFailingCallWroteIsRecordedAndNothingOfTheFailingOne() {
        // In autocommit mode each JDBC batch is a transaction of its own.
        assertThatThrownBy(() -> shop.dsl()
                        .batchStore(
                                account(shop.dsl(), 51, "good"),
                                parcel(shop.dsl(), "good"),
                                account(shop.dsl(), 51, "twice"),
                                book(shop.dsl(), "never sent"))
                        .execute())
                .isInstanceOf(DataAccessException.class);
        shop.assertThatWhatWasToldIsWhatWasWritten();

        assertThatThrownBy(() -> shop.dsl()
                        .batchStore(
                                parcel(shop.dsl(), "good"),
                                account(shop.dsl(), 51, "x"),
                                account(shop.dsl(), 51, "twice"))
                        .execute())
                .isInstanceOf(DataAccessException.class);
        shop.assertThatWhatWasToldIsWhatWasWritten();
        assertThat(Rows.keys(shop.after())).containsExactly("INSERT public.parcel[?]");
    }

    @Test
    void chunksBeforeTheFailingOneAreRecorded() {
        DSLContext dsl = shop.dsl(settings -> settings.withBatchSize(2));
        assertThatThrownBy(() -> dsl.batchInsert(
                                account(dsl, 51, "a"),
                                account(dsl, 52, "b"),
                                account(dsl, 53, "c"),
                                account(dsl, 51, "twice"),
                                account(dsl, 55, "e"))
                        .execute())
                .isInstanceOf(DataAccessException.class);
        shop.assertThatWhatWasToldIsWhatWasWritten();
        assertThat(shop.told().after()).hasSize(2);
        assertThat(shop.told().failed()).hasSize(2);
    }

    /** pgjdbc cuts a large batch into pieces; in autocommit mode those before the failure stay. */
    @Test
    void largeBatchThatFailsLateInAutocommitModeTellsWhatStayed() {
        List<AccountRecord> accounts = new ArrayList<>();
        for (int i = 1; i <= 3_000; i++) {
            accounts.add(account(shop.dsl(), i == 3_000 ? 1 : i, "x".repeat(100)));
        }
        assertThatThrownBy(() -> shop.dsl().batchInsert(accounts).execute()).isInstanceOf(DataAccessException.class);
        shop.assertThatWhatWasToldIsWhatWasWritten();
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void successWithoutACountCountsAsWritten() {
        Shop rewriting = Shop.in(database, database.pool(2, config -> {
            config.addDataSourceProperty("reWriteBatchedInserts", "true");
            config.setJdbcUrl(
                    database.jdbcUrl() + (database.jdbcUrl().contains("?") ? "&" : "?") + "reWriteBatchedInserts=true");
            config.setDataSource(null);
            config.setUsername(database.user());
            config.setPassword(database.password());
            return config;
        }));
        rewriting.transaction(dsl -> assertThat(
                        dsl.batchInsert(account(dsl, 51, "a"), account(dsl, 52, "b"), account(dsl, 53, "c"))
                                .execute())
                .contains(-2));
        rewriting.assertThatWhatWasToldIsWhatWasWritten();
    }

    @Test
    void recordsAreAsTheyWouldBeWithoutHooks() {
        BookRecord book = book(database.dsl(), "any");
        book.store();
        DSLContext dsl = shop.dsl(settings -> settings.withExecuteWithOptimisticLocking(true));
        book.attach(dsl.configuration());
        book.setTitle("changed");
        assertThat(dsl.batchUpdate(book).execute()).containsExactly(1);
        assertThat(book.getVersion()).isEqualTo(2);
        assertThat(book.changed()).isFalse();
        book.setTitle("again");
        assertThat(book.store()).isEqualTo(1);
    }

    @Test
    void orderOfListenersDoesNotMatter() {
        for (StatementType type : StatementType.values()) {
            for (InvocationOrder start : InvocationOrder.values()) {
                for (InvocationOrder end : InvocationOrder.values()) {
                    database.reset();
                    shop.told().clear();
                    DSLContext dsl = shop.dsl(settings -> settings.withStatementType(type)
                            .withExecuteListenerStartInvocationOrder(start)
                            .withExecuteListenerEndInvocationOrder(end)
                            .withRecordListenerStartInvocationOrder(start)
                            .withRecordListenerEndInvocationOrder(end));
                    dsl.transaction(tx -> {
                        tx.dsl()
                                .batchStore(account(tx.dsl(), 51, "a"), account(tx.dsl(), 52, "b"))
                                .execute();
                        account(tx.dsl(), 53, "c").store();
                        AccountRecord again = account(tx.dsl(), 53, "d");
                        if (database.product().can(Ability.CAPTURED_STATEMENTS)) {
                            again.merge();
                        } else {
                            again.update();
                        }
                        account(tx.dsl(), 53, "d").delete();
                    });
                    shop.assertThatWhatWasToldIsWhatWasWritten();
                    assertThat(shop.told().after()).hasSize(5);
                }
            }
        }
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void onlyTheHookedTablesOfAMixedBatchAreRecorded() {
        List<String> told = new ArrayList<>();
        DSLContext hooked = CommitHooks.builder()
                .on(
                        PARCEL,
                        on -> on.afterCommitInsert(
                                (parcel, ctx) -> told.add(parcel.row().getLabel())))
                .build()
                .attachTo(database.dsl(database.simpleDataSource()));
        for (StatementType type : StatementType.values()) {
            database.reset();
            told.clear();
            DSLContext dsl = Shop.with(hooked, settings -> settings.withStatementType(type));
            List<UpdatableRecord<?>> records = List.of(
                    account(dsl, 51, "a"),
                    parcel(dsl, "first"),
                    account(dsl, 52, "b"),
                    parcel(dsl, "swallow"),
                    parcel(dsl, "last"));
            dsl.transaction(tx -> tx.dsl().batchStore(records).execute());
            assertThat(told).containsExactly("first", "last");
        }
    }

    private static AccountRecord account(DSLContext dsl, long id, String owner) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setId(id);
        account.setOwner(owner);
        return account;
    }

    private static BookRecord book(DSLContext dsl, String title) {
        BookRecord book = dsl.newRecord(BOOK);
        book.setTitle(title);
        return book;
    }

    private static ParcelRecord parcel(DSLContext dsl, String label) {
        ParcelRecord parcel = dsl.newRecord(PARCEL);
        parcel.setLabel(label);
        return parcel;
    }
}
