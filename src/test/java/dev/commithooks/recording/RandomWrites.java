package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.PAGE_VIEW;
import static dev.commithooks.bookshop.shop.Tables.PARCEL;
import static dev.commithooks.bookshop.shop.Tables.STOCK;

import dev.commithooks.bookshop.shop.tables.daos.StockDao;
import dev.commithooks.bookshop.shop.tables.pojos.Stock;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;
import org.jooq.DSLContext;
import org.jooq.UpdatableRecord;
import org.jooq.conf.StatementType;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/** Writes at random with records old and new, fresh and stale, alone and in batches, and by statements; in and out of savepoints. */
final class RandomWrites {

    private static final int KEYS = 12;
    private static final int RECORDS_KEPT = 20;

    private final Random random;
    /** Records from earlier on, also from what was rolled back since. */
    private final List<UpdatableRecord<?>> kept = new ArrayList<>();

    private int operations;

    private final boolean changesKeysByStatements;

    /**
     * Writes that are the same each time for the same seed.
     *
     * @param changesKeysByStatements whether statements may do so: not every server tells the key that a row had before
     */
    RandomWrites(long seed, boolean changesKeysByStatements) {
        this.random = new Random(seed);
        this.changesKeysByStatements = changesKeysByStatements;
    }

    int operations() {
        return operations;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Some operations, some of them in savepoints, some of which are rolled back. */
    void some(DSLContext dsl, int depth) {
        int count = 1 + random.nextInt(8);
        for (int i = 0; i < count; i++) {
            if (depth < 3 && chance(0.15)) {
                inSavepoint(dsl, depth);
            } else {
                one(dsl);
            }
        }
    }

    private void inSavepoint(DSLContext dsl, int depth) {
        try {
            dsl.transaction(inner -> {
                some(inner.dsl(), depth + 1);
                if (chance(0.4)) {
                    throw new ChangeOfMind();
                }
            });
        } catch (ChangeOfMind rolledBack) {
            // Nothing of it counts.
        }
    }

    static final class ChangeOfMind extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** One operation. Where it fails, it is as if it had not been. */
    private void one(DSLContext outer) {
        attempt(action -> outer.transaction(tx -> write(settings(tx.dsl()), action)));
    }

    /** One operation in no transaction: each of its statements is one. */
    void oneOutside(DSLContext dsl) {
        attempt(action -> write(settings(dsl), action));
    }

    private void attempt(IntConsumer operation) {
        operations++;
        int action = random.nextInt(32);
        try {
            operation.accept(action);
        } catch (DataAccessException | IllegalStateException | ChangeOfMind refused) {
            // A key that is taken, a version that is stale, a balance below zero, a veto.
        }
    }

    private DSLContext settings(DSLContext dsl) {
        return Shop.with(
                dsl,
                settings -> settings.withUpdatablePrimaryKeys(true)
                        .withReturnAllOnUpdatableRecord(chance(0.1))
                        .withReturnIdentityOnUpdatableRecord(true)
                        .withExecuteWithOptimisticLocking(chance(0.2))
                        .withStatementType(
                                chance(0.1) ? StatementType.STATIC_STATEMENT : StatementType.PREPARED_STATEMENT)
                        .withBatchSize(chance(0.3) ? 2 : null));
    }

    private void write(DSLContext dsl, int action) {
        switch (action) {
            case 0, 1 -> keep(newAccount(dsl)).store();
            case 2 -> keep(newStock(dsl)).store();
            case 3 -> keep(newBook(dsl)).store();
            case 4, 5, 6 -> keep(changed(loaded(dsl))).store();
            case 7, 8 -> changed(old(dsl)).store();
            case 9 -> changed(old(dsl)).update();
            case 10 -> someFieldsOf(changed(old(dsl)));
            case 11 -> old(dsl).delete();
            case 12 -> loaded(dsl).delete();
            case 13 -> keep(newStock(dsl)).merge();
            case 14 -> keep(newAccountWithKey(dsl)).merge();
            case 15 -> dsl.batchStore(several(dsl)).execute();
            case 16 -> dsl.batchDelete(old(dsl), loaded(dsl)).execute();
            case 17 ->
                dsl.batchInsert(newStock(dsl), parcel(dsl), newStock(dsl), parcel(dsl))
                        .execute();
            case 18 -> new StockDao(dsl.configuration()).update(new Stock(key(), quantity(), "dao"));
            case 19 -> pageView(dsl);
            default -> statement(dsl, action);
        }
    }

    private static DSLContext prepared(DSLContext dsl) {
        return Shop.with(dsl, settings -> settings.withStatementType(StatementType.PREPARED_STATEMENT));
    }

    private void statement(DSLContext dsl, int action) {
        switch (action) {
            case 20, 21 ->
                dsl.update(STOCK)
                        .set(STOCK.QUANTITY, STOCK.QUANTITY.plus(quantity()))
                        .where(STOCK.ISBN.in(key(), key(), key()))
                        .execute();
            case 22 -> changeKey(dsl);
            case 23 -> dsl.deleteFrom(ACCOUNT).where(ACCOUNT.ID.eq(id())).execute();
            case 24 ->
                dsl.insertInto(STOCK, STOCK.ISBN, STOCK.QUANTITY)
                        .values(key(), quantity())
                        .onDuplicateKeyUpdate()
                        .set(STOCK.QUANTITY, quantity())
                        .execute();
            case 25 ->
                dsl.update(ACCOUNT)
                        .set(ACCOUNT.BALANCE, ACCOUNT.BALANCE.minus(random.nextInt(9)))
                        .where(ACCOUNT.ID.between(id(), id()))
                        .returning(ACCOUNT.ID)
                        .fetchAny();
            case 26, 27 -> // with inlined values jOOQ makes a batch of several queries of it, which is reported, not
                // recorded
                prepared(dsl)
                        .batch(dsl.update(STOCK).set(STOCK.SHELF, (String) null).where(STOCK.ISBN.eq((String) null)))
                        .bind("batch " + random.nextInt(9), key())
                        .bind("batch " + random.nextInt(9), key())
                        .execute();
            case 28 ->
                dsl.insertInto(ACCOUNT, ACCOUNT.OWNER)
                        .values("one " + random.nextInt(9))
                        .values("two " + random.nextInt(9))
                        .execute();
            case 29 -> dsl.deleteFrom(STOCK).where(STOCK.ISBN.eq(key())).execute();
            case 30 ->
                dsl.insertInto(PARCEL).set(PARCEL.LABEL, "alter " + quantity()).execute();
            default ->
                dsl.update(BOOK)
                        .set(BOOK.TITLE, "by statement")
                        .where(BOOK.ID.mod(3L).eq((long) random.nextInt(3)))
                        .returning(BOOK.TITLE)
                        .fetch();
        }
    }

    private void changeKey(DSLContext dsl) {
        if (changesKeysByStatements) {
            dsl.update(STOCK)
                    .set(STOCK.ISBN, key())
                    .set(STOCK.QUANTITY, quantity())
                    .where(STOCK.ISBN.eq(key()))
                    .execute();
        }
    }

    private long id() {
        return 1L + random.nextInt(KEYS);
    }

    private void someFieldsOf(UpdatableRecord<?> record) {
        if (record instanceof StockRecord stock) {
            stock.setShelf("not written");
            stock.store(STOCK.QUANTITY);
        } else {
            record.store();
        }
    }

    private List<UpdatableRecord<?>> several(DSLContext dsl) {
        List<UpdatableRecord<?>> several = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            several.add(
                    switch (random.nextInt(4)) {
                        case 0 -> changed(loaded(dsl));
                        case 1 -> keep(newStock(dsl));
                        case 2 -> parcel(dsl);
                        default -> withKnownKey(changed(old(dsl)), dsl);
                    });
        }
        return several;
    }

