package dev.commithooks.durable;

import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.durable.CrashNodes.Node;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.OwnServer;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.fixture.Waiting;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Kills nodes, each in a JVM of its own, by SIGKILL at every point where a crash could lose or invent a call. */
@Database
class CrashTest {

    private final TestDatabase database;
    private final CrashNodes nodes;

    CrashTest(TestDatabase database) {
        this.database = database;
        this.nodes = new CrashNodes(database);
    }

    @BeforeEach
    void makeTheTableOfWhatIsDelivered() {
        CrashNode.createDelivered(database.dsl());
    }

    @AfterEach
    void killTheRest() {
        nodes.close();
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
                    (title, ctx) -> CrashNode.note(database.simpleDataSource(), title, ctx));
            delivery.start();
            Deliveries.drained(delivery);
        }
    }

    @Test
    void killedBeforeCommitLeavesNeitherRowNorParcel() {
        Node node = nodes.start("stop-before-commit");
        assertThat(node.says("about to commit")).endsWith("parcels: 1");

        node.kill();
        deliverTheRest();

        assertThat(stored()).isEmpty();
        assertThat(delivered()).isEmpty();
    }

    @Test
    void killedAfterCommitIsDeliveredByAnotherNode() {
        Node node = nodes.start("stop-after-commit");
        node.says("committed");

        node.kill();
        deliverTheRest();

        assertThat(stored()).containsExactly("committed");
        assertThat(delivered()).containsExactly("committed");
    }

    @Test
    void killedInTheHookIsDeliveredByAnotherNode() {
        Node writer = nodes.start("stop-after-commit");
        writer.says("committed");
        Node node = nodes.start("stop-in-hook");
        node.says("in hook");

        node.kill();
        deliverTheRest();

        assertThat(stored()).containsExactly("committed");
        assertThat(delivered()).containsExactly("committed");
    }

    @Test
    void killedAfterTheHookAndBeforeTheParcelIsRemovedIsDeliveredTwice() {
        Node writer = nodes.start("stop-after-commit");
        writer.says("committed");
        Node node = nodes.start("stop-after-hook");
        node.says("hook done");

        node.kill();
        assertThat(delivered()).containsExactly("committed");
        deliverTheRest();

        assertThat(stored()).containsExactly("committed");
        assertThat(delivered()).containsExactly("committed", "committed");
    }

    @Test
    void hookThatKillsItsJvmIsParkedWhenItHasUsedUpItsAttempts() {
        nodes.start("stop-after-commit").says("committed");
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThat(nodes.start("die-in-hook").waitForItsEnd()).isEqualTo(CrashNode.DIED_IN_HOOK);
        }
        try (DbSchedulerDelivery delivery = DbSchedulerDelivery.on(database.pool(4), CrashNode.MORTAL)) {
            CrashNode.attach(database.simpleDataSource(), delivery, (title, ctx) -> {
                throw new AssertionError("called once more");
            });
            delivery.start();
            Deliveries.drained(delivery);

            assertThat(stored()).containsExactly("committed");
            assertThat(delivered()).isEmpty();
            assertThat(delivery.parked()).singleElement().satisfies(parked -> {
                assertThat(parked.attempts()).isEqualTo(2);
                assertThat(parked.error()).endsWith("died during the attempt");
            });
        }
    }

    @Test
    void serverThatCrashesInTheMiddleLosesNothing() {
        try (OwnServer server = OwnServer.launch();
                TestDatabase own = server.createDatabase();
                DbSchedulerDelivery delivery = DbSchedulerDelivery.on(own.simpleDataSource(), Deliveries.WATCHFUL)) {
            CrashNode.createDelivered(own.dsl());
            DSLContext dsl = CrashNode.attach(
                    own.simpleDataSource(),
                    delivery,
                    (title, ctx) -> CrashNode.note(own.simpleDataSource(), title, ctx));
            delivery.start();

            for (int i = 0; i < 60; i++) {
                String title = "book " + i;
                if (i == 30) {
                    server.crash();
                    assertThat(catchThrowable(() -> dsl.transaction(tx -> CrashNode.store(tx, "while it is down"))))
                            .isInstanceOf(DataAccessException.class);
                    server.restart();
                }
                dsl.transaction(tx -> CrashNode.store(tx, title));
            }
            Waiting.until(() -> own.dsl().fetchCount(BOOK) <= own.dsl().fetchCount(DSL.table("delivered")));
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
