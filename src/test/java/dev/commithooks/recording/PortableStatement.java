package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.PAGE_VIEW;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static dev.commithooks.fixture.Product.H2;
import static dev.commithooks.fixture.Product.MARIADB;
import static dev.commithooks.fixture.Product.SQLITE;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.val;

import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import dev.commithooks.bookshop.warehouse.Tables;
import dev.commithooks.fixture.Product;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.UpdateConditionStep;
import org.jooq.conf.Settings;
import org.jooq.conf.StatementType;

/** A statement that is tried on the databases other than PostgreSQL; it says what the caller gets of it. */
enum PortableStatement {

    // UPDATE ----------------------------------------------------------------------------------------------------------

    UPDATE(Set.of(SQLITE), dsl -> dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "x").execute()),
    UPDATE_ONE(Set.of(SQLITE), dsl -> first(dsl).execute()),
    UPDATE_NONE(
            Set.of(),
            dsl -> dsl.update(ACCOUNT)
                    .set(ACCOUNT.OWNER, "x")
                    .where(ACCOUNT.ID.eq(99L))
                    .execute()),
    UPDATE_TO_THE_SAME(
            Set.of(SQLITE),
            dsl -> dsl.update(STOCK).set(STOCK.SHELF, STOCK.SHELF).execute()),
    UPDATE_BY_EXPRESSION(
            Set.of(SQLITE),
            dsl -> dsl.update(STOCK).set(STOCK.QUANTITY, STOCK.QUANTITY.plus(5)).execute()),
    UPDATE_TO_NULL(Set.of(SQLITE), dsl -> dsl.update(STOCK).setNull(STOCK.SHELF).execute()),
    UPDATE_ALIAS(Set.of(SQLITE), dsl -> {
        var a = ACCOUNT.as("a");
        return dsl.update(a).set(a.OWNER, "x").where(a.ID.eq(2L)).execute();
    }),
    UPDATE_OF_KEY(
            Set.of(SQLITE),
            dsl -> dsl.update(STOCK)
                    .set(STOCK.ISBN, "9")
                    .where(STOCK.ISBN.eq("1"))
                    .execute()),
    UPDATE_ORDER_AND_LIMIT(
            Set.of(SQLITE),
            dsl -> dsl.update(ACCOUNT)
                    .set(ACCOUNT.OWNER, "x")
                    .orderBy(ACCOUNT.ID.desc())
                    .limit(1)
                    .execute()),
    UPDATE_FROM(
            Set.of(SQLITE),
            dsl -> dsl.update(ACCOUNT)
                    .set(ACCOUNT.OWNER, STOCK.SHELF)
                    .from(STOCK)
                    .where(STOCK.ISBN.eq(ACCOUNT.ID.cast(String.class)))
                    .execute()),
    UPDATE_WITH(
            Set.of(SQLITE),
            dsl -> dsl.with("one")
                    .as(select(inline("returning").as("returning")))
                    .update(ACCOUNT)
                    .set(ACCOUNT.OWNER, "x")
                    .execute()),
    UPDATE_OTHER_SCHEMA(
            Set.of(SQLITE),
            dsl -> dsl.update(Tables.STOCK).set(Tables.STOCK.QUANTITY, 7).execute()),
    UPDATE_VIOLATION(
            Set.of(),
            dsl -> dsl.update(STOCK)
                    .set(STOCK.QUANTITY, STOCK.QUANTITY.minus(2))
                    .execute()),
    UPDATE_STATIC(
            Set.of(SQLITE),
            settings -> settings.withStatementType(StatementType.STATIC_STATEMENT),
            dsl -> dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "it's; -- 'x' ?").execute()),
    UPDATE_TEXT(Set.of(SQLITE), dsl -> dsl.execute("update account set owner = 'a; -- b' where id < 3 -- end")),
    UPDATE_TEXT_SEMICOLON(Set.of(SQLITE), dsl -> dsl.execute("update account set owner = ?;", "c")),
    UPDATE_RETURNING(Set.of(H2), dsl -> first(dsl).returning().fetch()),
    UPDATE_RETURNING_EXPRESSION(
            Set.of(H2),
            dsl -> dsl.update(ACCOUNT)
                    .set(ACCOUNT.OWNER, "x")
                    .returningResult(ACCOUNT.ID.plus(1), ACCOUNT.OWNER.concat(" from "))
                    .fetch()),
    UPDATE_RETURNING_EXECUTE(Set.of(H2), dsl -> first(dsl).returning(ACCOUNT.ID).execute()),
    UPDATE_RECORD(Set.of(SQLITE), dsl -> {
        AccountRecord account = new AccountRecord();
        account.setId(1L);
        account.setOwner("x");
        return dsl.executeUpdate(account);
    }),

    // INSERT ----------------------------------------------------------------------------------------------------------

    INSERT(
            Set.of(SQLITE, MARIADB),
            dsl -> dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "x").execute()),
    INSERT_SEVERAL(
            Set.of(SQLITE, MARIADB),
            dsl -> dsl.insertInto(ACCOUNT, ACCOUNT.OWNER, ACCOUNT.BALANCE)
                    .values("x", BigDecimal.ONE)
                    .values("y", BigDecimal.TEN)
                    .execute()),
    INSERT_SELECT(
            Set.of(SQLITE, MARIADB),
            dsl -> dsl.insertInto(ACCOUNT, ACCOUNT.OWNER)
                    .select(select(STOCK.SHELF).from(STOCK).orderBy(STOCK.ISBN))
                    .execute()),
    INSERT_SELECT_OF_ITSELF(
            Set.of(SQLITE, MARIADB),
            dsl -> dsl.insertInto(ACCOUNT, ACCOUNT.OWNER)
                    .select(select(ACCOUNT.OWNER).from(ACCOUNT))
                    .execute()),
    INSERT_RETURNING(
            Set.of(SQLITE, H2, MARIADB),
            dsl -> dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "x").returning().fetch()),
    INSERT_RETURNING_ONE(
            Set.of(SQLITE, H2, MARIADB),
            dsl -> dsl.insertInto(ACCOUNT)
                    .set(ACCOUNT.OWNER, "x")
                    .returningResult(ACCOUNT.ID, ACCOUNT.OWNER.concat("!"))
                    .fetchOne()),
    INSERT_RETURNING_SEVERAL(
            Set.of(SQLITE, H2, MARIADB),
            dsl -> dsl.insertInto(ACCOUNT, ACCOUNT.OWNER)
                    .values("x")
                    .values("y")
                    .returning(ACCOUNT.ID)
                    .fetch()),
    INSERT_WITHOUT_KEY(
            Set.of(SQLITE, MARIADB),
            dsl -> dsl.insertInto(PAGE_VIEW).set(PAGE_VIEW.PATH, "/").execute()),
    INSERT_OTHER_SCHEMA(
            Set.of(SQLITE, MARIADB),
            dsl -> dsl.insertInto(Tables.STOCK, Tables.STOCK.ISBN, Tables.STOCK.BIN)
                    .values("1", "B2")
                    .execute()),
    INSERT_DUPLICATE(
            Set.of(),
            dsl -> dsl.insertInto(ACCOUNT)
                    .set(ACCOUNT.ID, 1L)
                    .set(ACCOUNT.OWNER, "x")
                    .execute()),
    INSERT_DUPLICATE_RETURNING(
            Set.of(),
            dsl -> dsl.insertInto(ACCOUNT)
                    .set(ACCOUNT.ID, 1L)
                    .set(ACCOUNT.OWNER, "x")
                    .returning()
                    .fetch()),
    INSERT_SELECT_FAILS_HALF_WAY(
            Set.of(),
            dsl -> dsl.insertInto(STOCK, STOCK.ISBN, STOCK.QUANTITY)
                    .select(select(STOCK.ISBN.concat("0"), STOCK.QUANTITY.minus(2))
                            .from(STOCK)
                            .orderBy(STOCK.ISBN.desc()))
                    .execute()),
    INSERT_ON_CONFLICT_NOTHING(
            Set.of(SQLITE, MARIADB),
            dsl -> dsl.insertInto(STOCK, STOCK.ISBN, STOCK.QUANTITY)
                    .values("1", 9)
                    .values("7", 9)
                    .onDuplicateKeyIgnore()
                    .execute()),
    INSERT_UPSERT(
            Set.of(),
            dsl -> dsl.insertInto(STOCK, STOCK.ISBN, STOCK.QUANTITY)
                    .values("1", 9)
                    .onDuplicateKeyUpdate()
                    .set(STOCK.QUANTITY, excluded(STOCK.QUANTITY))
                    .execute()),
    INSERT_UPSERT_INSERTS(
            Set.of(),
            dsl -> dsl.insertInto(STOCK, STOCK.ISBN, STOCK.QUANTITY)
                    .values("7", 9)
                    .onDuplicateKeyUpdate()
                    .set(STOCK.QUANTITY, 8)
                    .execute()),
    INSERT_TEXT(Set.of(SQLITE, MARIADB), dsl -> dsl.execute("insert into account (owner) values ('a), (b')")),
    INSERT_TEXT_OR_REPLACE(Set.of(), dsl -> dsl.execute("insert or replace into stock (isbn) values ('1')")),
    INSERT_TEXT_IGNORE(Set.of(MARIADB), dsl -> dsl.execute("insert ignore into stock (isbn) values ('1'), ('8')")),
    REPLACE_TEXT(Set.of(), dsl -> dsl.execute("replace into stock (isbn) values ('1')")),
    INSERT_TEXT_ESCAPED(
            Set.of(MARIADB), dsl -> dsl.execute("insert into account (owner) values ('it\\'s; returning')")),
    INSERT_TEXT_BACKTICKS(Set.of(SQLITE, MARIADB), dsl -> dsl.execute("insert into `account` (`owner`) values ('x')")),
    INSERT_RECORD(Set.of(SQLITE, MARIADB), dsl -> {
        AccountRecord account = new AccountRecord();
        account.setOwner("x");
        return dsl.executeInsert(account);
    }),
    MERGE_USING(
            Set.of(),
            dsl -> dsl.mergeInto(STOCK)
                    .using(select(val("1").as("isbn")).asTable("s"))
                    .on("stock.isbn = s.isbn")
                    .whenMatchedThenUpdate()
                    .set(STOCK.QUANTITY, 6)
                    .execute()),
    RECORD_WITH_IDENTITY_MERGED(Set.of(H2, MARIADB), dsl -> account(dsl, 1L).merge()),
    RECORD_WITH_IDENTITY_MERGED_INSERTS(
            Set.of(H2, MARIADB), dsl -> account(dsl, 900L).merge()),
    RECORD_MERGED(Set.of(H2, MARIADB), dsl -> stock(dsl, "1").merge()),
    RECORD_MERGED_INSERTS(Set.of(H2, MARIADB), dsl -> stock(dsl, "7").merge()),

    // DELETE ----------------------------------------------------------------------------------------------------------

    DELETE(Set.of(SQLITE, MARIADB), dsl -> dsl.deleteFrom(ACCOUNT).execute()),
    DELETE_ONE(
            Set.of(SQLITE, MARIADB),
            dsl -> dsl.deleteFrom(ACCOUNT).where(ACCOUNT.ID.eq(1L)).execute()),
    DELETE_NONE(
            Set.of(), dsl -> dsl.deleteFrom(ACCOUNT).where(ACCOUNT.ID.eq(99L)).execute()),
    DELETE_ALIAS(Set.of(SQLITE), dsl -> {
        var a = ACCOUNT.as("a");
        return dsl.deleteFrom(a).where(a.ID.eq(2L)).execute();
    }),
    DELETE_WHERE_IN(
            Set.of(SQLITE, MARIADB),
            dsl -> dsl.deleteFrom(ACCOUNT)
                    .where(ACCOUNT.OWNER.in(select(STOCK.SHELF).from(STOCK)))
                    .execute()),
    DELETE_LIMIT(
            Set.of(SQLITE, MARIADB),
            dsl -> dsl.deleteFrom(ACCOUNT).orderBy(ACCOUNT.ID.desc()).limit(1).execute()),
    /** jOOQ 3.19 has no way to say it in SQLite. */
    DELETE_USING(
            Set.of(SQLITE),
            dsl -> dsl.deleteFrom(ACCOUNT)
                    .using(STOCK)
                    .where(STOCK.ISBN.eq(ACCOUNT.ID.cast(String.class)))
                    .execute()),
    DELETE_RETURNING(
            Set.of(H2, MARIADB),
            dsl -> dsl.deleteFrom(ACCOUNT).returning(ACCOUNT.OWNER).fetch()),
    DELETE_TEXT(Set.of(SQLITE, MARIADB), dsl -> dsl.execute("delete from account where id = ?", 2)),
    DELETE_TEXT_OF_TWO(Set.of(), dsl -> dsl.execute("delete a from account a join stock s on s.isbn = a.id")),
    DELETE_RECORD(Set.of(SQLITE, MARIADB), dsl -> dsl.executeDelete(stock(dsl, "2"))),

    // Batches ---------------------------------------------------------------------------------------------------------

    BATCH_OF_VALUES(
            Set.of(),
            dsl -> Arrays.toString(
                    dsl.batch(dsl.insertInto(STOCK, STOCK.ISBN, STOCK.QUANTITY).values((String) null, null))
                            .bind("7", 1)
                            .bind("8", 2)
                            .execute())),
    BATCH_OF_QUERIES(
            Set.of(),
            dsl -> Arrays.toString(dsl.batch(dsl.update(STOCK).set(STOCK.QUANTITY, 7), dsl.deleteFrom(ACCOUNT))
                    .execute()));

    private final Set<Product> told;
    private final Function<Settings, Settings> settings;
    private final Function<DSLContext, Object> work;

    PortableStatement(Set<Product> told, Function<DSLContext, Object> work) {
        this(told, settings -> settings, work);
    }

    PortableStatement(Set<Product> told, Function<Settings, Settings> settings, Function<DSLContext, Object> work) {
        this.told = told;
        this.settings = settings;
        this.work = work;
    }

    /** Whether hooks are told of its rows on a database; where they are not, that is reported. */
    boolean isToldOn(Product product) {
        return told.contains(product);
    }

    /** Executes it on the rows of {@link #prepare}; the answer is what the caller gets, a value or an exception. */
    String run(DSLContext dsl) {
        try {
            return String.valueOf(work.apply(Shop.with(dsl, settings::apply)));
        } catch (RuntimeException e) {
            return e.getClass().getSimpleName() + ": "
                    + String.valueOf(e.getMessage()).replaceAll("conn=\\d+", "conn");
        }
    }

    static void prepare(DSLContext dsl) {
        dsl.insertInto(ACCOUNT, ACCOUNT.OWNER, ACCOUNT.BALANCE)
                .values("ann", BigDecimal.ONE)
                .values("A", BigDecimal.TEN)
                .values("cid", BigDecimal.ZERO)
                .execute();
        dsl.insertInto(STOCK, STOCK.ISBN, STOCK.QUANTITY, STOCK.SHELF)
                .values("1", 1, "A")
                .values("2", 2, "B")
                .values("3", 3, "C")
                .execute();
        dsl.insertInto(Tables.STOCK, Tables.STOCK.ISBN, Tables.STOCK.BIN)
                .values("1", "A1")
                .execute();
    }

    private static UpdateConditionStep<AccountRecord> first(DSLContext dsl) {
        return dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "x").where(ACCOUNT.ID.eq(1L));
    }

    private static AccountRecord account(DSLContext dsl, long id) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setId(id);
        account.setOwner("merged");
        return account;
    }

    private static StockRecord stock(DSLContext dsl, String isbn) {
        StockRecord stock = dsl.newRecord(STOCK);
        stock.setIsbn(isbn);
        stock.setQuantity(5);
        return stock;
    }
}
