package hello;

import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static java.lang.System.out;

import database.ExampleDatabase;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import org.jooq.Configuration;
import org.jooq.DSLContext;

/** The first hook: it fires after the commit, not after a rollback, and is right across a savepoint. */
public final class Hello {

    private Hello() {}

    public static void main(String... args) {
        try (ExampleDatabase database = ExampleDatabase.open(args)) {
            DSLContext dsl = FirstHook.runOn(database.dataSource());
            rollback(dsl);
            savepoint(dsl);
        }
    }

    private static void rollback(DSLContext dsl) {
        try {
            dsl.transaction(tx -> {
                store(tx, "The Unfinished");
                throw new IllegalStateException("the author changed her mind");
            });
        } catch (IllegalStateException e) {
            out.println("rolled back: " + e.getMessage());
        }
    }

    private static void savepoint(DSLContext dsl) {
        dsl.transaction(tx -> {
            store(tx, "The Lathe of Heaven");
            try {
                tx.dsl().transaction(nested -> {
                    store(nested, "The Withdrawn");
                    throw new IllegalStateException("withdrawn");
                });
            } catch (IllegalStateException e) {
                out.println("rolled back to the savepoint: " + e.getMessage());
            }
            tx.dsl().transaction(nested -> store(nested, "The Word for World Is Forest"));
        });
    }

    private static void store(Configuration tx, String title) {
        BookRecord book = tx.dsl().newRecord(BOOK);
        book.setTitle(title);
        book.store();
    }
}
