package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.CUSTOMER;
import static dev.commithooks.bookshop.shop.Tables.PAGE_VIEW;
import static dev.commithooks.bookshop.shop.Tables.PARCEL;
import static dev.commithooks.bookshop.shop.Tables.PURCHASE;
import static dev.commithooks.bookshop.shop.Tables.PURCHASE_LINE;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static dev.commithooks.recording.ShopRows.account;
import static dev.commithooks.recording.ShopRows.book;
import static dev.commithooks.recording.ShopRows.line;
import static dev.commithooks.recording.ShopRows.parcel;
import static dev.commithooks.recording.ShopRows.sale;
import static dev.commithooks.recording.ShopRows.several;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.commithooks.bookshop.shop.enums.BookFormat;
import dev.commithooks.bookshop.shop.tables.daos.AccountDao;
import dev.commithooks.bookshop.shop.tables.daos.StockDao;
import dev.commithooks.bookshop.shop.tables.pojos.Account;
import dev.commithooks.bookshop.shop.tables.pojos.Stock;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.shop.tables.records.CustomerRecord;
import dev.commithooks.bookshop.shop.tables.records.PageViewRecord;
import dev.commithooks.bookshop.shop.tables.records.ParcelRecord;
import dev.commithooks.bookshop.shop.tables.records.PurchaseLineRecord;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.TestDatabase;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Consumer;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.conf.Settings;
import org.jooq.conf.StatementType;
import org.jooq.conf.UpdateUnchangedRecords;

/** One way to write with a record, on the rows of {@link ShopRows#prepare}. */
enum WriteCase {

    // Written
    // -----------------------------------------------------------------------------------------------------------

