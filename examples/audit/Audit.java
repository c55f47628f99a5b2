package audit;

import static dev.commithooks.bookshop.shop.Tables.AUDIT_LOG;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;

import database.ExampleDatabase;
import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import java.math.BigDecimal;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** An audit trail for every table but its own: column names, old and new values, and nothing that was rolled back. */
public final class Audit {

    private Audit() {}

    public static void main(String... args) {
        try (ExampleDatabase database = ExampleDatabase.open(args)) {
            CommitHooks hooks = CommitHooks.builder()
                    .registerAll(new AuditTrail(), AUDIT_LOG)
                    .build();
            DSLContext dsl = hooks.attachTo(DSL.using(database.dataSource(), SQLDialect.POSTGRES));
            publish(dsl);
            reprice(dsl);
            giveUp(dsl);
            withdraw(dsl);
            print(dsl);
        }
    }

    private static void publish(DSLContext dsl) {
        dsl.transaction(tx -> {
            AuthorRecord author = tx.dsl().newRecord(AUTHOR);
            author.setName("Ursula K. Le Guin");
            author.store();
            BookRecord book = tx.dsl().newRecord(BOOK);
            book.setAuthorId(author.getId());
            book.setTitle("The Dispossessed");
            book.setPrice(new BigDecimal("9.50"));
            book.store();
        });
    }

    private static void reprice(DSLContext dsl) {
        dsl.transaction(tx -> {
            BookRecord book = tx.dsl().fetchSingle(BOOK);
            book.setPrice(new BigDecimal("8.00"));
            book.store();
        });
    }

    /** Leaves no trace. */
    private static void giveUp(DSLContext dsl) {
        try {
            dsl.transaction(tx -> {
                tx.dsl().fetchSingle(BOOK).delete();
                throw new IllegalStateException("better not");
            });
        } catch (IllegalStateException changedHerMind) {
            System.out.println("rolled back: " + changedHerMind.getMessage());
        }
    }

    private static void withdraw(DSLContext dsl) {
        dsl.transaction(tx -> tx.dsl().fetchSingle(BOOK).delete());
    }

    private static void print(DSLContext dsl) {
        dsl.selectFrom(AUDIT_LOG).orderBy(AUDIT_LOG.ID).forEach(entry -> {
            System.out.println(entry.getOperation() + " " + entry.getTableName() + " " + entry.getRowKey());
            print("  - ", entry.getOldRow());
            print("  + ", entry.getNewRow());
        });
    }

    private static void print(String sign, @Nullable JSONB row) {
        if (row != null) {
            System.out.println(sign + row.data()); // the text as the database keeps it
        }
    }
}
