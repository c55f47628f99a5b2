package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.CUSTOMER;
import static dev.commithooks.bookshop.shop.Tables.PAGE_VIEW;
import static dev.commithooks.bookshop.shop.Tables.PURCHASE_LINE;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static dev.commithooks.recording.ShopRows.account;
import static dev.commithooks.recording.ShopRows.book;
import static dev.commithooks.recording.ShopRows.line;
import static dev.commithooks.recording.ShopRows.parcel;
import static dev.commithooks.recording.ShopRows.sale;

import dev.commithooks.bookshop.shop.enums.BookFormat;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.shop.tables.records.CustomerRecord;
import dev.commithooks.bookshop.shop.tables.records.PageViewRecord;
import dev.commithooks.bookshop.shop.tables.records.PurchaseLineRecord;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import java.math.BigDecimal;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.conf.Settings;
import org.jooq.conf.UpdateUnchangedRecords;

/** A write with one record. */
enum RecordWrite implements WriteCase {
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
        public boolean knowsItsRows() {
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
        public int toldApartSince() {
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
    MERGE_EXISTING_PARTITIONED(dsl -> sale(dsl, 1).merge());

    private final Outcome outcome;
    private final UnaryOperator<Settings> settings;
    private final Consumer<DSLContext> work;

    RecordWrite(Consumer<DSLContext> work) {
        this(Outcome.WRITTEN, settings -> settings, work);
    }

    RecordWrite(UnaryOperator<Settings> settings, Consumer<DSLContext> work) {
        this(Outcome.WRITTEN, settings, work);
    }

    RecordWrite(Outcome outcome, Consumer<DSLContext> work) {
        this(outcome, settings -> settings, work);
    }

    RecordWrite(Outcome outcome, UnaryOperator<Settings> settings, Consumer<DSLContext> work) {
        this.outcome = outcome;
        this.settings = settings;
        this.work = work;
    }

    @Override
    public Outcome outcome() {
        return outcome;
    }

    @Override
    public void write(DSLContext dsl) {
        work.accept(Shop.with(dsl, settings));
    }
}
