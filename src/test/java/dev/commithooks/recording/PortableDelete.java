package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static dev.commithooks.fixture.Product.H2;
import static dev.commithooks.fixture.Product.MARIADB;
import static dev.commithooks.fixture.Product.SQLITE;
import static org.jooq.impl.DSL.select;

import dev.commithooks.fixture.Product;
import java.util.Set;
import java.util.function.Function;
import org.jooq.DSLContext;

/** A DELETE. */
enum PortableDelete implements PortableStatement {
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
    DELETE_RECORD(Set.of(SQLITE, MARIADB), dsl -> dsl.executeDelete(PortableInsert.stock(dsl, "2")));

    private final PortableWork work;

    PortableDelete(Set<Product> told, Function<DSLContext, Object> work) {
        this.work = new PortableWork(told, settings -> settings, work);
    }

    @Override
    public PortableWork work() {
        return work;
    }
}
