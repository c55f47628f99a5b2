package dev.commithooks.durable;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.change.Deleted;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.TableChanges;
import dev.commithooks.change.Updated;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.fixture.Waiting;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.Delivery;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.transaction.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@Database
class DurableHooksTest {

    private final TestDatabase database;
    private final List<DbSchedulerDelivery> nodes = new ArrayList<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();

    DurableHooksTest(TestDatabase database) {
        this.database = database;
    }

    @AfterEach
    void stopNodes() {
        nodes.forEach(DbSchedulerDelivery::close);
    }

    /** Notes its calls; a title that ends with an exclamation mark fails as often as it is long. */
    private final class Index implements AfterCommitHooks<BookRecord> {

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

    private void note(String call, HookContext ctx) {
        deliveries.add(ctx.delivery().orElseThrow());
        assertThat(ctx.outcome()).contains(Outcome.COMMITTED);
        calls.add(call);
        if (call.endsWith("!")) {
            throw new IllegalStateException("cannot take " + call);
        }
    }

    private DbSchedulerDelivery node() {
        return node(Deliveries.QUICK);
    }

    private DbSchedulerDelivery node(DeliverySettings settings) {
        DbSchedulerDelivery node = DbSchedulerDelivery.on(database.pool(6), settings);
        nodes.add(node);
        return node;
    }

    private CommitHooksBuilder hooks(DbSchedulerDelivery node) {
        return CommitHooks.builder()
                .register(BOOK, new Index(), HookOptions.durable("index"))
                .durable(node);
    }

    private DSLContext attach(CommitHooksBuilder builder) {
        return builder.build().attachTo(DSL.using(database.pool(4), SQLDialect.POSTGRES));
    }

    private static BookRecord store(Configuration tx, String title) {
        BookRecord book = tx.dsl().newRecord(BOOK);
        book.setTitle(title);
        book.store();
        return book;
    }

