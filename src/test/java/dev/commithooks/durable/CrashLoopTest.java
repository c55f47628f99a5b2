package dev.commithooks.durable;

import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.ChildJvms.Child;
import dev.commithooks.fixture.OwnServer;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.fixture.Waiting;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * A node that writes and two that deliver, which are killed and replaced in turn, on a server that crashes in the middle. As often as
 * {@code -Dcommithooks.test.kills=8} says, in a leg of its own; {@link CrashTest} kills one at each point in every build.
 */
@EnabledIfSystemProperty(named = "commithooks.test.kills", matches = "[0-9]+")
class CrashLoopTest {

    private static final int KILLS = Integer.getInteger("commithooks.test.kills", 2);
    private static final int CALLS_BETWEEN_KILLS = KILLS > 2 ? 1_000 : 50;

    /** What can be under way on a node that dies: a parcel of at most three books on each of its two threads. */
    private static final int UNDER_WAY = 2 * 3;

    /** Three are killed at the end, and two deliver while the server crashes. */
    private static final int ENDS_OF_NODES = KILLS + 3 + 2;

    private static long calls(TestDatabase database) {
        try {
            return database.dsl().fetchSingle("select count(*) from delivered").get(0, long.class);
        } catch (DataAccessException theServerIsDown) {
            return 0;
        }
    }

    @Test
    void whoeverIsKilledHoweverOftenNothingIsLostAndNothingInvented() {
        try (OwnServer server = OwnServer.launch();
                TestDatabase database = server.createDatabase();
                CrashNodes nodes = new CrashNodes(database)) {
            CrashNode.createDelivered(database.dsl());
            List<String> tasks = List.of("write", "deliver", "deliver");
            List<Child> running =
                    new ArrayList<>(tasks.stream().map(nodes::start).toList());
            for (int kill = 0; kill < KILLS; kill++) {
                if (kill == KILLS / 2) {
                    server.crash();
                    server.restart();
                }
                long before = calls(database);
                Waiting.until(() -> calls(database) > before + CALLS_BETWEEN_KILLS);
                int victim = kill % tasks.size();
                running.get(victim).kill();
                running.set(victim, nodes.start(tasks.get(victim)));
            }
            running.forEach(Child::kill);
            deliverTheRest(database);
            compare(database);
        }
    }

    private static void deliverTheRest(TestDatabase database) {
        try (DbSchedulerDelivery delivery = DbSchedulerDelivery.on(database.pool(4), Deliveries.WATCHFUL)) {
            CrashNode.attach(
                    database.simpleDataSource(),
                    delivery,
                    (title, ctx) -> CrashNode.note(database.simpleDataSource(), title, ctx));
            delivery.start();
            Deliveries.drained(delivery);
            assertThat(delivery.status().parked()).isZero();
        }
    }

    private static void compare(TestDatabase database) {
        Set<String> stored =
                new HashSet<>(database.dsl().select(BOOK.TITLE).from(BOOK).fetch(BOOK.TITLE));
        List<String> delivered =
                database.dsl().fetch("select title from delivered").into(String.class);
        Set<String> once = new HashSet<>(delivered);
        int twice = delivered.size() - once.size();
        System.getLogger(CrashLoopTest.class.getName())
                .log(
                        System.Logger.Level.INFO,
                        "{0} kills and a crash of the server: {1} committed, {2} lost, {3} invented, {4} calls repeated",
                        KILLS,
                        stored.size(),
                        stored.stream().filter(title -> !once.contains(title)).count(),
                        once.stream().filter(title -> !stored.contains(title)).count(),
                        twice);
        assertThat(stored).hasSizeGreaterThan(CALLS_BETWEEN_KILLS * KILLS);
        assertThat(once).as("lost or invented").isEqualTo(stored);
        assertThat(database.dsl()
                        .fetch("select title, attempt from delivered group by title, attempt having count(*) > 1"))
                .as("an attempt that was made twice: what is repeated is so after an attempt that ended in a crash")
                .isEmpty();
        assertThat(twice).isLessThanOrEqualTo(UNDER_WAY * ENDS_OF_NODES);
    }
}
