package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.INVOICE;
import static dev.commithooks.bookshop.shop.Tables.PAGE_VIEW;
import static dev.commithooks.bookshop.shop.Tables.PARCEL;
import static dev.commithooks.bookshop.shop.Tables.PURCHASE_LINE;
import static dev.commithooks.bookshop.shop.Tables.SALE;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;

import dev.commithooks.bookshop.shop.enums.BookFormat;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** An INSERT, a DELETE, or a MERGE, which may do both. */
enum InsertOrDeleteStatement implements StatementCase {

    // INSERT ----------------------------------------------------------------------------------------------------------

    INSERT(dsl -> dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "x").execute()),
    INSERT_SEVERAL(dsl -> dsl.insertInto(ACCOUNT, ACCOUNT.OWNER, ACCOUNT.BALANCE)
            .values("x", BigDecimal.ONE)
            .values("y", BigDecimal.TEN)
            .execute()),
    INSERT_SELECT(dsl -> dsl.insertInto(ACCOUNT, ACCOUNT.OWNER)
            .select(select(STOCK.SHELF).from(STOCK).orderBy(STOCK.ISBN))
            .execute()),
    INSERT_WITH(dsl -> dsl.with("one")
            .as(select(inline("x").as("owner")))
            .insertInto(ACCOUNT, ACCOUNT.OWNER)
            .select(select(field("owner", String.class)).from("one"))
            .execute()),
    INSERT_RETURNING(
            dsl -> dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "x").returning().fetch()),
    INSERT_TYPES(dsl -> dsl.insertInto(BOOK)
            .set(BOOK.TITLE, "typed")
            .set(BOOK.FORMAT, BookFormat.ebook)
            .set(BOOK.TAGS, new String[] {"a"})
            .execute()),
    INSERT_GENERATED(dsl -> dsl.insertInto(INVOICE)
            .set(INVOICE.PURCHASE_ID, 1L)
            .set(INVOICE.NET, BigDecimal.TEN)
            .execute()),
    INSERT_WITHOUT_KEY(dsl -> dsl.insertInto(PAGE_VIEW).set(PAGE_VIEW.PATH, "/").execute()),
    INSERT_PARTITIONED(dsl -> dsl.insertInto(SALE)
            .set(SALE.SOLD_ON, LocalDate.of(2025, 2, 3))
            .set(SALE.RECEIPT_NO, 9)
            .set(SALE.ISBN, "1")
            .set(SALE.AMOUNT, BigDecimal.ONE)
            .execute()),
    INSERT_ALTERED_BY_TRIGGER(
            dsl -> dsl.insertInto(PARCEL).set(PARCEL.LABEL, "alter ed").execute()),
    INSERT_SWALLOWED_BY_TRIGGER(
            dsl -> dsl.insertInto(PARCEL).set(PARCEL.LABEL, "swallow").execute()),
    INSERT_VIOLATION(dsl ->
            dsl.insertInto(ACCOUNT).set(ACCOUNT.ID, 1L).set(ACCOUNT.OWNER, "x").execute()),
    INSERT_ON_CONFLICT_UPDATES(dsl -> dsl.insertInto(STOCK, STOCK.ISBN, STOCK.QUANTITY)
            .values("1", 9)
            .values("7", 9)
            .onConflict(STOCK.ISBN)
            .doUpdate()
            .set(STOCK.QUANTITY, excluded(STOCK.QUANTITY))
            .execute()),
    INSERT_ON_CONFLICT_RETURNING(dsl -> dsl.insertInto(STOCK, STOCK.ISBN, STOCK.QUANTITY)
            .values("1", 9)
            .values("7", 9)
            .onDuplicateKeyUpdate()
            .set(STOCK.QUANTITY, STOCK.QUANTITY.plus(1))
            .returning(STOCK.ISBN, STOCK.QUANTITY)
            .fetch()),
    INSERT_ON_CONFLICT_NOTHING(dsl -> dsl.insertInto(STOCK, STOCK.ISBN, STOCK.QUANTITY)
            .values("1", 9)
            .values("7", 9)
            .onConflictDoNothing()
            .execute()),
    INSERT_ON_CONFLICT_WHERE_FALSE(dsl -> dsl.insertInto(STOCK, STOCK.ISBN, STOCK.QUANTITY)
            .values("1", 9)
            .onConflict(STOCK.ISBN)
            .doUpdate()
            .set(STOCK.QUANTITY, 9)
            .where(falseCondition())
            .execute()),
    INSERT_ON_CONFLICT_PARTITIONED(
            18,
            dsl -> dsl.insertInto(SALE)
                    .set(SALE.SOLD_ON, LocalDate.of(2024, 5, 1))
                    .set(SALE.RECEIPT_NO, 1)
                    .set(SALE.ISBN, "1")
                    .set(SALE.AMOUNT, BigDecimal.ONE)
                    .onDuplicateKeyUpdate()
                    .set(SALE.AMOUNT, BigDecimal.TEN)
                    .execute()),

    // DELETE ----------------------------------------------------------------------------------------------------------

    DELETE(dsl -> dsl.deleteFrom(ACCOUNT).execute()),
    DELETE_USING(dsl -> dsl.deleteFrom(ACCOUNT)
            .using(STOCK)
            .where(STOCK.ISBN.eq(ACCOUNT.ID.cast(String.class)).and(STOCK.QUANTITY.eq(3)))
            .execute()),
    DELETE_ALIAS(dsl -> {
        var a = ACCOUNT.as("a");
        return dsl.deleteFrom(a).where(a.ID.eq(2L)).returning(a.OWNER).fetch();
    }),
    DELETE_WITH(dsl -> dsl.with("one")
            .as(select(inline(1L).as("id")))
            .delete(ACCOUNT)
            .where(ACCOUNT.ID.in(select(field("id", Long.class)).from("one")))
            .execute()),
    DELETE_ORDER_AND_LIMIT(
            dsl -> dsl.deleteFrom(ACCOUNT).orderBy(ACCOUNT.ID.desc()).limit(1).execute()),
    DELETE_RETURNING(dsl -> dsl.deleteFrom(ACCOUNT).returning(ACCOUNT.OWNER).fetch()),
    DELETE_NONE(dsl -> dsl.deleteFrom(ACCOUNT).where(ACCOUNT.ID.eq(99L)).execute()),
    DELETE_VIOLATION(dsl -> dsl.deleteFrom(BOOK).execute()),
    DELETE_COMPOSITE_KEY(dsl -> dsl.deleteFrom(PURCHASE_LINE).execute()),

    // MERGE -----------------------------------------------------------------------------------------------------------

    MERGE(
            17,
            dsl -> dsl.mergeInto(STOCK)
                    .using(select(val("1").as("isbn")).union(select(val("7"))).asTable("source", "isbn"))
                    .on(STOCK.ISBN.eq(field("source.isbn", String.class)))
                    .whenMatchedThenUpdate()
                    .set(STOCK.QUANTITY, 8)
                    .whenNotMatchedThenInsert(STOCK.ISBN, STOCK.QUANTITY)
                    .values(field("source.isbn", String.class), val(7))
                    .execute()),
    MERGE_DELETES(
            17,
            dsl -> dsl.mergeInto(ACCOUNT)
                    .using(selectOne())
                    .on(ACCOUNT.ID.eq(1L))
                    .whenMatchedThenDelete()
                    .execute()),
    MERGE_OF_KEY(InsertOrDeleteStatement::mergeOfKey);

    private final StatementWork work;

    InsertOrDeleteStatement(Function<DSLContext, @Nullable Object> work) {
        this.work = new StatementWork(work);
    }

    InsertOrDeleteStatement(int since, Function<DSLContext, @Nullable Object> work) {
        this.work = new StatementWork(since, work);
    }

    @Override
    public StatementWork work() {
        return work;
    }

    @SuppressWarnings("removal") // jOOQ's emulation of H2's MERGE is written as ON CONFLICT
    private static int mergeOfKey(DSLContext dsl) {
        return dsl.mergeInto(STOCK, STOCK.ISBN, STOCK.QUANTITY)
                .key(STOCK.ISBN)
                .values("1", 8)
                .execute();
    }
}
