package dev.commithooks.durable;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.fixture.Waiting;
import dev.commithooks.hook.Delivery;
import dev.commithooks.hook.HookOptions;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/** What is handed over is what was committed, whoever wrote it. */
@Database
class DurableHooksTest extends DurableFixture {

    DurableHooksTest(TestDatabase database) {
        super(database);
    }

    @Test
    void committedChangesAreDeliveredAndRolledBackOnesAreNot() {
        DbSchedulerDelivery node = node();
        DSLContext dsl = attach(hooks(node));

        dsl.transaction(tx -> {
            BookRecord book = store(tx, "Tehanu");
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        store(nested, "Withdrawn");
                        throw new IllegalStateException("withdrawn");
                    }))
                    .hasMessage("withdrawn");
            store(tx, "Lavinia");
        });
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    store(tx, "Unfinished");
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        dsl.transaction(tx -> {
            BookRecord book = tx.dsl().fetchSingle(BOOK, BOOK.TITLE.eq("Lavinia"));
            book.setTitle("Voices");
            book.store();
        });
        dsl.transaction(
                tx -> tx.dsl().fetchSingle(BOOK, BOOK.TITLE.eq("Tehanu")).delete());
        assertThat(calls).as("nothing is called in memory").isEmpty();
        assertThat(node.status().waiting()).isEqualTo(3);
        node.start();
        Deliveries.drained(node);

        assertThat(titles()).containsExactly("Voices");
        assertThat(database.journal()).hasSize(4);
        assertThat(calls)
                .containsExactlyInAnyOrder(
                        "insert Tehanu",
                        "insert Lavinia",
                        "set of 2",
                        "update Lavinia to Voices",
                        "set of 1",
                        "delete Tehanu",
                        "set of 1");
        assertThat(calls).containsSubsequence("insert Tehanu", "insert Lavinia", "set of 2");
    }

    @Test
    void textsFollowSavepoints() {
        DbSchedulerDelivery node = node();
        DSLContext dsl = attach(CommitHooks.builder()
                .durableCallback("ship", (text, ctx) -> {
                    deliveries.add(ctx.delivery().orElseThrow());
                    calls.add(text);
                })
                .durable(node));
        node.start();

        dsl.transaction(tx -> {
            CommitHooks.current(tx).handOver("ship", "one \u0000 \"two\" 😀");
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        CommitHooks.current(nested).handOver("ship", "withdrawn");
                        throw new IllegalStateException("withdrawn");
                    }))
                    .hasMessage("withdrawn");
            tx.dsl().transaction(nested -> CommitHooks.current(nested).handOver("ship", "three"));
            assertThat(CommitHooks.current(tx).pending().toString()).contains("handed over to 'ship'");
            assertThatThrownBy(() -> CommitHooks.current(tx).handOver("shop", "four"))
                    .hasMessageContaining("No durable callback has the name 'shop'");
        });
        assertThatThrownBy(() -> CommitHooks.current(dsl).handOver("ship", "outside"))
                .isInstanceOf(IllegalStateException.class);
        Deliveries.drained(node);

        assertThat(calls).containsExactlyInAnyOrder("one \u0000 \"two\" 😀", "three");
        assertThat(deliveries).extracting(Delivery::id).doesNotHaveDuplicates();
    }

    @Test
    void whatBeforeHooksWriteIsHandedOver() {
        DbSchedulerDelivery node = node();
        DSLContext dsl = attach(hooks(node)
                .on(
                        AUTHOR,
                        on -> on.beforeCommitInsert((author, ctx) -> {
                            BookRecord book = ctx.dsl().newRecord(BOOK);
                            book.setTitle("by " + author.row().getName());
                            book.store();
                        })));
        node.start();

        dsl.transaction(tx -> {
            AuthorRecord author = tx.dsl().newRecord(AUTHOR);
            author.setName("Le Guin");
            author.store();
        });
        Deliveries.drained(node);

        assertThat(titles()).containsExactly("by Le Guin");
        assertThat(calls).containsExactly("insert by Le Guin", "set of 1");
    }

    @Test
    void writesOutsideATransactionAreHandedOverInTheTransactionOfTheirStatement() {
        DbSchedulerDelivery node = node();
        DSLContext dsl = attach(hooks(node));
        BookRecord book = dsl.newRecord(BOOK);
        book.setTitle("Tehanu");

        book.store();
        dsl.insertInto(BOOK).set(BOOK.TITLE, "Lavinia").execute();
        BookRecord another = dsl.newRecord(BOOK);
        another.setTitle("Malafrena");
        dsl.batchStore(another).execute();

        assertThat(titles()).containsExactlyInAnyOrder("Tehanu", "Lavinia", "Malafrena");
        assertThat(node.status().waiting()).isEqualTo(3);
        node.start();
        Deliveries.drained(node);
        assertThat(calls).contains("insert Tehanu", "insert Lavinia");
    }

    @Test
    void aWriteOutsideATransactionThatCannotBeHandedOverIsRolledBack() {
        DSLContext dsl = attach(hooks(node()));
        BookRecord book = dsl.newRecord(BOOK);
        book.setTitle("Tehanu");
        database.dsl().execute("alter table hook_delivery rename to hidden");
        try {
            assertThatThrownBy(book::store)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("IS rolled back");
        } finally {
            database.dsl().execute("alter table hidden rename to hook_delivery");
        }

        assertThat(titles()).isEmpty();
        assertThat(book.changed()).isTrue();
    }

    @Test
    void deliveredHookMayWriteAndItsWritesHaveHooks() {
        DbSchedulerDelivery node = node();
        DSLContext dsl = attach(hooks(node)
                .on(
                        AUTHOR,
                        HookOptions.durable("first-book"),
                        on -> on.afterCommitInsert((author, ctx) -> ctx.dsl()
                                .transaction(tx ->
                                        store(tx, "first of " + author.row().getName())))));
        node.start();

        dsl.transaction(tx -> {
            AuthorRecord author = tx.dsl().newRecord(AUTHOR);
            author.setName("Le Guin");
            author.store();
        });
        Waiting.until(() -> calls.contains("set of 1"));
        Deliveries.drained(node);

        assertThat(titles()).containsExactly("first of Le Guin");
        assertThat(calls).containsExactly("insert first of Le Guin", "set of 1");
    }

    @Test
    void pendingAndExplainMarkWhatWouldBeStored() {
        DbSchedulerDelivery node = node();
        CommitHooks hooks =
                hooks(node).durableCallback("ship", (text, ctx) -> {}).build();
        DSLContext dsl = hooks.attachTo(DSL.using(database.pool(4), SQLDialect.POSTGRES));

        dsl.transaction(tx -> {
            store(tx, "Tehanu");
            CommitHooks.current(tx).handOver("ship", "it");
            assertThat(CommitHooks.current(tx).pending().calls())
                    .extracting(call -> call.hook() + " " + call.method() + " " + call.level())
                    .containsExactly(
                            "index afterCommitInsert DURABLE", "index afterCommit DURABLE", "ship handOver DURABLE");
        });

        assertThat(hooks.explain())
                .contains("afterCommitInsert   index (durable)")
                .contains(
                        "delivery            db-scheduler, 2 threads, 4 attempts, 500 changes a parcel, table hook_delivery");
        assertThat(hooks.explain(dsl)).contains("hook_delivery: 2 waiting, 0 running, 0 retrying, 0 parked");
    }
}