    STORE_NEW(dsl -> {
        AuthorRecord author = dsl.newRecord(AUTHOR);
        author.setName("new");
        author.store();
    }),
    INSERT(dsl -> account(dsl, null, "new").insert()),
    INSERT_DEFAULT_VALUES_FAILS_ON_NOT_NULL(
            Outcome.FAILED, dsl -> dsl.newRecord(AUTHOR).insert()),
    INSERT_ENUM_ARRAY_JSON_BYTES(dsl -> {
        BookRecord book = dsl.newRecord(BOOK);
        book.setTitle("typed");
        book.setFormat(BookFormat.audio);
        book.setTags(new String[] {"a", "b"});
        book.setMetadata(JSONB.valueOf("{\"a\": 1}"));
        book.setCover(new byte[] {1, 2});
        book.setPrice(new BigDecimal("9.9"));
        book.store();
    }),
    INSERT_SERVER_MADE_UUID(dsl -> {
        CustomerRecord customer = dsl.newRecord(CUSTOMER);
        customer.setName("new");
        customer.setEmail("new@example.org");
        customer.store();
    }),
    INSERT_WITHOUT_PRIMARY_KEY(dsl -> {
        PageViewRecord view = dsl.newRecord(PAGE_VIEW);
        view.setPath("/");
        view.insert();
    }),
    INSERT_COMPOSITE_KEY(dsl -> line(dsl, 2).store()),
    INSERT_INTO_PARTITION(dsl -> sale(dsl, 2).store()),
    INSERT_IN_ANOTHER_SCHEMA(dsl -> {
        var stock = dsl.newRecord(dev.commithooks.bookshop.warehouse.Tables.STOCK);
        stock.setIsbn("1");
        stock.setBin("A1");
        stock.store();
    }),
    INSERT_RETURNING_NOTHING(
            settings -> settings.withReturnIdentityOnUpdatableRecord(false),
            dsl -> account(dsl, null, "new").insert()),
    INSERT_RETURNING_ALL(
            settings -> settings.withReturnAllOnUpdatableRecord(true),
            dsl -> account(dsl, null, "new").insert()),
    INSERT_ALTERED_BY_TRIGGER(
            settings -> settings.withReturnAllOnUpdatableRecord(true),
            dsl -> parcel(dsl, "alter me").insert()),
    STORE_LOADED(dsl -> {
        AccountRecord account = account(dsl, 1);
        account.setOwner("changed");
        account.store();
    }),
    STORE_SAME_VALUE(dsl -> {
        AccountRecord account = account(dsl, 1);
        account.setOwner(account.getOwner());
        account.store();
    }),
    UPDATE(dsl -> {
        AccountRecord account = account(dsl, 1);
        account.setBalance(new BigDecimal("7.50"));
        account.update();
    }),
    UPDATE_VERSIONED(dsl -> {
        BookRecord book = book(dsl);
        book.setTitle("changed");
        book.store();
    }),
    UPDATE_RETURNING_ALL(settings -> settings.withReturnAllOnUpdatableRecord(true), dsl -> {
        AccountRecord account = account(dsl, 1);
        account.setOwner("changed");
        account.store();
    }),
    UPDATE_SOME_FIELDS(dsl -> {
        AccountRecord account = account(dsl, 1);
        account.setOwner("changed");
        account.setBalance(BigDecimal.TEN);
        account.update(ACCOUNT.OWNER);
    }),
    UPDATE_FETCHED_BY_ALIAS(dsl -> {
        var alias = ACCOUNT.as("a");
        AccountRecord account = dsl.selectFrom(alias).where(alias.ID.eq(1L)).fetchSingle();
        account.setOwner("changed");
        account.store();
    }),
    UPDATE_PARTLY_READ(dsl -> {
        AccountRecord account = dsl.select(ACCOUNT.ID, ACCOUNT.BALANCE)
                .from(ACCOUNT)
                .where(ACCOUNT.ID.eq(1L))
                .fetchSingleInto(ACCOUNT);
        account.setOwner("changed");
        account.store();
    }),
    UPDATE_NEVER_READ(dsl -> account(dsl, 1L, "changed").update()),
    UPDATE_COMPOSITE_KEY(dsl -> {
        PurchaseLineRecord line = dsl.fetchSingle(PURCHASE_LINE);
        line.setQuantity(9);
        line.store();
    }),
    UPDATE_UNCHANGED_TO_ITSELF(
            settings -> settings.withUpdateUnchangedRecords(UpdateUnchangedRecords.SET_PRIMARY_KEY_TO_ITSELF),
            dsl -> account(dsl, 1).update()),
    UPDATE_UNCHANGED_OTHERS_TO_THEMSELVES(
            settings -> settings.withUpdateUnchangedRecords(UpdateUnchangedRecords.SET_NON_PRIMARY_KEY_TO_THEMSELVES),
            dsl -> account(dsl, 1).update()),
    UPDATE_UNCHANGED_TO_RECORD_VALUES(
            settings ->
                    settings.withUpdateUnchangedRecords(UpdateUnchangedRecords.SET_NON_PRIMARY_KEY_TO_RECORD_VALUES),
            dsl -> account(dsl, 1).update()),
    UPDATE_PRIMARY_KEY(settings -> settings.withUpdatablePrimaryKeys(true), dsl -> {
        StockRecord stock = dsl.fetchSingle(STOCK, STOCK.ISBN.eq("1"));
        stock.setIsbn("renamed");
        stock.setQuantity(9);
        stock.store();
    }),
    STORE_WITH_CHANGED_KEY_INSERTS_ANOTHER_ROW(dsl -> {
        StockRecord stock = dsl.fetchSingle(STOCK, STOCK.ISBN.eq("1"));
        stock.setIsbn("another");
        stock.store();
    }),
    UPDATE_OF_ANOTHER_ROW(dsl -> {
        StockRecord stock = dsl.fetchSingle(STOCK, STOCK.ISBN.eq("1"));
        stock.setIsbn("2");
        stock.setQuantity(9);
        stock.update();
    }),
    UPDATE_LOCKED_OPTIMISTICALLY(settings -> settings.withExecuteWithOptimisticLocking(true), dsl -> {
        BookRecord book = book(dsl);
        book.setTitle("changed");
        book.store();
    }),
    UPDATE_LOCKED_OPTIMISTICALLY_WITHOUT_VERSION(settings -> settings.withExecuteWithOptimisticLocking(true), dsl -> {
        AccountRecord account = account(dsl, 1);
        account.setOwner("changed");
        account.store();
    }),
    DELETE(dsl -> account(dsl, 1).delete()),
    DELETE_NEVER_READ(dsl -> account(dsl, 1L, "whoever").delete()),
    DELETE_VERSIONED_LOCKED_OPTIMISTICALLY(
            settings -> settings.withExecuteWithOptimisticLocking(true),
            dsl -> dsl.fetchSingle(BOOK, BOOK.ISBN.eq("2")).delete()),
    INSERT_UPDATE_DELETE_ONE_RECORD(dsl -> {
        AccountRecord account = account(dsl, null, "new");
        account.store();
        account.setOwner("changed");
        account.store();
        account.delete();
        account.setId(77L);
        account.setBalance(BigDecimal.ONE);
        account.store();
    }),
    ONE_ROW_TWO_RECORDS(dsl -> {
        AccountRecord one = account(dsl, 1);
        AccountRecord other = account(dsl, 1);
        one.setOwner("one");
        one.store();
        other.setBalance(BigDecimal.ONE);
        other.update(ACCOUNT.BALANCE);
    }) {
        @Override
        boolean knowsItsRows() {
            return false; // the second record has not seen what the first one wrote
        }
    },
    MERGE_NEW(dsl -> account(dsl, 50L, "new").merge()),
    MERGE_NEW_SERVER_MADE_KEY(dsl -> account(dsl, null, "new").merge()),
    MERGE_EXISTING(dsl -> account(dsl, 1L, "changed").merge()),
    MERGE_EXISTING_RETURNING_NOTHING(
            settings -> settings.withReturnIdentityOnUpdatableRecord(false),
            dsl -> account(dsl, 1L, "changed").merge()),
    MERGE_NEW_RETURNING_NOTHING(
            settings -> settings.withReturnIdentityOnUpdatableRecord(false),
            dsl -> account(dsl, 50L, "new").merge()),
    MERGE_EXISTING_SEVERAL_KEYS_RETURNING_NOTHING(
            settings -> settings.withReturnIdentityOnUpdatableRecord(false), dsl -> {
                BookRecord book = dsl.newRecord(BOOK);
                book.setId(1L);
                book.setTitle("changed");
                book.merge();
            }),
    MERGE_NEW_SEVERAL_KEYS_RETURNING_NOTHING(settings -> settings.withReturnIdentityOnUpdatableRecord(false), dsl -> {
        BookRecord book = dsl.newRecord(BOOK);
        book.setId(50L);
        book.setTitle("new");
        book.merge();
    }) {
        @Override
        int toldApartSince() {
            return 17; // MERGE ... RETURNING merge_action()
        }
    },
    MERGE_MATCHED_BY_ANOTHER_KEY(settings -> settings.withReturnIdentityOnUpdatableRecord(false), dsl -> {
        BookRecord book = dsl.newRecord(BOOK);
        book.setId(50L);
        book.setIsbn("2");
        book.setTitle("changed");
        book.merge();
    }),
    MERGE_LOADED_INSERTS_ANOTHER_ROW(dsl -> {
        AccountRecord account = account(dsl, 1);
        account.setOwner("changed");
        account.merge(); // jOOQ leaves the unchanged key out of the statement
    }),
    MERGE_LOCKED_OPTIMISTICALLY_INSERTS(settings -> settings.withExecuteWithOptimisticLocking(true), dsl -> {
        BookRecord book = dsl.newRecord(BOOK);
        book.setTitle("new");
        book.merge();
    }),
    MERGE_LOCKED_OPTIMISTICALLY_UPDATES(settings -> settings.withExecuteWithOptimisticLocking(true), dsl -> {
        BookRecord book = book(dsl);
        book.setTitle("changed");
        book.merge();
    }),
    MERGE_EXISTING_PARTITIONED(dsl -> sale(dsl, 1).merge()),
    DAO_INSERT(dsl -> new AccountDao(dsl.configuration()).insert(new Account(50L, "new", BigDecimal.ONE))),
    DAO_INSERT_SEVERAL(dsl -> new AccountDao(dsl.configuration()).insert(several())),
    DAO_INSERT_SEVERAL_AS_BATCH(
            settings -> settings.withReturnRecordToPojo(false),
            dsl -> new AccountDao(dsl.configuration()).insert(several())),
    DAO_UPDATE(dsl -> new AccountDao(dsl.configuration()).update(new Account(1L, "changed", BigDecimal.ONE))),
    DAO_UPDATE_SEVERAL(dsl -> new StockDao(dsl.configuration())
            .update(List.of(new Stock("1", 5, "x"), new Stock("2", 6, "y"), new Stock("none", 6, "y")))),
    DAO_MERGE(dsl -> new AccountDao(dsl.configuration()).merge(new Account(1L, "changed", BigDecimal.ONE))),
    DAO_DELETE(dsl -> new AccountDao(dsl.configuration()).delete(new Account(1L, "whatever", BigDecimal.ONE))),
    DAO_DELETE_SEVERAL(dsl -> new StockDao(dsl.configuration())
            .delete(List.of(new Stock("1", null, null), new Stock("none", null, null), new Stock("2", null, null)))),
    BATCH_STORE(dsl -> {
        AccountRecord loaded = account(dsl, 1);
        loaded.setOwner("changed");
        dsl.batchStore(loaded, account(dsl, 51L, "new"), account(dsl, 52L, "new"), parcel(dsl, "swallow"))
                .execute();
    }),
    BATCH_STORE_STATIC(settings -> settings.withStatementType(StatementType.STATIC_STATEMENT), dsl -> {
        AccountRecord loaded = account(dsl, 1);
        loaded.setOwner("changed");
        dsl.batchStore(account(dsl, 51L, "new"), parcel(dsl, "swallow"), loaded, account(dsl, 52L, "new"))
                .execute();
    }),
    BATCH_INSERT_IN_CHUNKS(
            settings -> settings.withBatchSize(2),
            dsl -> dsl.batchInsert(
                            account(dsl, 51L, "a"),
                            account(dsl, 52L, "b"),
                            account(dsl, 53L, "c"),
                            account(dsl, 54L, "d"),
                            account(dsl, 55L, "e"))
                    .execute()),
    BATCH_INSERT_STATIC_IN_CHUNKS(
            settings -> settings.withBatchSize(2).withStatementType(StatementType.STATIC_STATEMENT),
            dsl -> dsl.batchInsert(account(dsl, 51L, "a"), account(dsl, 52L, "b"), account(dsl, 53L, "c"))
                    .execute()),
    BATCH_INSERT_SERVER_MADE_KEYS(dsl ->
            dsl.batchInsert(account(dsl, null, "a"), account(dsl, null, "b")).execute()),
    BATCH_INSERT_SOME_SWALLOWED(dsl -> dsl.batchInsert(parcel(dsl, "a"), parcel(dsl, "swallow"), parcel(dsl, "b"))
            .execute()),
    BATCH_UPDATE_SOME_VANISHED(dsl -> dsl.batchUpdate(
                    account(dsl, 99L, "nobody"), account(dsl, 1L, "changed"), account(dsl, 98L, "nobody"))
            .execute()),
    BATCH_UPDATE_LOCKED_OPTIMISTICALLY(settings -> settings.withExecuteWithOptimisticLocking(true), dsl -> {
        BookRecord fresh = book(dsl);
        BookRecord stale = book(dsl);
        fresh.setTitle("first");
        stale.setTitle("second");
        dsl.batchUpdate(fresh, stale).execute();
    }),
    BATCH_DELETE(dsl -> dsl.batchDelete(account(dsl, 1), account(dsl, 99L, "nobody"), account(dsl, 2))
            .execute()),
    BATCH_MERGE_EXISTING(dsl -> dsl.batchMerge(account(dsl, 1L, "changed")).execute()),

