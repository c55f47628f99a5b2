package dev.commithooks.recording;

import static dev.commithooks.recording.ShopRows.account;
import static dev.commithooks.recording.ShopRows.book;
import static dev.commithooks.recording.ShopRows.parcel;
import static dev.commithooks.recording.ShopRows.several;

import dev.commithooks.bookshop.shop.tables.daos.AccountDao;
import dev.commithooks.bookshop.shop.tables.daos.StockDao;
import dev.commithooks.bookshop.shop.tables.pojos.Account;
import dev.commithooks.bookshop.shop.tables.pojos.Stock;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jooq.DSLContext;
import org.jooq.conf.Settings;
import org.jooq.conf.StatementType;

/** A write by a DAO or by a batch of records. */
enum BatchWrite implements WriteCase {
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
    BATCH_MERGE_EXISTING(dsl -> dsl.batchMerge(account(dsl, 1L, "changed")).execute());

    private final Outcome outcome;
    private final UnaryOperator<Settings> settings;
    private final Consumer<DSLContext> work;

    BatchWrite(Consumer<DSLContext> work) {
        this(Outcome.WRITTEN, settings -> settings, work);
    }

    BatchWrite(UnaryOperator<Settings> settings, Consumer<DSLContext> work) {
        this(Outcome.WRITTEN, settings, work);
    }

    BatchWrite(Outcome outcome, UnaryOperator<Settings> settings, Consumer<DSLContext> work) {
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
