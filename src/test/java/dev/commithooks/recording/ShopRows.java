package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.CUSTOMER;
import static dev.commithooks.bookshop.shop.Tables.PARCEL;
import static dev.commithooks.bookshop.shop.Tables.PURCHASE;
import static dev.commithooks.bookshop.shop.Tables.PURCHASE_LINE;
import static dev.commithooks.bookshop.shop.Tables.SALE;
import static dev.commithooks.bookshop.shop.Tables.STOCK;

import dev.commithooks.bookshop.shop.tables.pojos.Account;
import dev.commithooks.bookshop.shop.tables.pojos.Stock;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.shop.tables.records.CustomerRecord;
import dev.commithooks.bookshop.shop.tables.records.ParcelRecord;
import dev.commithooks.bookshop.shop.tables.records.PurchaseLineRecord;
import dev.commithooks.bookshop.shop.tables.records.PurchaseRecord;
import dev.commithooks.bookshop.shop.tables.records.SaleRecord;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** The rows that tests of recording write, delete or run into. */
final class ShopRows {

    private ShopRows() {}

    /** The rows that the cases write, delete or run into. */
    static void prepare(DSLContext dsl) {
        account(dsl, null, "first").store();
        account(dsl, null, "second").store();
        dsl.newRecord(STOCK, new Stock("1", 3, "left")).store();
        dsl.newRecord(STOCK, new Stock("2", 4, "right")).store();
        for (String isbn : List.of("1", "2")) {
            BookRecord book = dsl.newRecord(BOOK);
            book.setTitle("book " + isbn);
            book.setIsbn(isbn);
            book.store();
        }
        CustomerRecord customer = dsl.newRecord(CUSTOMER);
        customer.setId(UUID.randomUUID());
        customer.setName("first");
        customer.setEmail("first@example.org");
        customer.store();
        PurchaseRecord purchase = dsl.newRecord(PURCHASE);
        purchase.setCustomerId(customer.getId());
        purchase.store();
        line(dsl, 1).store();
        sale(dsl, 1).store();
        parcel(dsl, "alter swallow").store();
    }

    static AccountRecord account(DSLContext dsl, long id) {
        return dsl.fetchSingle(ACCOUNT, ACCOUNT.ID.eq(id));
    }

    static AccountRecord account(DSLContext dsl, @Nullable Long id, String owner) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        if (id != null) {
            account.setId(id);
        }
        account.setOwner(owner);
        return account;
    }

    static BookRecord book(DSLContext dsl) {
        return dsl.fetchSingle(BOOK, BOOK.ISBN.eq("1"));
    }

    static void updateStaleBook(DSLContext dsl) {
        BookRecord stale = book(dsl);
        stale.setVersion(99);
        stale.setTitle("changed");
        stale.store();
    }

    static PurchaseLineRecord line(DSLContext dsl, int number) {
        PurchaseLineRecord line = dsl.newRecord(PURCHASE_LINE);
        line.setPurchaseId(1L);
        line.setLineNo(number);
        line.setBookId(1L);
        line.setUnitPrice(BigDecimal.ONE);
        return line;
    }

    static SaleRecord sale(DSLContext dsl, int receipt) {
        SaleRecord sale = dsl.newRecord(SALE);
        sale.setSoldOn(LocalDate.of(2024, 5, 1));
        sale.setReceiptNo(receipt);
        sale.setIsbn("1");
        sale.setAmount(BigDecimal.TEN);
        return sale;
    }

    static ParcelRecord parcel(DSLContext dsl, String label) {
        ParcelRecord parcel = dsl.newRecord(PARCEL);
        parcel.setLabel(label);
        return parcel;
    }

    static List<Account> several() {
        return List.of(
                new Account(51L, "a", BigDecimal.ONE),
                new Account(52L, "b", BigDecimal.TEN),
                new Account(53L, "c", BigDecimal.ONE));
    }
}