    private List<String> titles() {
        return database.dsl().select(BOOK.TITLE).from(BOOK).orderBy(BOOK.ID).fetch(BOOK.TITLE);
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
    void oneFailureDoesNotKeepTheOthersAndOnlyItIsRepeated() {
        DbSchedulerDelivery node = node();
        DSLContext dsl = attach(hooks(node));

        dsl.transaction(tx -> List.of("a", "b", "c!", "d", "e").forEach(title -> store(tx, title)));
        node.start();
        Deliveries.drained(node);

        assertThat(calls)
                .containsExactly(
                        "insert a",
                        "insert b",
                        "insert c!",
                        "insert d",
                        "insert e",
                        "set of 5",
                        "insert c!",
                        "insert c!",
                        "insert c!");
        assertThat(deliveries.stream().filter(d -> d.id().endsWith("#2")))
                .extracting(Delivery::attempt)
                .containsExactly(1, 2, 3, 4);
        assertThat(deliveries)
                .extracting(Delivery::id)
                .filteredOn(id -> id.endsWith("#2"))
                .hasSize(4)
                .containsOnly(deliveries.get(2).id());
        assertThat(node.status().parked()).isEqualTo(1);
    }

    @Test
    void parkedParcelIsListedSeenInTheViewRetriedAndDropped() {
        AtomicInteger failures = new AtomicInteger(5);
        DbSchedulerDelivery node = node();
        DSLContext dsl = attach(CommitHooks.builder()
                .on(
                        BOOK,
                        HookOptions.durable("mail"),
                        on -> on.afterCommitInsert((book, ctx) -> {
                            calls.add(book.row().getTitle());
                            if (failures.getAndDecrement() > 0) {
                                throw new IllegalStateException("the server says \"no\"");
                            }
                        }))
                .durable(node));
        node.start();

        dsl.transaction(tx -> store(tx, "Tehanu"));
        Waiting.until(() -> node.status().parked() == 1);

        ParkedDelivery parked = node.parked().get(0);
        assertThat(parked.hook()).isEqualTo("mail");
        assertThat(parked.attempts()).isEqualTo(4);
        assertThat(parked.error()).isEqualTo("java.lang.IllegalStateException: the server says \"no\"");
        assertThat(database.dsl()
                        .fetchSingle("select * from hook_delivery_status")
                        .intoMap())
                .containsEntry("state", "parked")
                .containsEntry("failed_attempts", 4)
                .containsEntry("error", "java.lang.IllegalStateException: the server says \\\"no\\\"");
        assertThat(node.retry(parked)).isTrue();
        Waiting.until(() -> failures.get() < 0);
        Deliveries.drained(node);
        assertThat(calls).hasSize(6).containsOnly("Tehanu");
        assertThat(node.retry(parked)).as("not parked any more").isFalse();
        assertThat(node.drop(parked)).isFalse();

        failures.set(99);
        dsl.transaction(tx -> store(tx, "Lavinia"));
        Waiting.until(() -> node.status().parked() == 1);
        assertThat(node.drop(node.parked().get(0))).isTrue();
        assertThat(node.status()).isEqualTo(new DeliveryStatus(0, 0, 0, 0, java.util.Optional.empty()));
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
    void manyChangesAreSeveralParcelsWhoseNumbersRise() {
        DbSchedulerDelivery node = node(Deliveries.QUICK.threads(1));
        DSLContext dsl = attach(hooks(node));

        dsl.transaction(tx -> {
            for (int i = 0; i < 1_201; i++) {
                store(tx, "book " + i);
            }
        });
        assertThat(node.status().waiting()).isEqualTo(3);
        node.start();
        Deliveries.drained(node);

        assertThat(titles()).hasSize(1_201);
        assertThat(calls).hasSize(1_204).contains("set of 500", "set of 201");
        assertThat(calls).filteredOn(call -> call.startsWith("insert")).doesNotHaveDuplicates();
        assertThat(deliveries).extracting(Delivery::sequence).containsOnly(1L, 2L, 3L);
    }

    @Test
    void twoNodesShareTheWorkAndNothingIsDoneTwice() {
        DbSchedulerDelivery one = node();
        DSLContext dsl = attach(hooks(one));
        DbSchedulerDelivery two = node();
        hooks(two).build();
        one.start();
        two.start();

        for (int i = 0; i < 60; i++) {
            String title = "book " + i;
            dsl.transaction(tx -> store(tx, title));
        }
        Deliveries.drained(one);

        assertThat(titles()).hasSize(60);
        assertThat(calls)
                .filteredOn(call -> call.startsWith("insert"))
                .hasSize(60)
                .doesNotHaveDuplicates();
    }

    @Test
    void nudgeSparesTheWaitForTheNextPoll() {
        DbSchedulerDelivery node = node(Deliveries.QUICK.polling(Duration.ofHours(1)));
        DSLContext dsl = attach(hooks(node));
        node.start();

        for (int i = 0; i < 20; i++) {
            String title = "book " + i;
            dsl.transaction(tx -> store(tx, title));
            Waiting.until(() -> calls.contains("insert " + title));
        }

        assertThat(titles()).hasSize(20);
    }

    @Test
    void hookThatTakesLongKeepsNoOtherFromTheThreadsThatAreLeft() {
        CountDownLatch slow = new CountDownLatch(1);
        DbSchedulerDelivery node = node(Deliveries.QUICK.threads(4).polling(Duration.ofHours(1)));
        DSLContext dsl = attach(CommitHooks.builder()
                .durableCallback("slow", (text, ctx) -> slow.await())
                .durableCallback("quick", (text, ctx) -> calls.add(text))
                .durable(node));

        dsl.transaction(tx -> {
            for (int i = 0; i < 3; i++) {
                CommitHooks.current(tx).handOver("slow", "" + i);
            }
        });
        dsl.transaction(tx -> {
            for (int i = 0; i < 20; i++) {
                CommitHooks.current(tx).handOver("quick", "" + i);
            }
        });
        node.start();
        Deliveries.drainedOf("quick", database);

        assertThat(calls).hasSize(20).doesNotHaveDuplicates();
        assertThat(node.status().running()).as("slow ones").isEqualTo(3);
        slow.countDown();
        Deliveries.drained(node);
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
    void deadNodesParcelIsTakenOverAndOneThatAlwaysKillsIsParked() {
        DbSchedulerDelivery node = node(Deliveries.QUICK.attempts(2));
        DSLContext dsl = attach(hooks(node));
        dsl.transaction(tx -> store(tx, "Tehanu"));
        dsl.transaction(tx -> store(tx, "Lavinia"));
        String died =
                "update hook_delivery set picked = true, picked_by = 'dead', last_heartbeat = now() - interval '1 hour'";
        database.dsl().execute(died);
        database.dsl()
                .execute("update hook_delivery set consecutive_failures = 1"
                        + " where convert_from(task_data, 'UTF8') like '%Lavinia%'");
        node.start();
        Deliveries.drained(node);

        assertThat(titles()).containsExactly("Tehanu", "Lavinia");
        assertThat(calls).containsExactly("insert Tehanu", "set of 1");
        assertThat(deliveries.get(0).attempt()).isEqualTo(2);
        assertThat(node.parked())
                .singleElement()
                .satisfies(parked -> assertThat(parked.error()).isEqualTo("node dead died during the attempt"));
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
