package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.PARCEL;
import static dev.commithooks.bookshop.shop.Tables.STOCK;

import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.UpdatableRecord;
import org.jspecify.annotations.Nullable;

/** Records at random: new ones, loaded ones, and old ones that may know nothing of what has happened to their rows. */
final class RandomRows {

    private static final int KEYS = 12;
    private static final int RECORDS_KEPT = 20;

    private final Random random;
    private final boolean hasBooks;
    /** Records from earlier on, also from what was rolled back since. */
    private final List<UpdatableRecord<?>> kept = new ArrayList<>();

    /**
     * Rows that are the same each time for the same random numbers.
     *
     * @param hasBooks whether all columns of {@code book} can be read, of which one is an array; else {@code author} takes its place
     */
    RandomRows(Random random, boolean hasBooks) {
        this.random = random;
        this.hasBooks = hasBooks;
    }

    boolean hasBooks() {
        return hasBooks;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** From 0 on, below a bound. */
    int number(int bound) {
        return random.nextInt(bound);
    }

    long id() {
        return 1L + random.nextInt(KEYS);
    }

    String key() {
        return "isbn " + random.nextInt(KEYS);
    }

    int quantity() {
        return random.nextInt(50) - 2;
    }

    <R extends UpdatableRecord<?>> R keep(R record) {
        kept.add(record);
        if (kept.size() > RECORDS_KEPT) {
            kept.remove(random.nextInt(kept.size()));
        }
        return record;
    }

    /** A record that may know nothing of what happened to its row. */
    UpdatableRecord<?> old(DSLContext dsl) {
        if (kept.isEmpty()) {
            return loaded(dsl);
        }
        UpdatableRecord<?> record = kept.get(random.nextInt(kept.size()));
        record.attach(dsl.configuration());
        return record;
    }

    UpdatableRecord<?> loaded(DSLContext dsl) {
        UpdatableRecord<?> record = switch (random.nextInt(3)) {
            case 0 -> any(dsl, ACCOUNT, ACCOUNT.ID);
            case 1 -> any(dsl, STOCK, STOCK.ISBN);
            default -> hasBooks ? any(dsl, BOOK, BOOK.ID) : any(dsl, AUTHOR, AUTHOR.ID);
        };
        return record == null ? keep(newStock(dsl)) : record;
    }

    private <R extends Record> @Nullable R any(DSLContext dsl, Table<R> table, Field<?> key) {
        int rows = dsl.fetchCount(table);
        return rows == 0
                ? null
                : dsl.selectFrom(table)
                        .orderBy(key)
                        .limit(1)
                        .offset(random.nextInt(rows))
                        .fetchOne();
    }

    UpdatableRecord<?> changed(UpdatableRecord<?> record) {
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
        } else if (record instanceof AuthorRecord author) {
            author.setName("name " + random.nextInt(100));
        }
        return record;
    }

    /** Some for a batch. */
    List<UpdatableRecord<?>> several(DSLContext dsl) {
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

    AccountRecord newAccount(DSLContext dsl) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setOwner("owner " + random.nextInt(100));
        account.setBalance(BigDecimal.valueOf(random.nextInt(100)));
        return account;
    }

    AccountRecord newAccountWithKey(DSLContext dsl) {
        AccountRecord account = newAccount(dsl);
        account.setId(id());
        return account;
    }

    StockRecord newStock(DSLContext dsl) {
        StockRecord stock = dsl.newRecord(STOCK);
        stock.setIsbn(key());
        stock.setQuantity(quantity());
        if (chance(0.5)) {
            stock.setShelf("shelf " + random.nextInt(100));
        }
        return stock;
    }

    UpdatableRecord<?> newBookOrAuthor(DSLContext dsl) {
        return changed(hasBooks ? dsl.newRecord(BOOK) : dsl.newRecord(AUTHOR));
    }

    UpdatableRecord<?> parcel(DSLContext dsl) {
        var parcel = dsl.newRecord(PARCEL);
        parcel.setLabel(chance(0.3) ? "swallow" : "label " + random.nextInt(100));
        return parcel;
    }
}
