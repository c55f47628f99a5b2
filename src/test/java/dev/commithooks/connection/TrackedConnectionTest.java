package dev.commithooks.connection;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.engine.connection.CommitFailure;
import dev.commithooks.engine.connection.TrackedConnection;
import dev.commithooks.engine.connection.TrackedConnectionProvider;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.DSLContext;
import org.jooq.ExecuteListener;
import org.jooq.SQLDialect;
import org.jooq.TransactionProvider;
import org.jooq.TransactionalRunnable;
import org.jooq.exception.DataAccessException;
import org.jooq.exception.DetachedException;
import org.jooq.impl.DSL;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultTransactionProvider;
import org.jooq.impl.NoConnectionProvider;
import org.jooq.tools.jdbc.DefaultConnection;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.PgConnection;

/** jOOQ's own transaction provider on a tracked connection. */
@Database
class TrackedConnectionTest {

    private final TestDatabase database;
    private final RecordedEvents events = new RecordedEvents();

    TrackedConnectionTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    void commitIsSeenBeforeAndAfter() {
        onPool(tx -> insert(tx, "kept"));

        assertThat(events.events).containsExactly("committing", "committed", "autoCommitSwitchedOn");
        assertThat(owners()).containsExactly("kept");
    }

    @Test
    void vetoKeepsCommitFromBeingSent() {
        events.veto = new SQLException("not now");

        assertThatThrownBy(() -> onPool(tx -> insert(tx, "lost"))).hasRootCause(events.veto);

        assertThat(events.events).containsExactly("committing", "rolledBack", "autoCommitSwitchedOn");
        assertThat(owners()).isEmpty();
    }