    /** A batch does not return the keys that the server makes, and what has no known key is not folded. */
    private UpdatableRecord<?> withKnownKey(UpdatableRecord<?> record, DSLContext dsl) {
        return record instanceof StockRecord ? record : keep(newStock(dsl));
    }

    private <R extends UpdatableRecord<?>> R keep(R record) {
        kept.add(record);
        if (kept.size() > RECORDS_KEPT) {
            kept.remove(random.nextInt(kept.size()));
        }
        return record;
    }

    /** A record that may know nothing of what happened to its row. */
    private UpdatableRecord<?> old(DSLContext dsl) {
        if (kept.isEmpty()) {
            return loaded(dsl);
        }
        UpdatableRecord<?> record = kept.get(random.nextInt(kept.size()));
        record.attach(dsl.configuration());
        return record;
    }

    private UpdatableRecord<?> loaded(DSLContext dsl) {
        UpdatableRecord<?> record = switch (random.nextInt(3)) {
            case 0 ->
                dsl.selectFrom(ACCOUNT)
                        .orderBy(DSL.md5(ACCOUNT.ID.concat(salt())))
                        .limit(1)
                        .fetchOne();
            case 1 ->
                dsl.selectFrom(STOCK)
                        .orderBy(DSL.md5(STOCK.ISBN.concat(salt())))
                        .limit(1)
                        .fetchOne();
            default ->
                dsl.selectFrom(BOOK)
                        .orderBy(DSL.md5(BOOK.ID.concat(salt())))
                        .limit(1)
                        .fetchOne();
        };
        if (record == null) {
            return keep(newStock(dsl));
        }
        return record;
    }

