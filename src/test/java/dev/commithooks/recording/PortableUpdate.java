package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static dev.commithooks.fixture.Product.H2;
import static dev.commithooks.fixture.Product.SQLITE;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.select;

import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.warehouse.Tables;
import dev.commithooks.fixture.Product;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.UpdateConditionStep;
import org.jooq.conf.Settings;
import org.jooq.conf.StatementType;

/** An UPDATE. */
enum PortableUpdate implements PortableStatement {
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
    BATCH_OF_QUERIES(
            Set.of(),
            dsl -> Arrays.toString(dsl.batch(dsl.update(STOCK).set(STOCK.QUANTITY, 7), dsl.deleteFrom(ACCOUNT))
                    .execute()));

    private final PortableWork work;

    PortableUpdate(Set<Product> told, Function<DSLContext, Object> work) {
        this.work = new PortableWork(told, settings -> settings, work);
    }

    PortableUpdate(Set<Product> told, Function<Settings, Settings> settings, Function<DSLContext, Object> work) {
        this.work = new PortableWork(told, settings, work);
    }

    @Override
    public PortableWork work() {
        return work;
    }

    private static UpdateConditionStep<AccountRecord> first(DSLContext dsl) {
        return dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "x").where(ACCOUNT.ID.eq(1L));
    }
}
