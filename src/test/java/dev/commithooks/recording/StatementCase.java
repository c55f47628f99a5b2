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
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;

import dev.commithooks.bookshop.shop.enums.BookFormat;
import dev.commithooks.bookshop.shop.tables.daos.AccountDao;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.CloseableQuery;
import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.Loader;
import org.jooq.LoaderOptionsStep;
import org.jooq.UpdateSetMoreStep;
import org.jooq.conf.RenderKeywordCase;
import org.jooq.conf.RenderNameCase;
import org.jooq.conf.RenderQuotedNames;
import org.jooq.conf.Settings;
import org.jooq.conf.StatementType;
import org.jooq.conf.ThrowExceptions;
import org.jspecify.annotations.Nullable;

/** One DML statement that passes no record, on the rows of {@link ShopRows#prepare}; it says what the caller gets of it. */
enum StatementCase {

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
            dsl -> dsl.deleteFrom(ACCOUNT).where(ACCOUNT.ID.eq(99L)).returning().fetch()),

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
    MERGE_OF_KEY(StatementCase::mergeOfKey),

    // Statements made for a record, the loader, batches ---------------------------------------------------------------

    EXECUTE_INSERT(dsl -> dsl.executeInsert(account(dsl, 9))),
    EXECUTE_UPDATE(dsl -> dsl.executeUpdate(account(dsl, 1))),
    EXECUTE_DELETE(dsl -> dsl.executeDelete(account(dsl, 1))),
    DAO_DELETE_BY_ID(dsl -> {
        new AccountDao(dsl.configuration()).deleteById(1L, 2L);
        return "";
    }),
    LOADER(dsl -> load(dsl.loadInto(ACCOUNT))),
    LOADER_IN_BULK(dsl -> load(dsl.loadInto(ACCOUNT).bulkAfter(2))),
    LOADER_IN_BATCHES(dsl -> load(dsl.loadInto(ACCOUNT).batchAfter(2))),
    LOADER_UPDATING(dsl -> load(dsl.loadInto(ACCOUNT).onDuplicateKeyUpdate())),
    BATCH_INSERT(dsl -> dsl.batch(dsl.insertInto(ACCOUNT, ACCOUNT.OWNER).values((String) null))
            .bind("x")
            .bind("y")
            .execute()),
    BATCH_UPDATE(dsl -> dsl.batch(
                    dsl.update(ACCOUNT).set(ACCOUNT.OWNER, (String) null).where(ACCOUNT.ID.eq((Long) null)))
            .bind("x", 1L)
            .bind("y", 99L)
            .bind("z", 2L)
            .execute()),
    BATCH_UPDATE_OF_ONE_ROW(dsl -> dsl.batch(
                    dsl.update(ACCOUNT).set(ACCOUNT.OWNER, (String) null).where(ACCOUNT.ID.eq((Long) null)))
            .bind("x", 1L)
            .bind("y", 1L)
            .execute()),
    BATCH_IN_CHUNKS(
            settings -> settings.withBatchSize(2),
            dsl -> dsl.batch(dsl.deleteFrom(ACCOUNT).where(ACCOUNT.ID.eq((Long) null)))
                    .bind(1L)
                    .bind(2L)
                    .bind(3L)
                    .execute()),
    BATCH_VIOLATION(dsl -> dsl.batch(
                    dsl.update(STOCK).set(STOCK.QUANTITY, (Integer) null).where(STOCK.ISBN.eq((String) null)))
            .bind(5, "1")
            .bind(-5, "2")
            .execute()),
    BATCH_PLAIN(dsl -> dsl.batch("update account set owner = ? where id = ?")
            .bind("x", 1L)
            .bind("y", 2L)
            .execute()),

    // Text ------------------------------------------------------------------------------------------------------------

    PLAIN_INSERT(dsl -> dsl.execute("insert into account (owner) values ('x'), ('; returning')")),
    PLAIN_UPDATE(dsl -> dsl.execute("/* a */ UPDATE ONLY \"public\".\"account\" AS a SET owner = ? -- it", "x")),
    PLAIN_UPDATE_WITH_SEMICOLON(dsl -> dsl.execute("update Public.Account set owner = 'x' where id = ? ; ", 1)),
    PLAIN_WITH(dsl -> dsl.execute("with x (a) as (select 'update b') update account set owner = a from x")),
    PLAIN_ON_CONFLICT(dsl -> dsl.execute("insert into stock (isbn, quantity) values ('1', 5), ('7', 5)"
            + " on conflict (isbn) do update set quantity = excluded.quantity")),
    PLAIN_DELETE(dsl -> dsl.execute("delete from account a using stock where a.id = 1 and isbn = '1'")),
    PLAIN_MERGE(
            17,
            dsl -> dsl.execute("merge into account as a using (select 1 as id) as one on a.id = one.id"
                    + " when matched then update set owner = 'x' when not matched then insert (owner) values ('x')")),
    PLAIN_MERGE_NOT_MATCHED_BY_SOURCE(
            17,
            dsl -> dsl.execute("merge into account as a using (select 1 as id) as one on a.id = one.id"
                    + " when matched then update set owner = 'x' when not matched by source then delete")),
    PLAIN_MERGE_RETURNING(
            17,
            dsl -> dsl.fetch("merge into account as a using (select 1 as id) as one on a.id = one.id"
                    + " when matched then update set owner = 'x' returning merge_action(), a.id")),
    PLAIN_RETURNING(dsl -> dsl.fetch("update account set owner = 'x' returning id, owner as name")),
    PLAIN_RETURNING_LAZY(dsl -> {
        try (Cursor<?> cursor = dsl.fetchLazy("delete from account returning *")) {
            return cursor.fetchNext();
        }
    }),
    PARSED_UPDATE(dsl -> dsl.execute(dsl.parser().parseQuery("update account set owner = 'x' where id = 1"))),
    PARSED_RETURNING(dsl -> dsl.fetch(dsl.parser().parseResultQuery("update account set owner = 'x' returning id")));

    private final int since;
    private final Function<Settings, Settings> settings;
    private final Function<DSLContext, @Nullable Object> work;

    StatementCase(Function<DSLContext, @Nullable Object> work) {
        this(0, work);
    }

    StatementCase(int since, Function<DSLContext, @Nullable Object> work) {
        this.since = since;
        this.settings = same -> same;
        this.work = work;
    }

    StatementCase(Function<Settings, Settings> settings, Function<DSLContext, @Nullable Object> work) {
        this.since = 0;
        this.settings = settings;
        this.work = work;
    }

    /** The first version of the server on which the rows can be captured. */
    int since() {
        return since;
    }

    /** Runs it; what the caller gets, or what is thrown at him, as text. */
    String run(DSLContext dsl) {
        DSLContext with = Shop.with(dsl, cloned -> settings.apply(cloned));
        try {
            return text(work.apply(with));
        } catch (RuntimeException e) {
            return e.getClass().getName() + ": " + e.getMessage();
        }
    }

    private static String text(@Nullable Object result) {
        return result instanceof int[] counts ? Arrays.toString(counts) : String.valueOf(result);
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

    @SuppressWarnings("removal") // jOOQ's emulation of H2's MERGE is written as ON CONFLICT
    private static int mergeOfKey(DSLContext dsl) {
        return dsl.mergeInto(STOCK, STOCK.ISBN, STOCK.QUANTITY)
                .key(STOCK.ISBN)
                .values("1", 8)
                .execute();
    }

    private static AccountRecord account(DSLContext dsl, long id) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setId(id);
        account.setOwner("x");
        return account;
    }

    private static String load(LoaderOptionsStep<AccountRecord> into) {
        try {
            Loader<AccountRecord> loader = into.loadCSV("id,owner\n11,x\n12,y\n13,z\n")
                    .fields(ACCOUNT.ID, ACCOUNT.OWNER)
                    .execute();
            return loader.processed() + " processed, " + loader.stored() + " stored, " + loader.errors();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