    // Nothing written
    // -----------------------------------------------------------------------------------------------------

    STORE_UNCHANGED(Outcome.NOTHING, dsl -> account(dsl, 1).store()),
    INSERT_UNCHANGED_NOT(
            Outcome.NOTHING,
            settings -> settings.withInsertUnchangedRecords(false),
            dsl -> dsl.newRecord(PAGE_VIEW).insert()),
    INSERT_SWALLOWED(Outcome.NOTHING, dsl -> parcel(dsl, "swallow").insert()),
    UPDATE_VANISHED(Outcome.NOTHING, dsl -> account(dsl, 99L, "nobody").update()),
    UPDATE_SWALLOWED(Outcome.NOTHING, dsl -> {
        ParcelRecord parcel = dsl.fetchSingle(PARCEL);
        parcel.setWeight(3);
        parcel.store();
    }),
    DELETE_VANISHED(Outcome.NOTHING, dsl -> account(dsl, 99L, "nobody").delete()),
    DELETE_SWALLOWED(Outcome.NOTHING, dsl -> dsl.fetchSingle(PARCEL).delete()),
    MERGE_SWALLOWED(Outcome.NOTHING, dsl -> parcel(dsl, "swallow").merge()),
    MERGE_SWALLOWED_RETURNING_NOTHING(
            Outcome.NOTHING, settings -> settings.withReturnIdentityOnUpdatableRecord(false), dsl -> {
                ParcelRecord parcel = parcel(dsl, "swallow");
                parcel.setId(50L);
                parcel.merge();
            }),
    MERGE_UNCHANGED(Outcome.NOTHING, dsl -> account(dsl, 1).merge()),
    BATCH_DELETE_VANISHED(
            Outcome.NOTHING, dsl -> dsl.batchDelete(account(dsl, 99L, "nobody")).execute()),
    BATCH_OF_NOTHING(
            Outcome.NOTHING,
            dsl -> dsl.batchStore(account(dsl, 1), account(dsl, 2)).execute()),
    REFRESH(Outcome.NOTHING, dsl -> account(dsl, 1).refresh()),

