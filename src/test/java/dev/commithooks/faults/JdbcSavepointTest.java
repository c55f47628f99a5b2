package dev.commithooks.faults;

import static dev.commithooks.faults.Told.store;
import static dev.commithooks.fixture.JooqStatements.rollbackToSavepoint;
import static dev.commithooks.fixture.JooqStatements.savepoint;

import dev.commithooks.fixture.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jooq.ConnectionProvider;
import org.jooq.DSLContext;
import org.jooq.TransactionContext;
import org.jooq.TransactionProvider;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.impl.DataSourceConnectionProvider;
import org.junit.jupiter.api.Test;

/** Savepoints that are set by JDBC, or on a connection that is hard to see. */
class JdbcSavepointTest extends SavepointFixture {

    JdbcSavepointTest(TestDatabase database) {
        super(database);
    }

    @Test
    void statementsThroughJooqAreFollowedOnAConnectionThatTheUsersProviderKeepsToItself() {
        DataSource pool = database.pool(1);
        DSLContext own = database.dsl(pool);
        own.configuration().set(new OwnConnections(pool));

        told.attachTo(own).transaction(tx -> {
            store(tx, "ann");
            tx.dsl().execute("savepoint s");
            store(tx, "bob");
            execute(tx, "rollback to s");
            savepoint(tx.dsl(), "t").execute();
            store(tx, "cid");
            rollbackToSavepoint(tx.dsl(), "t").execute();
        });

        assertTold("failed INSERT bob SAVEPOINT", "failed INSERT cid SAVEPOINT", "ann");
    }

    /** A provider that hands out its connection by a connection provider that only it knows. */
    private record OwnConnections(DataSource pool) implements TransactionProvider {

        private interface Jdbc {
            void run() throws SQLException;
        }

        private static void jdbc(Jdbc step) {
            try {
                step.run();
            } catch (SQLException e) {
                throw new DataAccessException("jdbc", e);
            }
        }

        @Override
        public void begin(TransactionContext ctx) {
            Connection connection = new DataSourceConnectionProvider(pool).acquire();
            jdbc(() -> connection.setAutoCommit(false));
            ctx.configuration().set(new ConnectionProvider() {
                @Override
                public Connection acquire() {
                    return connection;
                }

                @Override
                public void release(Connection released) {}
            });
        }

        @Override
        public void commit(TransactionContext ctx) {
            Connection connection = ctx.configuration().connectionProvider().acquire();
            jdbc(() -> {
                connection.commit();
                connection.setAutoCommit(true);
                connection.close();
            });
        }

        @Override
        public void rollback(TransactionContext ctx) {
            Connection connection = ctx.configuration().connectionProvider().acquire();
            jdbc(() -> {
                connection.rollback();
                connection.setAutoCommit(true);
                connection.close();
            });
        }
    }

    @Test
    void jdbcSavepointsAreFollowed() {
        dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().connection(connection -> {
                Savepoint unnamed = connection.setSavepoint();
                store(tx, "bob");
                connection.rollback(unnamed);
                connection.releaseSavepoint(unnamed);
                Savepoint named = connection.setSavepoint("named");
                store(tx, "cid");
                connection.rollback(named);
            });
        });

        assertTold("failed INSERT bob SAVEPOINT", "failed INSERT cid SAVEPOINT", "ann");
    }

    @Test
    void jdbcAndSqlMeanTheSameSavepoint() {
        String quoted = dsl.render(DSL.quotedName("T"));
        dsl.transaction(tx -> {
            connection(tx, connection -> connection.setSavepoint("s"));
            store(tx, "ann");
            execute(tx, "rollback to s");
            tx.dsl().execute("savepoint " + quoted);
            store(tx, "bob");
            execute(tx, "release " + quoted);
        });

        assertTold("failed INSERT ann SAVEPOINT", "bob");
    }

    @Test
    void statementsOfPlainJdbcAreFollowedToo() {
        dsl.transaction(tx -> {
            connection(tx, connection -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("savepoint s");
                }
            });
            store(tx, "ann");
            connection(tx, connection -> {
                try (PreparedStatement statement = connection.prepareStatement("rollback to savepoint S")) {
                    statement.execute();
                }
            });
            store(tx, "bob");
        });

        assertTold("failed INSERT ann SAVEPOINT", "bob");
    }
}
