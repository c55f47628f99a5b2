package dev.commithooks.durable;

import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.OwnServer;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.fixture.Waiting;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Kills nodes, each in a JVM of its own, by SIGKILL at every point where a crash could lose or invent a call. */
@Database
class CrashTest {

    /** How often the loop kills; a few times here, many in the leg of CI that takes its time. */
    private static final int KILLS = Integer.getInteger("commithooks.test.kills", 2);

    private final TestDatabase database;
    private final List<Node> nodes = new ArrayList<>();

    CrashTest(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void makeTheTableOfWhatIsDelivered() {
        database.dsl().execute("create table if not exists delivered (title text not null)");
    }

    @AfterEach
    void killTheRest() {
        nodes.forEach(Node::kill);
    }

    private record Node(Process process, BufferedReader output) {

        /** Waits for a line that begins so. */
        String says(String beginning) {
            try {
                String line = output.readLine();
                while (line != null && !line.startsWith(beginning)) {
                    line = output.readLine();
                }
                assertThat(line).as("a line that begins with '%s'", beginning).isNotNull();
                return String.valueOf(line);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        void kill() {
            try {
                process.destroyForcibly().waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Node node(String task) {
        try {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-Dorg.jooq.no-logo=true",
                            "-Dorg.jooq.no-tips=true",
                            "-cp",
                            System.getProperty("java.class.path"),
                            CrashNode.class.getName(),
                            task,
                            database.jdbcUrl(),
                            database.user(),
                            database.password())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Node node = new Node(process, process.inputReader());
            nodes.add(node);
            return node;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> stored() {
        return database.dsl().select(BOOK.TITLE).from(BOOK).fetch(BOOK.TITLE);
    }

    private List<String> delivered() {
        return database.dsl().fetch("select title from delivered").into(String.class);
    }

    /** Delivers in this JVM until nothing is left. */
    private void deliverTheRest() {
        try (DbSchedulerDelivery delivery = DbSchedulerDelivery.on(database.pool(4), Deliveries.WATCHFUL)) {
            CrashNode.attach(
                    database.simpleDataSource(),
                    delivery,
                    (title, ctx) -> CrashNode.note(database.simpleDataSource(), title));
            delivery.start();
            Deliveries.drained(delivery);
        }
    }

    @Test
    void killedBeforeCommitLeavesNeitherRowNorParcel() {
        Node node = node("stop-before-commit");
        assertThat(node.says("about to commit")).endsWith("parcels: 1");

        node.kill();
        deliverTheRest();

        assertThat(stored()).isEmpty();
        assertThat(delivered()).isEmpty();
    }

    @Test
    void killedAfterCommitIsDeliveredByAnotherNode() {
        Node node = node("stop-after-commit");
        node.says("committed");

        node.kill();
        deliverTheRest();

        assertThat(stored()).containsExactly("committed");
        assertThat(delivered()).containsExactly("committed");
    }

    @Test
    void killedInTheHookIsDeliveredByAnotherNode() {
        Node writer = node("stop-after-commit");
        writer.says("committed");
        Node node = node("stop-in-hook");
        node.says("in hook");

        node.kill();
        deliverTheRest();

        assertThat(stored()).containsExactly("committed");
        assertThat(delivered()).containsExactly("committed");
    }

    @Test
    void killedAfterTheHookAndBeforeTheParcelIsRemovedIsDeliveredTwice() {
        Node writer = node("stop-after-commit");
        writer.says("committed");
        Node node = node("stop-after-hook");
        node.says("hook done");

        node.kill();
        assertThat(delivered()).containsExactly("committed");
        deliverTheRest();

        assertThat(stored()).containsExactly("committed");
        assertThat(delivered()).containsExactly("committed", "committed");
    }

    @Test
    void whoeverIsKilledHoweverOftenNothingIsLostAndNothingInvented() {
        for (int kill = 0; kill < KILLS; kill++) {
            Node writer = node("write");
            Node worker = node("deliver");
            writer.says("writing");
            worker.says("delivering");
            int before = delivered().size();
            Waiting.until(() -> delivered().size() > before + 50);
            (kill % 2 == 0 ? writer : worker).kill();
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            (kill % 2 == 0 ? worker : writer).kill();
        }
        deliverTheRest();

        List<String> stored = stored();
        List<String> delivered = delivered();
        Set<String> once = new HashSet<>(delivered);
        assertThat(stored).hasSizeGreaterThan(50 * KILLS);
        assertThat(once).as("lost or invented").isEqualTo(new HashSet<>(stored));
        System.getLogger(CrashTest.class.getName())
                .log(
                        System.Logger.Level.INFO,
                        "{0} kills, {1} committed, {2} delivered, {3} twice",
                        KILLS,
                        stored.size(),
                        delivered.size(),
                        delivered.size() - once.size());
    }

    @Test
    void serverThatCrashesInTheMiddleLosesNothing() {
        try (OwnServer server = OwnServer.launch();
                TestDatabase own = server.createDatabase();
                DbSchedulerDelivery delivery = DbSchedulerDelivery.on(own.simpleDataSource(), Deliveries.WATCHFUL)) {
            own.dsl().execute("create table delivered (title text not null)");
            DSLContext dsl = CrashNode.attach(
                    own.simpleDataSource(), delivery, (title, ctx) -> CrashNode.note(own.simpleDataSource(), title));
            delivery.start();

            for (int i = 0; i < 60; i++) {
                String title = "book " + i;
                if (i == 30) {
                    server.crash();
                    assertThat(org.assertj.core.api.Assertions.catchThrowable(
                                    () -> dsl.transaction(tx -> CrashNode.store(tx, "while it is down"))))
                            .isInstanceOf(DataAccessException.class);
                    server.restart();
                }
                dsl.transaction(tx -> CrashNode.store(tx, title));
            }
            Waiting.until(
                    () -> own.dsl().fetchCount(BOOK) <= own.dsl().fetchCount(org.jooq.impl.DSL.table("delivered")));
            Deliveries.drained(delivery);

            Set<String> stored =
                    new HashSet<>(own.dsl().select(BOOK.TITLE).from(BOOK).fetch(BOOK.TITLE));
            assertThat(stored).hasSize(60);
            assertThat(new HashSet<>(
                            own.dsl().fetch("select title from delivered").into(String.class)))
                    .isEqualTo(stored);
        }
    }
}