    private UpdatableRecord<?> changed(UpdatableRecord<?> record) {
        if (record instanceof AccountRecord account) {
            if (chance(0.5)) {
                account.setOwner("owner " + random.nextInt(100));
            } else {
                account.setBalance(BigDecimal.valueOf(random.nextInt(100) - 10));
            }
        } else if (record instanceof StockRecord stock) {
            if (chance(0.3)) {
                stock.setIsbn(key());
            }
            stock.setQuantity(quantity());
        } else if (record instanceof BookRecord book) {
            book.setTitle("title " + random.nextInt(100));
        }
        return record;
    }

    private AccountRecord newAccount(DSLContext dsl) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setOwner("owner " + random.nextInt(100));
        account.setBalance(BigDecimal.valueOf(random.nextInt(100)));
        return account;
    }

    private AccountRecord newAccountWithKey(DSLContext dsl) {
        AccountRecord account = newAccount(dsl);
        account.setId(1L + random.nextInt(KEYS));
        return account;
    }

    private StockRecord newStock(DSLContext dsl) {
        StockRecord stock = dsl.newRecord(STOCK);
        stock.setIsbn(key());
        stock.setQuantity(quantity());
        if (chance(0.5)) {
            stock.setShelf("shelf " + random.nextInt(100));
        }
        return stock;
    }

    private BookRecord newBook(DSLContext dsl) {
        BookRecord book = dsl.newRecord(BOOK);
        book.setTitle("title " + random.nextInt(100));
        return book;
    }

    private UpdatableRecord<?> parcel(DSLContext dsl) {
        var parcel = dsl.newRecord(PARCEL);
        parcel.setLabel(chance(0.3) ? "swallow" : "label " + random.nextInt(100));
        return parcel;
    }

    private void pageView(DSLContext dsl) {
        var view = dsl.newRecord(PAGE_VIEW);
        view.setPath("/" + random.nextInt(100));
        view.insert();
    }

    private String key() {
        return "isbn " + random.nextInt(KEYS);
    }

    private int quantity() {
        return random.nextInt(50) - 2;
    }

    private String salt() {
        return "" + random.nextInt(1000);
    }
}
