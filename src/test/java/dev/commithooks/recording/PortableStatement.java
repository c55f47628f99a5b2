package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.STOCK;

import dev.commithooks.bookshop.warehouse.Tables;
import dev.commithooks.fixture.Product;
import java.math.BigDecimal;
import java.util.stream.Stream;
import org.jooq.DSLContext;

/** A statement that is tried on the databases other than PostgreSQL; it says what the caller gets of it. */
interface PortableStatement {

    static Stream<PortableStatement> all() {
        return Stream.<PortableStatement[]>of(PortableUpdate.values(), PortableInsert.values(), PortableDelete.values())
                .flatMap(Stream::of);
    }

    String name();

    PortableWork work();

    /** Whether hooks are told of its rows on a database; where they are not, that is reported. */
    default boolean isToldOn(Product product) {
        return work().told().contains(product);
    }

    /** Executes it on the rows of {@link #prepare}; the answer is what the caller gets, a value or an exception. */
    default String run(DSLContext dsl) {
        return work().run(dsl);
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
}
