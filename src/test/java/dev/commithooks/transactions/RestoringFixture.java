package dev.commithooks.transactions;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.policy.RolledBackRecords;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;

/** Hooks that restore records, and records that transactions roll back. */
abstract class RestoringFixture {

    static final class Undo extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    final TestDatabase database;
    final HookJournal journal = new HookJournal();
    final DSLContext dsl;

    /** With hooks that restore all records. */
    RestoringFixture(TestDatabase database) {
        this(database, CommitHooks.builder().rolledBackRecords(RolledBackRecords.RESTORED));
    }

    RestoringFixture(TestDatabase database, CommitHooksBuilder hooks) {
        this.database = database;
        this.dsl = attached(hooks.registerAll(journal));
    }

    CommitHooksBuilder restoring() {
        return CommitHooks.builder().registerAll(journal).rolledBackRecords(RolledBackRecords.RESTORED);
    }

    DSLContext attached(CommitHooksBuilder hooks) {
        return hooks.build().attachTo(database.dsl(database.pool(3)));
    }

    static RetryPolicy attempts(int attempts) {
        return RetryPolicy.attempts(attempts).sleeper(pause -> {});
    }

    static void lose() {
        throw new DataAccessException("lost against another", new SQLException("lost", "40001"));
    }

    /** All of a record's state, jOOQ's note that it was fetched among it, and not what it is attached to. */
    static byte[] state(Record row) {
        Configuration attachedTo = row.configuration();
        row.detach();
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(row);
            out.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            row.attach(attachedTo);
        }
    }

    static AuthorRecord author(Configuration where, String name) {
        AuthorRecord author = where.dsl().newRecord(AUTHOR);
        author.setName(name);
        return author;
    }

    StockRecord stored(DSLContext where, String isbn) {
        StockRecord stock = where.newRecord(STOCK);
        stock.setIsbn(isbn);
        stock.setQuantity(1);
        stock.store();
        stock.refresh();
        journal.drain();
        return stock;
    }

    static void rollBack(DSLContext where, Consumer<Configuration> work) {
        assertThatThrownBy(() -> where.transaction(tx -> {
                    work.accept(tx);
                    throw new Undo();
                }))
                .isInstanceOf(Undo.class);
    }
}
