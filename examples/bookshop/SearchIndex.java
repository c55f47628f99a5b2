package bookshop;

import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import dev.commithooks.change.Change;
import dev.commithooks.change.Deleted;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.TableChanges;
import dev.commithooks.change.Updated;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.HookContext;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Finds books by words; stands for the search engine that a real shop would have. Kept in step once per transaction. */
final class SearchIndex implements AfterCommitHooks<BookRecord> {

    private final Map<String, String> titles = new ConcurrentHashMap<>();
    private final Map<String, Integer> copies = new ConcurrentHashMap<>();

    @Override
    public void afterCommit(TableChanges<BookRecord> books, HookContext ctx) {
        books.inserted()
                .forEach(book -> titles.put(book.row().getIsbn(), book.row().getTitle()));
        books.updated()
                .forEach(book -> titles.put(book.row().getIsbn(), book.row().getTitle()));
        books.deleted().forEach(book -> titles.remove(book.oldRow().getIsbn()));
    }

    /** Notes how many copies are on the shelves. */
    void countCopies(TableChanges<StockRecord> shelves) {
        for (Change<StockRecord> shelf : shelves.all()) {
            if (shelf instanceof Inserted<StockRecord> inserted) {
                copies.put(inserted.row().getIsbn(), inserted.row().getQuantity());
            } else if (shelf instanceof Updated<StockRecord> updated) {
                copies.put(updated.row().getIsbn(), updated.row().getQuantity());
            } else if (shelf instanceof Deleted<StockRecord> deleted) {
                copies.remove(deleted.oldRow().getIsbn());
            }
        }
    }

    /** All there is to find: what a book is called and how many copies there are, by ISBN. */
    Map<String, String> contents() {
        Map<String, String> contents = new TreeMap<>();
        titles.forEach((isbn, title) -> contents.put(isbn, title + ", " + copies.get(isbn) + " left"));
        return contents;
    }
}
