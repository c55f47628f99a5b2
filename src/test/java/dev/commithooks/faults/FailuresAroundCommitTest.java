package dev.commithooks.faults;

import static dev.commithooks.bookshop.shop.Tables.REVIEW;
import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.faults.FailingConnections.Point;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInDoubtException;
import dev.commithooks.transaction.TransactionInfo;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jooq.DSLContext;
import org.jooq.TransactionContext;
import org.jooq.TransactionProvider;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DefaultTransactionProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever fails next to COMMIT: a good COMMIT stays one, and nothing is left open. */
@Database
class FailuresAroundCommitTest {

    private final TestDatabase database;
    private final Told told = new Told();
    private final HikariDataSource pool;
    private final FailingConnections connections;
    private final List<Throwable> cleanUps = new ArrayList<>();
    private final List<String> outcomes = new ArrayList<>();

    FailuresAroundCommitTest(TestDatabase database) {
        this.database = database;
        this.pool = database.pool(1);
        this.connections = new FailingConnections(pool);
    }

    private DSLContext dsl() {
        return told.attachTo(
                database.dsl(connections),
                hooks -> hooks.observer(new HookObserver() {
                    @Override
                    public void cleanUpFailed(TransactionInfo transaction, Throwable failure) {
                        cleanUps.add(failure);
                    }

                    @Override
                    public void outcome(
                            TransactionInfo transaction,
                            Outcome outcome,
                            @Nullable Failure failure,
                            int changes,
                            Duration duration) {
                        outcomes.add(outcome + (failure == null ? "" : " " + failure.stage()));
                    }
                }));
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
    void failedRollbackIsSuppressedAndNeverBecomesACommit() {
        DSLContext dsl = dsl();
        connections.failAt(Point.ROLLBACK);
        IllegalStateException work = new IllegalStateException("work");

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    store(tx, "ann");
                    throw work;
                }))
                .isSameAs(work);

        assertThat(work.getSuppressed()).isNotEmpty();
        assertThat(told.events()).containsExactly("failed INSERT ann WORK");
        assertThat(owners(database)).isEmpty();
        connections.recover();
        assertIsAsGoodAsNew(dsl);
    }

    @Test
    void outcomeIsObservedOnceWhenARollbackFails() {
        DSLContext dsl = dsl();
        for (boolean error : new boolean[] {false, true}) {
            if (error) {
                connections.failWithErrorAt(Point.ROLLBACK);
            } else {
                connections.failAt(Point.ROLLBACK);
            }
            assertThat(catchThrowable(() -> dsl.transaction(tx -> {
                        store(tx, "ann");
                        throw new IllegalStateException("work");
                    })))
                    .isNotNull();
            connections.recover();
            assertThat(outcomes).containsExactly("ROLLED_BACK WORK");
            outcomes.clear();
        }
        assertThat(owners(database)).isEmpty();
    }

    @Test
    void outcomeIsObservedOnceWhenTheRollbackOfAVetoedTransactionFails() {
        told.doing((event, ctx) -> {
            if (event.startsWith("before")) {
                throw new IllegalStateException("veto");
            }
        });
        DSLContext dsl = dsl();
        connections.failAt(Point.ROLLBACK);

        assertThatThrownBy(() -> dsl.transaction(tx -> store(tx, "ann"))).hasMessage("veto");

        assertThat(outcomes).containsExactly("ROLLED_BACK BEFORE_HOOK");
        assertThat(told.events()).containsExactly("before INSERT ann", "failed INSERT ann BEFORE_HOOK");
        assertThat(owners(database)).isEmpty();
        connections.recover();
    }

    @Test
    void errorOutOfRollbackLeavesNothingOpen() {
        DSLContext dsl = dsl();
        connections.failWithErrorAt(Point.ROLLBACK);

        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            throw new IllegalStateException("work");
        }));

        assertThat(thrown).isNotNull();
        assertThat(told.events()).containsExactly("failed INSERT ann WORK");
        assertThat(owners(database)).isEmpty();
        connections.recover();
        assertIsAsGoodAsNew(dsl);
    }

    @Test
    void failedRollbackToASavepointRollsTheWholeTransactionBack() {
        DSLContext dsl = dsl();

        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            connections.failAt(Point.ROLLBACK_TO_SAVEPOINT);
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        store(nested, "bob");
                        throw new IllegalStateException("nested");
                    }))
                    .hasMessage("nested");
        }));

        assertThat(thrown).isNotNull();
        assertThat(told.events())
                .filteredOn(event -> event.contains("ann"))
                .hasSize(1)
                .allMatch(event -> event.startsWith("failed"));
        assertThat(told.events())
                .filteredOn(event -> event.contains("bob"))
                .hasSize(1)
                .allMatch(event -> event.startsWith("failed"));
        assertThat(owners(database)).isEmpty();
        connections.recover();
        assertIsAsGoodAsNew(dsl);
    }

    @Test
    void failedReleaseOfASavepointIsIgnoredAsJooqDoes() {
        DSLContext dsl = dsl();
        connections.failAt(Point.RELEASE_OF_SAVEPOINT);

        dsl.transaction(tx -> tx.dsl().transaction(nested -> store(nested, "ann")));

        assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
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

    @Test
    void failedCleanUpOfAnExplicitProviderIsNoFailedCommitEither() {
        connections.failAt(Point.AUTOCOMMIT_ON);
        DSLContext dsl = told.attachTo(explicit(new DefaultTransactionProvider(connections)));

        dsl.transaction(tx -> store(tx, "ann"));

        assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
        connections.recover();
        assertIsAsGoodAsNew(dsl);
    }

    @Test
    void providerThatThrowsAfterItsCommitIsSeenThrough() {
        DSLContext dsl = told.attachTo(explicit(new ThrowingAfterCommit(new DefaultTransactionProvider(connections))));

        dsl.transaction(tx -> store(tx, "ann"));

        assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Test
    void connectionGoesBackToAnExplicitProviderAsItWasGiven() {
        List<Connection> given = new ArrayList<>();
        List<Connection> gotBack = new ArrayList<>();
        DSLContext dsl = told.attachTo(explicit(new DefaultTransactionProvider(new FailingConnections(pool) {
            @Override
            public Connection acquire() {
                Connection connection = super.acquire();
                given.add(connection);
                return connection;
            }

            @Override
            public void release(Connection connection) {
                gotBack.add(connection);
                super.release(connection);
            }
        })));

        dsl.transaction(tx -> store(tx, "ann"));
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    throw new IllegalStateException("work");
                }))
                .hasMessage("work");

        assertThat(gotBack).isEqualTo(given).hasSize(2);
    }

    /** Its connection is where nobody can see it: what its commit throws is judged by the exception alone. */
    @Test
    void providerWhoseConnectionCannotBeSeenIsInDoubt() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            DSLContext dsl = told.attachTo(database.configuration()
                    .set(connection)
                    .set(new ThrowingAfterCommit(new OnOneConnection(connection)))
                    .dsl());

            assertThatThrownBy(() -> dsl.transaction(tx -> store(tx, "ann")))
                    .isInstanceOf(TransactionInDoubtException.class);
        }

        assertThat(told.events()).containsExactly("before INSERT ann", "inDoubt INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    private DSLContext explicit(TransactionProvider provider) {
        return database.configuration().set(connections).set(provider).dsl();
    }

    private record ThrowingAfterCommit(TransactionProvider provider) implements TransactionProvider {

        @Override
        public void begin(TransactionContext ctx) {
            provider.begin(ctx);
        }

        @Override
        public void commit(TransactionContext ctx) {
            provider.commit(ctx);
            throw new IllegalStateException("after commit");
        }

        @Override
        public void rollback(TransactionContext ctx) {
            provider.rollback(ctx);
        }
    }

    private record OnOneConnection(Connection connection) implements TransactionProvider {

        private interface Work {
            void run() throws SQLException;
        }

        private static void doing(Work work) {
            try {
                work.run();
            } catch (SQLException e) {
                throw new DataAccessException(e.getMessage(), e);
            }
        }

        @Override
        public void begin(TransactionContext ctx) {
            doing(() -> connection.setAutoCommit(false));
        }

        @Override
        public void commit(TransactionContext ctx) {
            doing(() -> {
                connection.commit();
                connection.setAutoCommit(true);
            });
        }

        @Override
        public void rollback(TransactionContext ctx) {
            doing(() -> {
                connection.rollback();
                connection.setAutoCommit(true);
            });
        }
    }

    /** No scope is open, no connection held, and the next transaction begins with nothing of this one. */
    private void assertIsAsGoodAsNew(DSLContext dsl) {
        int before = told.events().size();
        assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();

        dsl.transaction(tx -> store(tx, "next"));

        assertThat(told.events().subList(before, told.events().size()))
                .containsExactly("before INSERT next", "after INSERT next");
        assertThat(owners(database)).contains("next");
    }
}
