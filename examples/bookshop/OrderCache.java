package bookshop;

import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.PURCHASE;
import static dev.commithooks.bookshop.shop.Tables.PURCHASE_LINE;

import dev.commithooks.change.TableChanges;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.HookContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.DSLContext;
import org.jooq.Record;

/** Orders as they are shown, read from the database once and forgotten when they change. One hook for two tables. */
final class OrderCache implements AfterCommitHooks<Record> {

    private final Map<Long, String> orders = new ConcurrentHashMap<>();

    @Override
    public void afterCommit(TableChanges<Record> changes, HookContext ctx) {
        // An order's id leads the primary key of the order and of its lines.
        changes.all()
                .forEach(change ->
                        change.key().ifPresent(key -> orders.remove(key.values().get(0))));
    }

    String get(long order, DSLContext dsl) {
        return orders.computeIfAbsent(order, id -> read(id, dsl));
    }

    /** What is in the cache at the moment. */
    Map<Long, String> contents() {
        return Map.copyOf(orders);
    }

    static String read(long order, DSLContext dsl) {
        String status = dsl.fetchSingle(PURCHASE, PURCHASE.ID.eq(order)).getStatus();
        return status
                + dsl
                        .select(PURCHASE_LINE.QUANTITY, BOOK.TITLE)
                        .from(PURCHASE_LINE)
                        .join(BOOK)
                        .on(BOOK.ID.eq(PURCHASE_LINE.BOOK_ID))
                        .where(PURCHASE_LINE.PURCHASE_ID.eq(order))
                        .orderBy(PURCHASE_LINE.LINE_NO)
                        .fetch(line -> ", " + line.value1() + " × " + line.value2())
                        .stream()
                        .reduce("", String::concat);
    }
}
