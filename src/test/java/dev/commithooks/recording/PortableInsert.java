package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.PAGE_VIEW;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static dev.commithooks.fixture.Product.H2;
import static dev.commithooks.fixture.Product.MARIADB;
import static dev.commithooks.fixture.Product.SQLITE;
import static org.jooq.impl.DSL.excluded;
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

/** An INSERT, or what may become one. */
enum PortableInsert implements PortableStatement {
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
    BATCH_OF_VALUES(
            Set.of(),
            dsl -> Arrays.toString(
                    dsl.batch(dsl.insertInto(STOCK, STOCK.ISBN, STOCK.QUANTITY).values((String) null, null))
                            .bind("7", 1)
                            .bind("8", 2)
                            .execute()));

    private final PortableWork work;

    PortableInsert(Set<Product> told, Function<DSLContext, Object> work) {
        this.work = new PortableWork(told, settings -> settings, work);
    }

    @Override
    public PortableWork work() {
        return work;
    }

    private static AccountRecord account(DSLContext dsl, long id) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setId(id);
        account.setOwner("merged");
        return account;
    }

    static StockRecord stock(DSLContext dsl, String isbn) {
        StockRecord stock = dsl.newRecord(STOCK);
        stock.setIsbn(isbn);
        stock.setQuantity(5);
        return stock;
    }
}
