package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.PAGE_VIEW;
import static dev.commithooks.bookshop.shop.Tables.PARCEL;
import static dev.commithooks.bookshop.shop.Tables.PURCHASE;
import static dev.commithooks.recording.ShopRows.account;
import static dev.commithooks.recording.ShopRows.parcel;

import dev.commithooks.bookshop.shop.tables.daos.AccountDao;
import dev.commithooks.bookshop.shop.tables.pojos.Account;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.shop.tables.records.ParcelRecord;
import java.math.BigDecimal;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jooq.DSLContext;
import org.jooq.conf.Settings;
import org.jooq.conf.StatementType;

/** A write that writes nothing, or fails. */
enum UnwrittenCase implements WriteCase {

    // Nothing to write

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

    // Failures

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

    private final Outcome outcome;
    private final UnaryOperator<Settings> settings;
    private final Consumer<DSLContext> work;

    UnwrittenCase(Outcome outcome, Consumer<DSLContext> work) {
        this(outcome, settings -> settings, work);
    }

    UnwrittenCase(Outcome outcome, UnaryOperator<Settings> settings, Consumer<DSLContext> work) {
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
