package dev.commithooks.durable;

import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.fixture.Waiting;
import dev.commithooks.hook.Delivery;
import dev.commithooks.hook.HookOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/** Each parcel is delivered, repeated, parked or taken over by the nodes that share the work. */
@Database
class DeliveringNodesTest extends DurableFixture {

    DeliveringNodesTest(TestDatabase database) {
        super(database);
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
}
