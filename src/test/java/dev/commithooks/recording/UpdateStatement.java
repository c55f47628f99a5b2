package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.INVOICE;
import static dev.commithooks.bookshop.shop.Tables.PARCEL;
import static dev.commithooks.bookshop.shop.Tables.PURCHASE_LINE;
import static dev.commithooks.bookshop.shop.Tables.SALE;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.val;

import dev.commithooks.bookshop.shop.enums.BookFormat;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.CloseableQuery;
import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.UpdateSetMoreStep;
import org.jooq.conf.RenderKeywordCase;
import org.jooq.conf.RenderNameCase;
import org.jooq.conf.RenderQuotedNames;
import org.jooq.conf.Settings;
import org.jooq.conf.StatementType;
import org.jooq.conf.ThrowExceptions;
import org.jspecify.annotations.Nullable;

/** An UPDATE, without and with a RETURNING of the user's own. */
enum UpdateStatement implements StatementCase {

    // UPDATE ----------------------------------------------------------------------------------------------------------

    UPDATE(dsl -> dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "x").execute()),
    UPDATE_ONE(dsl ->
            dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "x").where(ACCOUNT.ID.eq(1L)).execute()),
    UPDATE_NONE(dsl -> dsl.update(ACCOUNT)
            .set(ACCOUNT.OWNER, "x")
            .where(ACCOUNT.ID.eq(99L))
            .execute()),
    UPDATE_TO_THE_SAME(dsl -> dsl.update(STOCK).set(STOCK.SHELF, STOCK.SHELF).execute()),
    UPDATE_BY_EXPRESSION(
            dsl -> dsl.update(STOCK).set(STOCK.QUANTITY, STOCK.QUANTITY.plus(5)).execute()),
    UPDATE_TO_NULL(dsl -> dsl.update(STOCK).setNull(STOCK.SHELF).execute()),
    UPDATE_ALIAS(dsl -> {
        var a = ACCOUNT.as("a");
        return dsl.update(a).set(a.OWNER, "x").where(a.ID.eq(2L)).execute();
    }),
    UPDATE_ALIASES_NAMED_OLD_AND_NEW(dsl -> {
        var old = ACCOUNT.as("old");
        var other = STOCK.as("new");
        return dsl.update(old)
                .set(old.OWNER, other.SHELF)
                .from(other)
                .where(other.ISBN.eq("1").and(old.ID.eq(1L)))
                .returning(old.OWNER)
                .fetch();
    }),
    UPDATE_FROM(dsl -> dsl.update(ACCOUNT)
            .set(ACCOUNT.OWNER, STOCK.SHELF)
            .from(STOCK)
            .where(STOCK.ISBN.eq(ACCOUNT.ID.cast(String.class)))
            .execute()),
    UPDATE_SELF_JOIN(dsl -> {
        var other = ACCOUNT.as("other");
        return dsl.update(ACCOUNT)
                .set(ACCOUNT.OWNER, other.OWNER.concat("!"))
                .from(other)
                .where(other.ID.eq(ACCOUNT.ID))
                .execute();
    }),
    UPDATE_WITH(dsl -> dsl.with("one")
            .as(select(inline("returning").as("returning")))
            .update(ACCOUNT)
            .set(ACCOUNT.OWNER, "x")
            .execute()),
    UPDATE_ROW_OF_SELECT(dsl -> dsl.update(STOCK)
            .set(row(STOCK.QUANTITY, STOCK.SHELF), select(val(8), val("moved")))
            .execute()),
    UPDATE_ORDER_AND_LIMIT(dsl -> dsl.update(ACCOUNT)
            .set(ACCOUNT.OWNER, "x")
            .orderBy(ACCOUNT.ID.desc())
            .limit(1)
            .execute()),
    UPDATE_OF_KEY(dsl -> dsl.update(STOCK)
            .set(STOCK.ISBN, STOCK.ISBN.concat("0"))
            .where(STOCK.ISBN.eq("1"))
            .execute()),
    UPDATE_COMPOSITE_KEY(
            dsl -> dsl.update(PURCHASE_LINE).set(PURCHASE_LINE.QUANTITY, 5).execute()),
    UPDATE_TYPES(dsl -> dsl.update(BOOK)
            .set(BOOK.FORMAT, BookFormat.audio)
            .set(BOOK.TAGS, new String[] {"a", "b"})
            .set(BOOK.METADATA, JSONB.valueOf("{\"a\": 1}"))
            .set(BOOK.COVER, new byte[] {1, 2})
            .where(BOOK.ISBN.eq("1"))
            .execute()),
    UPDATE_OTHER_SCHEMA(dsl -> {
        var stock = dev.commithooks.bookshop.warehouse.Tables.STOCK;
        dsl.insertInto(stock, stock.ISBN, stock.BIN).values("1", "A1").execute();
        return dsl.update(stock).set(stock.QUANTITY, 7).execute();
    }),
    UPDATE_GENERATED(dsl -> {
        dsl.insertInto(INVOICE)
                .set(INVOICE.PURCHASE_ID, 1L)
                .set(INVOICE.NET, BigDecimal.TEN)
                .execute();
        return dsl.update(INVOICE).set(INVOICE.NET, BigDecimal.ONE).execute();
    }),
    UPDATE_PARTITIONED(dsl -> dsl.update(SALE).set(SALE.AMOUNT, BigDecimal.ONE).execute()),
    UPDATE_ALTERED_BY_TRIGGER(
            dsl -> dsl.update(PARCEL).set(PARCEL.LABEL, "alter ed").execute()),
    UPDATE_SWALLOWED_BY_TRIGGER(dsl -> dsl.update(PARCEL)
            .set(PARCEL.WEIGHT, 3)
            .where(PARCEL.LABEL.eq("swallow"))
            .execute()),
    UPDATE_VIOLATION(dsl -> dsl.update(STOCK).set(STOCK.QUANTITY, -1).execute()),
    UPDATE_VIOLATION_NOT_THROWN(
            settings -> settings.withThrowExceptions(ThrowExceptions.THROW_NONE),
            dsl -> dsl.update(STOCK).set(STOCK.QUANTITY, -1).execute()),
    UPDATE_SYNTAX_ERROR(dsl -> dsl.update(STOCK)
            .set(STOCK.SHELF, "x")
            .where("no such column at all")
            .execute()),
    UPDATE_TIMEOUT(
            dsl -> dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "x").queryTimeout(9).execute()),
    UPDATE_STATIC(
            settings -> settings.withStatementType(StatementType.STATIC_STATEMENT),
            dsl -> dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "it's; -- 'x' ? $$").execute()),
    UPDATE_INLINED(
            dsl -> dsl.update(ACCOUNT).set(ACCOUNT.OWNER, inline("it's; --")).execute()),
    UPDATE_FORMATTED(
            settings -> settings.withRenderFormatted(true),
            dsl -> dsl.update(ACCOUNT)
                    .set(ACCOUNT.OWNER, "x")
                    .where(ACCOUNT.ID.gt(0L))
                    .execute()),
    UPDATE_UNQUOTED(
            settings -> settings.withRenderQuotedNames(RenderQuotedNames.NEVER),
            dsl -> dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "x").execute()),
    UPDATE_UPPER_CASE(
            settings -> settings.withRenderQuotedNames(RenderQuotedNames.NEVER)
                    .withRenderNameCase(RenderNameCase.UPPER)
                    .withRenderKeywordCase(RenderKeywordCase.UPPER),
            dsl -> dsl.update(ACCOUNT)
                    .set(ACCOUNT.OWNER, "x")
                    .returning(ACCOUNT.ID)
                    .fetch()),
    UPDATE_WITHOUT_SCHEMA(
            settings -> settings.withRenderSchema(false),
            dsl -> dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "x").execute()),
    UPDATE_ASYNC(dsl -> dsl.update(ACCOUNT)
            .set(ACCOUNT.OWNER, "x")
            .executeAsync(Runnable::run)
            .toCompletableFuture()
            .join()),
    UPDATE_KEPT(dsl -> {
        List<Integer> counts = new ArrayList<>();
        try (CloseableQuery update = dsl.query("update account set owner = owner || ? where id <= ?", "!", 1)
                .keepStatement(true)) {
            counts.add(update.execute());
            update.bind(2, 2);
            counts.add(update.execute());
        }
        return counts;
    }),

    // The user's own RETURNING ----------------------------------------------------------------------------------------

    RETURNING_FETCH(dsl -> update(dsl).returning().fetch()),
    RETURNING_FETCH_ONE(dsl -> dsl.update(ACCOUNT)
            .set(ACCOUNT.OWNER, "x")
            .where(ACCOUNT.ID.eq(1L))
            .returning(ACCOUNT.OWNER)
            .fetchOne()),
    RETURNING_FETCH_ONE_OF_MANY(dsl -> update(dsl).returning(ACCOUNT.OWNER).fetchOne()),
    RETURNING_FETCH_ANY(dsl -> update(dsl).returning(ACCOUNT.ID).fetchAny()),
    RETURNING_EXECUTE(dsl -> update(dsl).returning(ACCOUNT.ID).execute()),
    RETURNING_EXPRESSION(dsl -> update(dsl)
            .returningResult(ACCOUNT.ID.plus(1), ACCOUNT.OWNER.concat("'; returning"))
            .fetch()),
    RETURNING_LAZY_READ_IN_PART(dsl -> {
        try (Cursor<AccountRecord> cursor = update(dsl).returning().fetchLazy()) {
            return cursor.fetchNext();
        }
    }),
    RETURNING_STREAM(dsl -> {
        try (var stream = update(dsl).returning().fetchStream()) {
            return stream.limit(1).map(String::valueOf).collect(Collectors.toList());
        }
    }),
    RETURNING_FETCH_SIZE(dsl -> dsl.resultQuery("update account set owner = 'x' returning id")
            .fetchSize(1)
            .fetch()),
    RETURNING_FETCH_MANY(dsl -> dsl.fetchMany("update account set owner = 'x' returning id, owner")),
    RETURNING_RESULT_SET(dsl -> columns(update(dsl).returning(ACCOUNT.ID).fetchResultSet())),
    RETURNING_ASYNC(dsl -> update(dsl)
            .returning(ACCOUNT.ID)
            .fetchAsync(Runnable::run)
            .toCompletableFuture()
            .join()),
    RETURNING_NOTHING_FOUND(
            dsl -> dsl.deleteFrom(ACCOUNT).where(ACCOUNT.ID.eq(99L)).returning().fetch());

    private final StatementWork work;

    UpdateStatement(Function<DSLContext, @Nullable Object> work) {
        this.work = new StatementWork(work);
    }

    UpdateStatement(Function<Settings, Settings> settings, Function<DSLContext, @Nullable Object> work) {
        this.work = new StatementWork(settings, work);
    }

    @Override
    public StatementWork work() {
        return work;
    }

    private static String columns(ResultSet returned) {
        try (returned) {
            StringBuilder rows = new StringBuilder();
            while (returned.next()) {
                rows.append(returned.getMetaData().getColumnCount()).append(' ').append(returned.getLong("id"));
            }
            return rows.toString();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static UpdateSetMoreStep<AccountRecord> update(DSLContext dsl) {
        return dsl.update(ACCOUNT).set(ACCOUNT.OWNER, ACCOUNT.OWNER.concat("!"));
    }
}
