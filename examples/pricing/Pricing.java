package pricing;

import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static java.lang.System.out;

import database.ExampleDatabase;
import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.change.TableChanges;
import dev.commithooks.change.Updated;
import dev.commithooks.policy.OldRows;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;

/** The nightly change of prices over a whole table: one statement, of which hooks are told row by row. */
public final class Pricing {

    private static final int BOOKS = 1_000;
    private static final BigDecimal LOWEST = new BigDecimal("2.00");

    private Pricing() {}

    public static void main(String... args) {
        try (ExampleDatabase database = ExampleDatabase.open(args)) {
            DSLContext plain = DSL.using(database.dataSource(), SQLDialect.POSTGRES);
            printBooks(plain);
            CommitHooks hooks = CommitHooks.builder()
                    .on(
                            BOOK,
                            on -> on.beforeCommitUpdate((book, ctx) -> refuseIfTooCheap(book))
                                    .afterCommit((books, ctx) -> tellShopWindow(books)))
                    .oldRows(BOOK, OldRows.FROM_DATABASE) // PostgreSQL 18 tells them anyway
                    .build();
            DSLContext dsl = hooks.attachTo(plain);
            reprice(dsl, new BigDecimal("0.90"));
            reprice(dsl, new BigDecimal("0.10"));
            out.println("total: " + plain.select(DSL.sum(BOOK.PRICE)).from(BOOK).fetchSingle(0));
        }
    }

    private static void printBooks(DSLContext dsl) {
        dsl.insertInto(BOOK, BOOK.TITLE, BOOK.PRICE)
                .select(DSL.select(
                                DSL.concat(DSL.inline("Volume "), DSL.field("n", Integer.class)),
                                DSL.field("5 + n % 20", BigDecimal.class))
                        .from("generate_series(1, " + BOOKS + ") as s(n)"))
                .execute();
    }

    private static void reprice(DSLContext dsl, BigDecimal factor) {
        try {
            int rows = dsl.transactionResult(tx -> tx.dsl()
                    .update(BOOK)
                    .set(BOOK.PRICE, DSL.round(BOOK.PRICE.times(factor), 2))
                    .execute());
            out.println(rows + " prices times " + factor);
        } catch (IllegalStateException e) {
            out.println("times " + factor + " is rolled back: " + e.getMessage());
        }
    }

    private static void refuseIfTooCheap(Updated<BookRecord> book) {
        if (book.row().getPrice().compareTo(LOWEST) < 0) {
            throw new IllegalStateException(
                    book.row().getTitle() + " would cost " + book.row().getPrice());
        }
    }

    private static void tellShopWindow(TableChanges<BookRecord> books) {
        BigDecimal saved = books.updated().stream()
                .map(book -> book.oldRow().getPrice().subtract(book.row().getPrice()))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        out.println("shop window: " + books.updated().size() + " books, on average "
                + saved.divide(BigDecimal.valueOf(books.updated().size()), 2, RoundingMode.HALF_UP) + " cheaper");
    }
}
