package dev.commithooks.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.engine.connection.CommitFailure;
import dev.commithooks.engine.connection.TrackedConnectionProvider;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jooq.ConnectionProvider;
import org.jooq.exception.DataAccessException;
import org.jooq.exception.DetachedException;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.NoConnectionProvider;
import org.jooq.tools.jdbc.DefaultConnection;
import org.junit.jupiter.api.Test;

/** Failures of a connection are seen as what they are: of the commit, of the clean-up or of the begin. */
@Database
class FailingConnectionTest extends TrackedFixture {

    FailingConnectionTest(TestDatabase database) {
        super(database);
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
        HikariDataSource pool = database.impatientPool(1);
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

    /** jOOQ asks for one to roll back what it does not know to be committed, and would end somebody else's transaction on it. */
    @Test
    void whoAsksAfterTheEndGetsNoOtherConnection() {
        TrackedConnectionProvider tracked = new TrackedConnectionProvider(failing(), events);
        tracked.release(tracked.acquire());

        assertThatThrownBy(tracked::acquire)
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("the transaction has ended and given back the one it had");
        assertThat(acquired).hasValue(1);
        assertThat(releasedConnections).hasSize(1);
    }

    @Test
    void missingConnectionIsNamed() {
        assertThatThrownBy(() -> run(new NoConnectionProvider(), tx -> {}))
                .isInstanceOf(DetachedException.class)
                .hasMessageContaining("No JDBC connection");
    }
}