    @Test
    void savepointsOfNestedTransactionsAreSeen() {
        onPool(tx -> {
            tx.dsl().transaction(nested -> insert(nested, "released"));
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        insert(nested, "rolled back");
                        throw new IllegalStateException();
                    }))
                    .isInstanceOf(IllegalStateException.class);
        });

        assertThat(events.events)
                .containsExactly(
                        "set unnamed",
                        "released unnamed",
                        "set unnamed",
                        "rolledBackTo unnamed",
                        "committing",
                        "committed",
                        "autoCommitSwitchedOn");
        assertThat(owners()).containsExactly("released");
    }

    @Test
    void whatUsersDoOnTheConnectionIsSeen() {
        onPool(tx -> tx.dsl().connection(connection -> {
            Savepoint named = connection.setSavepoint("Named");
            connection.rollback(named);
            connection.releaseSavepoint(connection.setSavepoint("x".repeat(70)));
            connection.rollback();
            connection.commit();
        }));

        assertThat(events.events)
                .containsExactly(
                        "set Named",
                        "rolledBackTo Named",
                        "set " + "x".repeat(63),
                        "released " + "x".repeat(63),
                        "rolledBack",
                        "committing",
                        "committed",
                        "committing",
                        "committed",
                        "autoCommitSwitchedOn");
    }

    @Test
    void switchingAutocommitOnIsSeenAsItCommits() {
        onPool(tx -> {
            insert(tx, "committed early");
            tx.dsl().connection(connection -> {
                connection.setAutoCommit(true);
                assertThat(owners()).containsExactly("committed early");
                connection.setAutoCommit(true);
                connection.setAutoCommit(false);
            });
        });

        assertThat(events.events)
                .containsExactly("autoCommitSwitchedOn", "committing", "committed", "autoCommitSwitchedOn");
    }

    @Test
    void statementsThatControlTheTransactionAreSeenHoweverTheyAreExecuted() {
        onPool(tx -> tx.dsl().connection(connection -> {
            try (Statement statement = connection.createStatement();
                    PreparedStatement prepared = connection.prepareStatement("rollback to one")) {
                statement.execute("savepoint one");
                statement.execute("savepoint two; select 1");
                prepared.execute();
                prepared.executeUpdate();
                statement.addBatch("select 2");
                statement.addBatch("release one");
                statement.executeBatch();
                statement.addBatch("commit");
                statement.clearBatch();
                assertThat(statement.getConnection()).isSameAs(connection);
                assertThatThrownBy(() -> statement.execute("rollback to nowhere"))
                        .isInstanceOf(SQLException.class);
                connection.rollback();
            }
            try (PreparedStatement plain = connection.prepareStatement("select 'a;commit'")) {
                assertThat(plain.executeQuery().next()).isTrue();
            }
        }));

        assertThat(events.events)
                .containsExactly(
                        "executed SAVEPOINT",
                        "executed SAVEPOINT",
                        "executed ROLLBACK_TO",
                        "executed ROLLBACK_TO",
                        "executed RELEASE",
                        "rolledBack",
                        "committing",
                        "committed",
                        "autoCommitSwitchedOn");
    }

    @Test
    void transactionEndedByAStatementIsFoundBeforeTheNextStatement() {
        onPool(tx -> {
            insert(tx, "lost");
            int idleBefore = events.idle;
            insert(tx, "lost");
            assertThat(events.idle).isEqualTo(idleBefore);

            tx.dsl()
                    .connection(
                            connection -> connection.unwrap(PgConnection.class).execSQLUpdate("rollback"));
            insert(tx, "kept");

            assertThat(events.idle).isGreaterThan(idleBefore);
        });
        assertThat(owners()).containsExactly("kept");
    }

    @Test
    void closingIsFoundByTheCommitThatIsNotSent() {
        events.wrote = false; // as far as its owner knows, nothing can have been committed before
        assertThatThrownBy(() -> onPool(tx -> {
                    insert(tx, "lost");
                    tx.dsl().connection(Connection::close);
                }))
                .isInstanceOf(DataAccessException.class);

        assertThat(events.events).startsWith("committing", "commitFailed");
        assertThat(events.failures.get(0))
                .isInstanceOf(SQLNonTransientConnectionException.class)
                .hasMessageContaining("was not sent");
        assertThat(CommitFailure.provesRollback(events.failures.get(0), events.dialect()))
                .isTrue();
        assertThat(owners()).isEmpty();
    }

    @Test
    void refusedCommitIsSeenAsFailed() {
        assertThatThrownBy(
                        () -> onPool(tx -> tx.dsl().execute("insert into review (book_id, rating) values (4711, 1)")))
                .isInstanceOfSatisfying(
                        DataAccessException.class, e -> assertThat(e.sqlState()).isEqualTo("23503"));

        assertThat(events.events).containsExactly("committing", "commitFailed", "rolledBack", "autoCommitSwitchedOn");
        assertThat(CommitFailure.provesRollback(events.failures.get(0), events.dialect()))
                .isTrue();
    }

    @Test
    void failedCleanUpIsNotAFailedCommit() {
        run(
                failing("setAutoCommit true", "setReadOnly", "setTransactionIsolation", "release"),
                tx -> insert(tx, "kept"));

        assertThat(events.events).containsExactly("committing", "committed", "cleanUpFailed", "cleanUpFailed");
        assertThat(owners()).containsExactly("kept");
    }

    @Test
    void failedCleanUpIsThrownWhereNobodyDealsWithIt() {
        events.dealsWithCleanUp = false;

        assertThatThrownBy(() -> run(failing("release"), tx -> insert(tx, "kept")))
                .hasMessage("release fails");

        assertThat(owners()).containsExactly("kept");
    }

    @Test
    void failedRollbackIsNotTurnedIntoACommit() {
        assertThatThrownBy(() -> run(failing("rollback"), tx -> {
                    insert(tx, "lost");
                    throw new IllegalStateException("work");
                }))
                .hasMessage("work");

        assertThat(events.events).containsExactly("cleanUpFailed");
        assertThat(events.failures.get(0)).hasMessageContaining("Autocommit is not switched on again");
        assertThat(owners()).isEmpty();
    }

    @Test
    void failedBeginGivesTheConnectionBackOnce() {
        assertThatThrownBy(() -> run(failing("setAutoCommit false"), tx -> insert(tx, "never")))
                .hasRootCauseMessage("setAutoCommit false fails");

        assertThat(acquired).hasValue(1);
        assertThat(releasedConnections).hasSize(1);
    }

    @Test
    void exhaustedPoolIsWaitedForOnce() throws SQLException {
        HikariDataSource pool = database.pool(1);
        AtomicInteger asked = new AtomicInteger();
        ConnectionProvider delegate = new DataSourceConnectionProvider(pool) {
            @Override
            public Connection acquire() {
                asked.incrementAndGet();
                return super.acquire();
            }
        };
        try (Connection held = pool.getConnection()) {
            assertThat(held.isValid(1)).isTrue();
            assertThatThrownBy(() -> run(delegate, tx -> insert(tx, "never")))
                    .isInstanceOfSatisfying(DataAccessException.class, e -> {
                        assertThat(e).hasMessageStartingWith("Error getting connection from data source");
                        assertThat(e.getSuppressed()).singleElement().asString().contains("acquiring one had failed");
                    });
        }
        assertThat(asked).hasValue(1);
        assertThat(events.events).isEmpty();
    }

    @Test
    void missingConnectionIsNamed() {
        assertThatThrownBy(() -> run(new NoConnectionProvider(), tx -> {}))
                .isInstanceOf(DetachedException.class)
                .hasMessageContaining("No JDBC connection");
    }

    @Test
    void releasedConnectionTellsNothing() {
        Connection[] kept = new Connection[1];
        HikariDataSource pool = database.pool(1);
        run(new DataSourceConnectionProvider(pool), tx -> tx.dsl().connection(connection -> kept[0] = connection));
        events.events.clear();

        assertThatThrownBy(() -> kept[0].rollback()).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> kept[0].setAutoCommit(true)).isInstanceOf(SQLException.class);

        assertThat(events.events).isEmpty();
    }

    @Test
    void wrapperIsReachedFromWhereverUsersGetAConnection() {
        List<Connection> seen = new ArrayList<>();
        DSLContext dsl = DSL.using(database.pool(1), SQLDialect.POSTGRES);
        dsl.configuration().set(ExecuteListener.onStart(ctx -> seen.add(ctx.connection())));
        run(dsl, new DataSourceConnectionProvider(database.pool(1)), tx -> {
            tx.dsl().connection(seen::add);
            seen.add(tx.connectionProvider().acquire());
            insert(tx, "seen");
            assertThat(seen).hasSize(3).allSatisfy(connection -> {
                assertThat(connection.isWrapperFor(TrackedConnection.class)).isTrue();
                assertThat(connection.unwrap(TrackedConnection.class)).isNotNull();
                assertThat(connection.isWrapperFor(PGConnection.class)).isTrue();
                assertThat(connection.unwrap(PGConnection.class).getBackendPID())
                        .isPositive();
            });
        });
    }

    private final AtomicInteger acquired = new AtomicInteger();
    private final List<Connection> releasedConnections = new ArrayList<>();

    /** Real connections that fail at some points. */
    private ConnectionProvider failing(String... points) {
        List<String> failing = List.of(points);
        return new DataSourceConnectionProvider(database.pool(1)) {
            @Override
            public Connection acquire() {
                acquired.incrementAndGet();
                return new DefaultConnection(super.acquire()) {
                    private void reach(String point) throws SQLException {
                        if (failing.contains(point)) {
                            throw new SQLException(point + " fails");
                        }
                    }

                    @Override
                    public void setAutoCommit(boolean autoCommit) throws SQLException {
                        reach("setAutoCommit " + autoCommit);
                        super.setAutoCommit(autoCommit);
                    }

                    @Override
                    public void rollback() throws SQLException {
                        reach("rollback");
                        super.rollback();
                    }
                };
            }

            @Override
            public void release(Connection connection) {
                releasedConnections.add(connection);
                super.release(connection);
                if (failing.contains("release")) {
                    throw new DataAccessException("release fails");
                }
            }
        };
    }

    private void onPool(TransactionalRunnable work) {
        run(new DataSourceConnectionProvider(database.pool(1)), work);
    }

    private void run(ConnectionProvider delegate, TransactionalRunnable work) {
        run(DSL.using(delegate, SQLDialect.POSTGRES), delegate, work);
    }

    private void run(DSLContext dsl, ConnectionProvider delegate, TransactionalRunnable work) {
        TrackedConnectionProvider tracked = new TrackedConnectionProvider(delegate, events);
        TransactionProvider provider = new DefaultTransactionProvider(tracked);
        try {
            dsl.configuration().derive(provider).dsl().transaction(work);
        } finally {
            assertThat(tracked.connection()).isNull();
        }
    }

    private static void insert(Configuration tx, String owner) {
        tx.dsl().insertInto(ACCOUNT).set(ACCOUNT.OWNER, owner).execute();
    }

    private List<String> owners() {
        return database.dsl().select(ACCOUNT.OWNER).from(ACCOUNT).fetch(ACCOUNT.OWNER);
    }
}
