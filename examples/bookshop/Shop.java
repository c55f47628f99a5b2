package bookshop;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.CUSTOMER;
import static dev.commithooks.bookshop.shop.Tables.PURCHASE;
import static dev.commithooks.bookshop.shop.Tables.PURCHASE_LINE;
import static dev.commithooks.bookshop.shop.Tables.REVIEW;
import static dev.commithooks.bookshop.shop.Tables.STOCK;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.shop.tables.records.CustomerRecord;
import dev.commithooks.bookshop.shop.tables.records.PurchaseLineRecord;
import dev.commithooks.bookshop.shop.tables.records.PurchaseRecord;
import dev.commithooks.bookshop.shop.tables.records.ReviewRecord;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;

/** The application: ordinary jOOQ code, by records and by statements, that knows nothing of the index and the cache. */
final class Shop {

    /** So many copies of a book. */
    record Item(String isbn, int copies) {}

    private final DSLContext dsl;
    private final Mailbox mailbox;

    Shop(DSLContext dsl, Mailbox mailbox) {
        this.dsl = dsl;
        this.mailbox = mailbox;
    }

    void open(String... isbns) {
        List<String> titles = List.of("The Dispossessed", "Tehanu", "Lavinia");
        dsl.transaction(tx -> {
            AuthorRecord author = tx.dsl().newRecord(AUTHOR);
            author.setName("Ursula K. Le Guin");
            author.store();
            List<StockRecord> shelves = new ArrayList<>();
            for (int i = 0; i < isbns.length; i++) {
                BookRecord book = tx.dsl().newRecord(BOOK);
                book.setAuthorId(author.getId());
                book.setTitle(titles.get(i));
                book.setIsbn(isbns[i]);
                book.setPrice(new BigDecimal("9.50"));
                book.store();
                StockRecord copies = tx.dsl().newRecord(STOCK);
                copies.setIsbn(isbns[i]);
                copies.setQuantity(4);
                shelves.add(copies);
            }
            tx.dsl().batchInsert(shelves).execute();
        });
    }

    long place(String customer, Item... items) {
        return dsl.transactionResult(tx -> {
            PurchaseRecord order = begin(tx, customer);
            for (int i = 0; i < items.length; i++) {
                line(tx, order.getId(), i + 1, items[i]).store();
            }
            return order.getId();
        });
    }

    void placeUnpaid(String customer, Item item) {
        dsl.transaction(tx -> {
            line(tx, begin(tx, customer).getId(), 1, item).store();
            throw new PaymentDeclined(customer + "'s card is declined");
        });
    }

    void addWithGifts(long order, Item book, Item... gifts) {
        dsl.transaction(tx -> tx.dsl().transaction(extras -> {
            line(extras, order, 3, book).store();
            try {
                extras.dsl().transaction(wrapped -> {
                    CommitHooks.current(wrapped).onCommit(() -> mailbox.send(order, "has gifts"));
                    for (int i = 0; i < gifts.length; i++) {
                        line(wrapped, order, 4 + i, gifts[i]).store();
                    }
                });
            } catch (DataAccessException refused) {
                // No gifts, then; the order stands.
            }
        }));
    }

    long placeAndChange(String customer, Item item, int rather) {
        return dsl.transactionResult(tx -> {
            long order = begin(tx, customer).getId();
            PurchaseLineRecord line = line(tx, order, 1, item);
            line.store();
            line.setQuantity(rather);
            line.store();
            PurchaseLineRecord regretted = line(tx, order, 2, item);
            regretted.store();
            regretted.delete();
            return order;
        });
    }

    void cancel(long id) {
        dsl.transaction(tx -> {
            tx.dsl()
                    .update(PURCHASE)
                    .set(PURCHASE.STATUS, "cancelled")
                    .where(PURCHASE.ID.eq(id))
                    .execute();
            tx.dsl()
                    .deleteFrom(PURCHASE_LINE)
                    .where(PURCHASE_LINE.PURCHASE_ID.eq(id))
                    .execute();
        });
    }

    /** The reference from a review to its book is checked by COMMIT. */
    void placeAndReview(String customer, Item item, long book) {
        dsl.transaction(tx -> {
            line(tx, begin(tx, customer).getId(), 1, item).store();
            ReviewRecord review = tx.dsl().newRecord(REVIEW);
            review.setBookId(book);
            review.setRating((short) 1);
            review.store();
        });
    }

    private static PurchaseRecord begin(Configuration tx, String name) {
        CustomerRecord customer = tx.dsl().newRecord(CUSTOMER);
        customer.setName(name);
        customer.setEmail(name.toLowerCase(Locale.ROOT) + "@example.org");
        customer.store();
        PurchaseRecord order = tx.dsl().newRecord(PURCHASE);
        order.setCustomerId(customer.getId());
        order.store();
        return order;
    }

    private static PurchaseLineRecord line(Configuration tx, long order, int number, Item item) {
        BookRecord book = tx.dsl().fetchSingle(BOOK, BOOK.ISBN.eq(item.isbn()));
        PurchaseLineRecord line = tx.dsl().newRecord(PURCHASE_LINE);
        line.setPurchaseId(order);
        line.setLineNo(number);
        line.setBookId(book.getId());
        line.setQuantity(item.copies());
        line.setUnitPrice(book.getPrice());
        return line;
    }

    /** The bank said no. */
    static final class PaymentDeclined extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PaymentDeclined(String message) {
            super(message);
        }
    }
}
