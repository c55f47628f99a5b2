package dev.commithooks.faults;

import static dev.commithooks.bookshop.shop.Tables.REVIEW;
import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.faults.FailingConnections.Point;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever fails next to COMMIT: a good COMMIT stays one, and nothing is left open. */
class FailuresAroundCommitTest extends FailuresFixture {

    FailuresAroundCommitTest(TestDatabase database) {
        super(database);
    }

    @ParameterizedTest
    @EnumSource(names = {"ACQUIRE", "AUTOCOMMIT_OFF"})
    void failedBeginTellsNobodyAndLeavesNothing(Point point) {
        DSLContext dsl = dsl();
        connections.failAt(point);

        assertThatThrownBy(() -> dsl.transaction(tx -> store(tx, "never"))).hasStackTraceContaining(point + " fails");

        assertThat(told.events()).isEmpty();
        assertThat(connections.released).hasValue(connections.acquired.get());
        connections.recover();
        assertIsAsGoodAsNew(dsl);
    }

    @Test
    void exhaustedPoolIsWaitedForOnce() throws SQLException {
        DSLContext dsl = dsl();
        long waited;
        try (Connection held = pool.getConnection()) {
            assertThat(held.isValid(1)).isTrue();
            long start = System.nanoTime();
            assertThatThrownBy(() -> dsl.transaction(tx -> store(tx, "never")))
                    .isInstanceOf(DataAccessException.class)
                    .hasRootCauseInstanceOf(java.sql.SQLTransientConnectionException.class);
            waited = System.nanoTime() - start;
        }

        assertThat(waited).isLessThan(TimeUnit.MILLISECONDS.toNanos(2 * pool.getConnectionTimeout()));
        assertThat(told.events()).isEmpty();
        assertIsAsGoodAsNew(dsl);
    }

    @Test
    void failedNestedBeginLetsTheParentGoOn() {
        DSLContext dsl = dsl();

        dsl.transaction(tx -> {
            store(tx, "ann");
            connections.failAt(Point.SAVEPOINT);
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> store(nested, "never")))
                    .hasStackTraceContaining("SAVEPOINT fails");
            connections.recover();
            tx.dsl().transaction(nested -> store(nested, "bob"));
        });

        assertThat(told.events())
                .containsExactly("before INSERT ann", "before INSERT bob", "after INSERT ann", "after INSERT bob");
        assertThat(owners(database)).containsExactly("ann", "bob");
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTOCOMMIT_ON", "RELEASE"})
    void failedCleanUpAfterAGoodCommitIsNoFailedCommit(Point point) {
        DSLContext dsl = dsl();
        connections.failAt(point);

        Long id = dsl.transactionResult(tx -> store(tx, "ann").getId());

        assertThat(id).isNotNull();
        assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
        assertThat(cleanUps).singleElement().satisfies(e -> assertThat(e).hasMessage(point + " fails"));
        assertThat(owners(database)).containsExactly("ann");
        connections.recover();
        assertIsAsGoodAsNew(dsl);
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTOCOMMIT_ON", "RELEASE"})
    void errorInTheCleanUpIsNoFailedCommitEither(Point point) {
        DSLContext dsl = dsl();
        connections.failWithErrorAt(point);

        dsl.transaction(tx -> store(tx, "ann"));

        assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
        connections.recover();
        assertIsAsGoodAsNew(dsl);
    }

    @Test
    void commitThatFailsBeforeItIsSentProvesNothing() {
        DSLContext dsl = dsl();
        connections.failAt(Point.COMMIT_BEFORE_IT_IS_SENT);

        assertThatThrownBy(() -> dsl.transaction(tx -> store(tx, "ann")))
                .isInstanceOf(TransactionInDoubtException.class);

        assertThat(told.events()).containsExactly("before INSERT ann", "inDoubt INSERT ann");
        assertThat(owners(database)).isEmpty();
        connections.recover();
        assertIsAsGoodAsNew(dsl);
    }

    @Test
    void commitThatFailsAfterItSucceededIsInDoubt() {
        DSLContext dsl = dsl();
        connections.failAt(Point.COMMIT_AFTER_IT_SUCCEEDED);

        assertThatThrownBy(() -> dsl.transaction(tx -> store(tx, "ann")))
                .isInstanceOf(TransactionInDoubtException.class);

        assertThat(told.events()).containsExactly("before INSERT ann", "inDoubt INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
        connections.recover();
        assertIsAsGoodAsNew(dsl);
    }

    @Test
    void errorOutOfCommitLeavesNothingOpen() {
        DSLContext dsl = dsl();
        connections.failWithErrorAt(Point.COMMIT_BEFORE_IT_IS_SENT);

        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> store(tx, "ann")));

        assertThat(thrown).isNotNull();
        assertThat(told.events()).containsExactly("before INSERT ann", "inDoubt INSERT ann");
        connections.recover();
        assertIsAsGoodAsNew(dsl);
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void refusedCommitReachesTheCallerAsJooqGivesIt() {
        DSLContext dsl = dsl();

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    store(tx, "ann");
                    tx.dsl()
                            .insertInto(REVIEW)
                            .set(REVIEW.BOOK_ID, 4711L)
                            .set(REVIEW.RATING, (short) 1)
                            .execute();
                }))
                .isInstanceOfSatisfying(DataAccessException.class, e -> {
                    assertThat(e.sqlState()).isEqualTo("23503");
                    assertThat(e).hasMessageContaining("Cannot commit transaction");
                });

        assertThat(told.events()).containsExactly("before INSERT ann", "failed INSERT ann COMMIT");
        assertThat(owners(database)).isEmpty();
        assertIsAsGoodAsNew(dsl);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RuntimeException", "IOException", "Error"})
    void whatTheWorkThrowsRollsBackAndReachesTheCaller(String kind) {
        Throwable work = switch (kind) {
            case "RuntimeException" -> new IllegalStateException("work");
            case "IOException" -> new IOException("work");
            default -> new StackOverflowError("work");
        };

        Throwable thrown = catchThrowable(() -> dsl().transaction(tx -> {
            store(tx, "ann");
            throw work;
        }));

        assertThat(thrown instanceof DataAccessException ? thrown.getCause() : thrown)
                .isSameAs(work);
        assertThat(told.events()).containsExactly("failed INSERT ann WORK");
        assertThat(owners(database)).isEmpty();
    }

    @Test
    void connectionClosedByTheWorkIsAFailedCommit() {
        DSLContext dsl = dsl();

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    store(tx, "ann");
                    tx.dsl().connection(Connection::close);
                }))
                .isInstanceOf(DataAccessException.class)
                .hasStackTraceContaining("rolled back");

        assertThat(told.events()).last().isEqualTo("failed INSERT ann COMMIT");
        assertThat(owners(database)).isEmpty();
        assertIsAsGoodAsNew(dsl);
    }

    @Test
    void interruptedWorkKeepsItsInterrupt() {
        DSLContext dsl = dsl();
        try {
            dsl.transaction(tx -> {
                store(tx, "ann");
                Thread.currentThread().interrupt();
            });
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }

        assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }
}