    // Failed
    // --------------------------------------------------------------------------------------------------------------

    INSERT_VIOLATING(Outcome.FAILED, dsl -> account(dsl, 1L, "twice").insert()),
    UPDATE_VIOLATING(Outcome.FAILED, dsl -> {
        AccountRecord account = account(dsl, 1);
        account.setBalance(new BigDecimal(-1));
        account.store();
    }),
    DELETE_VIOLATING(Outcome.FAILED, dsl -> dsl.fetchSingle(PURCHASE).delete()),
    MERGE_VIOLATING(Outcome.FAILED, dsl -> {
        AccountRecord account = account(dsl, 1L, "negative");
        account.setBalance(new BigDecimal(-1));
        account.merge();
    }),
    UPDATE_CHANGED_MEANWHILE(
            Outcome.FAILED, settings -> settings.withExecuteWithOptimisticLocking(true), ShopRows::updateStaleBook),
    UPDATE_CHANGED_MEANWHILE_WITHOUT_VERSION(
            Outcome.FAILED, settings -> settings.withExecuteWithOptimisticLocking(true), dsl -> {
                AccountRecord stale = account(dsl, 1L, "changed");
                stale.changed(ACCOUNT.ID, false);
                stale.update();
            }),
    DELETE_CHANGED_MEANWHILE(Outcome.FAILED, settings -> settings.withExecuteWithOptimisticLocking(true), dsl -> {
        BookRecord stale = dsl.fetchSingle(BOOK, BOOK.ISBN.eq("2"));
        stale.setVersion(99);
        stale.delete();
    }),
    DAO_INSERT_VIOLATING(
            Outcome.FAILED,
            dsl -> new AccountDao(dsl.configuration()).insert(new Account(1L, "twice", BigDecimal.ONE))),
    BATCH_INSERT_ONE_VIOLATING(
            Outcome.FAILED,
            dsl -> dsl.batchInsert(account(dsl, 51L, "good"), account(dsl, 1L, "twice"))
                    .execute()),
    BATCH_STORE_STATIC_ONE_VIOLATING(
            Outcome.FAILED,
            settings -> settings.withStatementType(StatementType.STATIC_STATEMENT),
            dsl -> dsl.batchInsert(account(dsl, 51L, "good"), account(dsl, 1L, "twice"))
                    .execute());

