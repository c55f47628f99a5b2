package testing;

import static dev.commithooks.bookshop.shop.Tables.BOOK;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.hook.HookOptions;
import java.math.BigDecimal;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jooq.DSLContext;

/** A shop with a search index that is told of books when they are committed. */
final class Shop {

    private static final AtomicInteger PUBLISHED = new AtomicInteger();

    private Shop() {}

    static CommitHooksBuilder hooks(Set<String> index) {
        return CommitHooks.builder()
                .on(
                        BOOK,
                        HookOptions.named("search-index"),
                        on -> on.beforeCommitInsert((book, ctx) -> {
                                    if (book.row().getPrice().signum() == 0) {
                                        throw new IllegalArgumentException("a book needs a price");
                                    }
                                })
                                .afterCommitInsert(
                                        (book, ctx) -> index.add(book.row().getTitle())));
    }

    static void publish(DSLContext dsl, String title, String price) {
        dsl.transaction(tx -> {
            BookRecord book = tx.dsl().newRecord(BOOK);
            book.setTitle(title);
            book.setPrice(new BigDecimal(price));
            book.store();
            CommitHooks.current(tx).onCommit(PUBLISHED::incrementAndGet);
        });
    }
}
