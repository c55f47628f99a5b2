package dev.commithooks.examples;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.STOCK;

import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.shop.tables.records.PurchaseLineRecord;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import java.math.BigDecimal;
import org.jooq.Configuration;
import org.jooq.DSLContext;

/** Rows of the bookshop that the recipes write. */
final class Rows {

    private Rows() {}

    static void sellAndReprice(DSLContext dsl) {
        dsl.transaction(tx -> publish(tx.dsl(), "The Dispossessed"));
        dsl.transaction(tx -> reprice(tx, "8.00"));
    }

    static void author(Configuration tx, String name) {
        AuthorRecord author = tx.dsl().newRecord(AUTHOR);
        author.setName(name);
        author.store();
    }

    static void reprice(Configuration tx, String price) {
        BookRecord book = tx.dsl().fetchSingle(BOOK);
        book.setPrice(new BigDecimal(price));
        book.store();
    }

    static BookRecord publish(DSLContext dsl, String title) {
        BookRecord book = dsl.newRecord(BOOK);
        book.setTitle(title);
        book.setPrice(new BigDecimal("9.50"));
        book.store();
        return book;
    }

    static StockRecord stock(Configuration tx, String isbn, int copies) {
        StockRecord stock = tx.dsl().newRecord(STOCK);
        stock.setIsbn(isbn);
        stock.setQuantity(copies);
        stock.store();
        return stock;
    }

    static PurchaseLineRecord line(int number, BookRecord book) {
        PurchaseLineRecord line = new PurchaseLineRecord();
        line.setLineNo(number);
        line.setBookId(book.getId());
        line.setUnitPrice(BigDecimal.TEN);
        return line;
    }
}