    enum Outcome {
        WRITTEN,
        NOTHING,
        FAILED
    }

    private final Outcome outcome;
    private final java.util.function.UnaryOperator<Settings> settings;
    private final Consumer<DSLContext> work;

    WriteCase(Consumer<DSLContext> work) {
        this(Outcome.WRITTEN, settings -> settings, work);
    }

    WriteCase(java.util.function.UnaryOperator<Settings> settings, Consumer<DSLContext> work) {
        this(Outcome.WRITTEN, settings, work);
    }

    WriteCase(Outcome outcome, Consumer<DSLContext> work) {
        this(outcome, settings -> settings, work);
    }

    WriteCase(Outcome outcome, java.util.function.UnaryOperator<Settings> settings, Consumer<DSLContext> work) {
        this.outcome = outcome;
        this.settings = settings;
        this.work = work;
    }

    Outcome outcome() {
        return outcome;
    }

    void write(DSLContext dsl) {
        work.accept(Shop.with(dsl, settings));
    }

    /** The PostgreSQL version from which on the server tells what it did. */
    int toldApartSince() {
        return 0;
    }

    /** Ends the test where the database cannot do it, or does not tell of it. */
    void assumeThatItExistsIn(TestDatabase database) {
        if (name().contains("MERGE")) {
            database.assumeThatItHas(Ability.CAPTURED_STATEMENTS);
            assumeTrue(database.postgresVersion() >= toldApartSince(), "this server does not tell what a MERGE did");
        } else if (name().contains("SWALLOWED") || this == BATCH_STORE || this == BATCH_STORE_STATIC) {
            database.assumeThatItHas(Ability.POSTGRESQL); // which has triggers for it
        } else if (this == INSERT_ENUM_ARRAY_JSON_BYTES || readsBooks()) {
            database.assumeThatItHas(Ability.ARRAYS);
        }
    }

    /** Whether it reads whole books, which have tags. */
    private boolean readsBooks() {
        return this == UPDATE_LOCKED_OPTIMISTICALLY
                || this == UPDATE_CHANGED_MEANWHILE
                || this == BATCH_UPDATE_LOCKED_OPTIMISTICALLY
                || name().contains("VERSIONED")
                || this == DELETE_CHANGED_MEANWHILE;
    }

    /** Whether the records know the rows that they write, and not just their keys. */
    boolean knowsItsRows() {
        return true;
    }
}
