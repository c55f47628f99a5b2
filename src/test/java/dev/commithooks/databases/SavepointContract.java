package dev.commithooks.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;

/** What holds on every database of a part of a transaction that is rolled back alone. */
abstract class SavepointContract extends BatchContract {

    @Test
    void nestedTransactionFailsAlone() {
        Shop shop = shop();
        shop.dsl.transaction(tx -> {
            shop.author(tx.dsl(), 1, "Ann").store();
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        shop.author(nested.dsl(), 2, "Bob").store();
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");
            shop.author(tx.dsl(), 3, "Cid").store();
        });

        assertThatTheSecondAloneHasFailed(shop);
    }

    @Test
    void savepointStatementsAreFollowed() {
        Shop shop = shop();
        shop.dsl.transaction(tx -> {
            shop.author(tx.dsl(), 1, "Ann").store();
            tx.dsl().execute("savepoint Mine");
            shop.author(tx.dsl(), 2, "Bob").store();
            tx.dsl().execute("rollback to savepoint mine");
            shop.author(tx.dsl(), 3, "Cid").store();
        });

        assertThatTheSecondAloneHasFailed(shop);
    }

    /** H2 replaces the first by the second and does nothing at RELEASE, MariaDB replaces it, others hide it until then. */
    @Test
    void savepointsOfOneNameAreFollowedAsTheDatabaseDoes() {
        Shop shop = shop();
        shop.dsl.transaction(tx -> {
            tx.dsl().execute("savepoint mine");
            shop.author(tx.dsl(), 1, "Ann").store();
            tx.dsl().execute("savepoint mine");
            shop.author(tx.dsl(), 2, "Bob").store();
            tx.dsl().execute("release savepoint mine");
            shop.author(tx.dsl(), 3, "Cid").store();
            try {
                tx.dsl().execute("rollback to savepoint mine");
            } catch (DataAccessException gone) {
                // Then nothing was undone.
            }
        });

        List<String> told = shop.told.drain();
        assertThat(told.stream()
                        .filter(event -> event.startsWith("after insert"))
                        .map(event -> switch (event) {
                            case "after insert author[1]" -> "Ann";
                            case "after insert author[2]" -> "Bob";
                            default -> "Cid";
                        }))
                .containsExactlyElementsOf(shop.rows());
        assertThat(told.stream().filter(event -> event.startsWith("failed")))
                .hasSize(3 - shop.rows().size());
    }

    private static void assertThatTheSecondAloneHasFailed(Shop shop) {
        assertThat(shop.told.drain())
                .containsExactly(
                        "failed SAVEPOINT insert author[2]",
                        "before insert author[1]",
                        "before insert author[3]",
                        "after insert author[1]",
                        "after insert author[3]");
        assertThat(shop.rows()).containsExactly("Ann", "Cid");
    }
}
