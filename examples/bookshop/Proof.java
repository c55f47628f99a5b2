package bookshop;

import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.PURCHASE;
import static dev.commithooks.bookshop.shop.Tables.STOCK;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jooq.DSLContext;

/** Compares what the hooks kept with what the database holds. */
final class Proof {

    private final DSLContext dsl;
    private final SearchIndex index;
    private final OrderCache cache;
    private final Mailbox mailbox;

    Proof(DSLContext dsl, SearchIndex index, OrderCache cache, Mailbox mailbox) {
        this.dsl = dsl;
        this.index = index;
        this.cache = cache;
        this.mailbox = mailbox;
    }

    void print(PrintStream out) {
        out.println();
        out.println("In step with the database?");
        out.println();
        compare(out, "search index", "books", index.contents().entrySet(), books().entrySet());
        compare(out, "order cache", "orders", cache.contents().entrySet(), orders().entrySet());
        compare(out, "mailbox", "mails", mailbox.contents().stream().sorted().toList(), mails());
    }

    private static void compare(PrintStream out, String what, String things, Collection<?> kept, Collection<?> held) {
        boolean same = kept.equals(held);
        out.printf("  %s  %-13s %d %s%n", same ? "✓" : "✗", what, kept.size(), things);
        if (!same) {
            throw new IllegalStateException(what + " holds " + kept + ", but the database says " + held);
        }
    }

    private Map<String, String> books() {
        Map<String, String> books = new TreeMap<>();
        dsl.select(BOOK.ISBN, BOOK.TITLE, STOCK.QUANTITY)
                .from(BOOK)
                .join(STOCK)
                .on(STOCK.ISBN.eq(BOOK.ISBN))
                .forEach(book -> books.put(book.value1(), book.value2() + ", " + book.value3() + " left"));
        return books;
    }

    /** The orders that are in the cache, as they are in the database. */
    private Map<Long, String> orders() {
        Map<Long, String> orders = new TreeMap<>();
        cache.contents().keySet().forEach(id -> orders.put(id, OrderCache.read(id, dsl)));
        return orders;
    }

    /** One mail for each order, and one more for each that is cancelled. */
    private List<String> mails() {
        List<String> mails = new ArrayList<>();
        dsl.selectFrom(PURCHASE).orderBy(PURCHASE.ID).forEach(order -> {
            if (order.getStatus().equals("cancelled")) {
                mails.add("order " + order.getId() + " is cancelled");
            }
            mails.add("order " + order.getId() + " is placed");
        });
        return mails;
    }
}
