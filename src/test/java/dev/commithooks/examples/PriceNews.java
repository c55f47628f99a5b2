package dev.commithooks.examples;

import static dev.commithooks.bookshop.shop.Tables.BOOK;

import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.change.Updated;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.FailedCommitHooks;
import dev.commithooks.hook.HookContext;
import java.util.List;

/** A hook as a class, as the documentation has it. */
// region: class-hook
record PriceNews(List<String> news) implements AfterCommitHooks<BookRecord>, FailedCommitHooks<BookRecord> {

    @Override
    public void afterCommitUpdate(Updated<BookRecord> book, HookContext ctx) {
        if (book.changed(BOOK.PRICE)) {
            news.add("was " + book.oldRow().getPrice() + ", is " + book.row().getPrice());
        }
    }

    @Override
    public void failedCommitUpdate(Updated<BookRecord> book, HookContext ctx) {
        news.add("stays " + book.oldRow().getPrice() + ": " + ctx.failure().orElseThrow());
    }
}
// endregion
