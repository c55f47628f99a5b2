package dev.commithooks.durable;

import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.ChildJvms.Child;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import java.util.List;
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

    /** Commits a row and its parcel in this JVM, which does not deliver. */
    private void commit() {
        CrashNode.writing(database.simpleDataSource()).transaction(tx -> CrashNode.store(tx, "committed"));
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
        Child node = nodes.start("stop-before-commit");
        assertThat(node.says("about to commit")).endsWith("parcels: 1");

        node.kill();
        deliverTheRest();

        assertThat(stored()).isEmpty();
        assertThat(delivered()).isEmpty();
    }

    @Test
    void killedAfterCommitIsDeliveredByAnotherNode() {
        Child node = nodes.start("stop-after-commit");
        node.says("committed");

        node.kill();
        deliverTheRest();

        assertThat(stored()).containsExactly("committed");
        assertThat(delivered()).containsExactly("committed");
    }

    @Test
    void killedInTheHookIsDeliveredByAnotherNode() {
        commit();
        Child node = nodes.start("stop-in-hook");
        node.says("in hook");

        node.kill();
        deliverTheRest();

        assertThat(stored()).containsExactly("committed");
        assertThat(delivered()).containsExactly("committed");
    }

    @Test
    void killedAfterTheHookAndBeforeTheParcelIsRemovedIsDeliveredTwice() {
        commit();
        Child node = nodes.start("stop-after-hook");
        node.says("hook done");

        node.kill();
        assertThat(delivered()).containsExactly("committed");
        deliverTheRest();

        assertThat(stored()).containsExactly("committed");
        assertThat(delivered()).containsExactly("committed", "committed");
    }

    @Test
    void hookThatKillsItsJvmIsParkedWhenItHasUsedUpItsAttempts() {
        commit();
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
}
