package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.PARCEL;
import static dev.commithooks.bookshop.shop.Tables.STOCK;

import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Product;
import java.util.EnumSet;
import java.util.Set;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.StatementType;

/** Statements at random that pass no record. */
final class RandomStatements {

    /** A statement that passes no record, or a record's that is told by the statement alone. */
    enum Kind {
        UPDATE,
        UPDATE_THAT_RETURNS,
        KEY_CHANGE,
        INSERT,
        DELETE,
        UPSERT,
        BATCH,
        MERGE_OF_A_RECORD
    }

    private final RandomRows rows;
    private final boolean changesKeys;

    /**
     * Statements on these rows.
     *
     * @param changesKeys whether statements may do so: not every server tells the key that a row had before
     */
    RandomStatements(RandomRows rows, boolean changesKeys) {
        this.rows = rows;
        this.changesKeys = changesKeys;
    }

    /** The kinds that a database, reached by its own driver, does not tell the rows of. */
    static Set<Kind> untoldOn(Product product) {
        Set<Kind> untold = EnumSet.noneOf(Kind.class);
        if (product.can(Ability.CAPTURED_STATEMENTS)) {
            return untold;
        }
        untold.addAll(Set.of(Kind.UPSERT, Kind.BATCH));
        if (!product.can(Ability.TOLD_UPSERTS)) {
            untold.add(Kind.MERGE_OF_A_RECORD);
        }
        if (!product.can(Ability.CAPTURED_INSERTS)) {
            untold.add(Kind.INSERT);
        }
        if (!product.can(Ability.CAPTURED_UPDATES)) {
            untold.add(Kind.UPDATE);
        }
        if (!product.can(Ability.CAPTURED_DELETES)) {
            untold.add(Kind.DELETE);
        }
        // H2's is a query, of which all rows can be read
        if (product.dialect() != SQLDialect.H2) {
            untold.add(Kind.UPDATE_THAT_RETURNS);
        }
        return untold;
    }

    static Kind kind(int action) {
        return switch (action) {
            case 13, 14 -> Kind.MERGE_OF_A_RECORD;
            case 20, 21 -> Kind.UPDATE;
            case 22 -> Kind.KEY_CHANGE;
            case 23, 29 -> Kind.DELETE;
            case 24 -> Kind.UPSERT;
            case 25, 31 -> Kind.UPDATE_THAT_RETURNS;
            case 26, 27 -> Kind.BATCH;
            case 28, 30 -> Kind.INSERT;
            default -> throw new IllegalArgumentException("a record's own: " + action);
        };
    }

    void execute(DSLContext dsl, int action) {
        switch (action) {
            case 20, 21 ->
                dsl.update(STOCK)
                        .set(STOCK.QUANTITY, STOCK.QUANTITY.plus(rows.quantity()))
                        .where(STOCK.ISBN.in(rows.key(), rows.key(), rows.key()))
                        .execute();
            case 22 -> changeKey(dsl);
            case 23 -> dsl.deleteFrom(ACCOUNT).where(ACCOUNT.ID.eq(rows.id())).execute();
            case 24 ->
                dsl.insertInto(STOCK, STOCK.ISBN, STOCK.QUANTITY)
                        .values(rows.key(), rows.quantity())
                        .onDuplicateKeyUpdate()
                        .set(STOCK.QUANTITY, rows.quantity())
                        .execute();
            case 25 ->
                dsl.update(ACCOUNT)
                        .set(ACCOUNT.BALANCE, ACCOUNT.BALANCE.minus(rows.number(9)))
                        .where(ACCOUNT.ID.between(rows.id(), rows.id()))
                        .returning(ACCOUNT.ID)
                        .fetchAny();
            case 26, 27 -> batch(dsl);
            case 28 ->
                dsl.insertInto(ACCOUNT, ACCOUNT.OWNER)
                        .values("one " + rows.number(9))
                        .values("two " + rows.number(9))
                        .execute();
            case 29 -> dsl.deleteFrom(STOCK).where(STOCK.ISBN.eq(rows.key())).execute();
            case 30 ->
                dsl.insertInto(PARCEL)
                        .set(PARCEL.LABEL, "alter " + rows.quantity())
                        .execute();
            default -> updateBooksOrAuthors(dsl);
        }
    }

    /** With inlined values jOOQ makes a batch of several queries of it, which is reported, not recorded. */
    private void batch(DSLContext dsl) {
        Shop.with(dsl, settings -> settings.withStatementType(StatementType.PREPARED_STATEMENT))
                .batch(dsl.update(STOCK).set(STOCK.SHELF, (String) null).where(STOCK.ISBN.eq((String) null)))
                .bind("batch " + rows.number(9), rows.key())
                .bind("batch " + rows.number(9), rows.key())
                .execute();
    }

    private void updateBooksOrAuthors(DSLContext dsl) {
        long third = rows.number(3);
        if (rows.hasBooks()) {
            dsl.update(BOOK)
                    .set(BOOK.TITLE, "by statement")
                    .where(BOOK.ID.mod(3L).eq(third))
                    .returning(BOOK.TITLE)
                    .fetch();
        } else {
            dsl.update(AUTHOR)
                    .set(AUTHOR.NAME, "by statement")
                    .where(AUTHOR.ID.mod(3L).eq(third))
                    .returning(AUTHOR.NAME)
                    .fetch();
        }
    }

    private void changeKey(DSLContext dsl) {
        if (changesKeys) {
            dsl.update(STOCK)
                    .set(STOCK.ISBN, rows.key())
                    .set(STOCK.QUANTITY, rows.quantity())
                    .where(STOCK.ISBN.eq(rows.key()))
                    .execute();
        }
    }
}
