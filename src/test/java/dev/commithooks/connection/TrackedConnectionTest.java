package dev.commithooks.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.engine.connection.TrackedConnection;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.ExecuteListener;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.impl.DataSourceConnectionProvider;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.PgConnection;

/** What happens to a transaction on its connection is seen, whoever does it and however. */
@Database
class TrackedConnectionTest extends TrackedFixture {

    TrackedConnectionTest(TestDatabase database) {
        super(database);
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
}
