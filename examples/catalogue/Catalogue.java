package catalogue;

import static dev.commithooks.bookshop.shop.Keys.REVIEW__REVIEW_BOOK_ID_FKEY;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.REVIEW;
import static dev.commithooks.bookshop.warehouse.Keys.STOCK_ISBN_BIN_KEY;
import static dev.commithooks.bookshop.warehouse.Tables.STOCK;
import static java.lang.System.out;

import database.ExampleDatabase;
import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.shop.tables.records.ReviewRecord;
import dev.commithooks.bookshop.warehouse.tables.records.StockRecord;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.storage.RecordGraph;
import dev.commithooks.storage.Resolved;
import dev.commithooks.storage.Storage;
import dev.commithooks.storage.StoreResult;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;

/** Imports a messy file: what can be stored is stored, and each line is told what became of it. */
public final class Catalogue {

    /** ISBN, title, price, copies, and the ratings of its readers. */
    private static final String FILE = """
            9780575084582; The Dispossessed;       9.50;  3; 5 4
            9781473216605; Tehanu;                 8.00;  2; 5
            9780575084582; Dispossessed, The;      9.50;  2;
            9781473206038; The Lathe of Heaven;   cheap;  1; 4
            9780575079038; A Wizard of Earthsea;  -1.00;  4; 5 5
            9781473223547; Lavinia;                7.20;  1; 3 9
            9780575077324; ;                       6.00;  1;
            9781842550755; Gifts;                  6.00;  1;
            """;

    private final Set<String> searchIndex = new TreeSet<>();
    private final DSLContext dsl;

    private Catalogue(ExampleDatabase database) {
        CommitHooks hooks = CommitHooks.builder()
                .on(
                        BOOK,
                        HookOptions.named("search-index"),
                        on -> on.afterCommitInsert(
                                (book, ctx) -> searchIndex.add(book.row().getTitle())))
                .on(
                        STOCK,
                        HookOptions.named("bins"),
                        on -> on.afterCommitInsert((stock, ctx) ->
                                        out.println("new bin for " + stock.row().getIsbn() + ": "
                                                + stock.row().getQuantity()))
                                .afterCommitUpdate((stock, ctx) ->
                                        out.println("more of " + stock.row().getIsbn() + ": "
                                                + stock.row().getQuantity())))
                .build();
        dsl = hooks.attachTo(DSL.using(database.dataSource(), SQLDialect.POSTGRES));
    }

    public static void main(String... args) {
        try (ExampleDatabase database = ExampleDatabase.open(args)) {
            Catalogue catalogue = new Catalogue(database);
            List<String> lines = FILE.lines().toList();
            catalogue.dsl.transaction(tx -> load(tx, lines));
            catalogue.dsl.transaction(tx -> shelve(Storage.on(tx), lines.get(0))); // another parcel of the same
            catalogue.compare();
        }
    }

    private static void load(Configuration tx, List<String> lines) {
        // region: store-each
        Storage storage = Storage.on(tx);
        List<StoreResult<String>> results = storage.storeEach(lines, Catalogue::bookWithReviews);
        for (StoreResult<String> result : results) {
            if (result.isStored()) {
                shelve(storage, result.item());
            }
            out.println((result.isStored() ? "✓ " : "✗ ") + titleOf(result.item()) + reasonOf(result));
        }
        // endregion
    }

    private static RecordGraph<BookRecord> bookWithReviews(String line) {
        String[] columns = columnsOf(line);
        BookRecord book = new BookRecord();
        book.setIsbn(columns[0]);
        book.setTitle(columns[1].isEmpty() ? null : columns[1]);
        book.setPrice(priceOf(columns[2]));
        List<ReviewRecord> reviews = new ArrayList<>();
        for (String rating : columns[4].split(" ")) {
            if (!rating.isEmpty()) {
                ReviewRecord review = new ReviewRecord();
                review.setRating(Short.valueOf(rating));
                reviews.add(review);
            }
        }
        return RecordGraph.of(book).with(REVIEW__REVIEW_BOOK_ID_FKEY, reviews);
    }

    private static BigDecimal priceOf(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no price");
        }
    }

    private static Resolved<StockRecord> shelve(Storage storage, String line) {
        String[] columns = columnsOf(line);
        int copies = Integer.parseInt(columns[3]);
        // region: update-or-create
        StockRecord bin = new StockRecord();
        bin.setIsbn(columns[0]);
        bin.setBin("A1");
        bin.setQuantity(copies);
        return storage.updateOrCreate(
                STOCK_ISBN_BIN_KEY, bin, there -> there.setQuantity(there.getQuantity() + copies));
        // endregion
    }

    private void compare() {
        Set<String> stored = new TreeSet<>(dsl.fetchValues(BOOK.TITLE));
        out.println(stored.size() + " books and " + dsl.fetchCount(REVIEW) + " reviews; the search index is "
                + (searchIndex.equals(stored) ? "in step" : "OUT OF STEP"));
    }

    private static String[] columnsOf(String line) {
        String[] columns = (line + " ").split(";");
        for (int i = 0; i < columns.length; i++) {
            columns[i] = columns[i].strip();
        }
        return columns;
    }

    private static String titleOf(String line) {
        return columnsOf(line)[0] + " " + columnsOf(line)[1];
    }

    private static String reasonOf(StoreResult<String> result) {
        if (result.isStored()) {
            return "";
        }
        Throwable cause = result.failure().orElseThrow();
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return ": " + String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }
}
