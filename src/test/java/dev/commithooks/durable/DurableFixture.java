package dev.commithooks.durable;

import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.change.Deleted;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.TableChanges;
import dev.commithooks.change.Updated;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.Delivery;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.transaction.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;

/** Nodes that deliver, a hook that notes its calls, and books for it. */
abstract class DurableFixture {

    final TestDatabase database;
    final List<DbSchedulerDelivery> nodes = new ArrayList<>();
    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<Delivery> deliveries = new CopyOnWriteArrayList<>();

    DurableFixture(TestDatabase database) {
        this.database = database;
    }

    @AfterEach
    void stopNodes() {
        nodes.forEach(DbSchedulerDelivery::close);
    }

    /** Notes its calls; a title that ends with an exclamation mark fails as often as it is long. */
    final class Index implements AfterCommitHooks<BookRecord> {

        @Override
        public void afterCommitInsert(Inserted<BookRecord> book, HookContext ctx) {
            note("insert " + book.row().getTitle(), ctx);
        }

        @Override
        public void afterCommitUpdate(Updated<BookRecord> book, HookContext ctx) {
            note("update " + book.oldRow().getTitle() + " to " + book.row().getTitle(), ctx);
        }

        @Override
        public void afterCommitDelete(Deleted<BookRecord> book, HookContext ctx) {
            note("delete " + book.oldRow().getTitle(), ctx);
        }

        @Override
        public void afterCommit(TableChanges<BookRecord> books, HookContext ctx) {
            note("set of " + books.size(), ctx);
        }
    }

    void note(String call, HookContext ctx) {
        deliveries.add(ctx.delivery().orElseThrow());
        assertThat(ctx.outcome()).contains(Outcome.COMMITTED);
        calls.add(call);
        if (call.endsWith("!")) {
            throw new IllegalStateException("cannot take " + call);
        }
    }

    DbSchedulerDelivery node() {
        return node(Deliveries.QUICK);
    }

    DbSchedulerDelivery node(DeliverySettings settings) {
        DbSchedulerDelivery node = DbSchedulerDelivery.on(database.pool(6), settings);
        nodes.add(node);
        return node;
    }

    CommitHooksBuilder hooks(DbSchedulerDelivery node) {
        return CommitHooks.builder()
                .register(BOOK, new Index(), HookOptions.durable("index"))
                .durable(node);
    }

    DSLContext attach(CommitHooksBuilder builder) {
        return builder.build().attachTo(DSL.using(database.pool(4), SQLDialect.POSTGRES));
    }

    static BookRecord store(Configuration tx, String title) {
        BookRecord book = tx.dsl().newRecord(BOOK);
        book.setTitle(title);
        book.store();
        return book;
    }

    List<String> titles() {
        return database.dsl().select(BOOK.TITLE).from(BOOK).orderBy(BOOK.ID).fetch(BOOK.TITLE);
    }
}
