package dev.commithooks.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Statements that control the transaction are seen by whichever of JDBC's methods they are made and executed. */
@Database
class DoorsOfAConnectionTest extends TrackedFixture {

    private static final String SAVEPOINT = "savepoint s";
    private static final int TYPE = ResultSet.TYPE_FORWARD_ONLY;
    private static final int CONCURRENCY = ResultSet.CONCUR_READ_ONLY;
    private static final int HOLD = ResultSet.HOLD_CURSORS_OVER_COMMIT;

    DoorsOfAConnectionTest(TestDatabase database) {
        super(database);
    }

    private interface Making<S extends Statement> {
        S of(Connection connection) throws SQLException;
    }

    private interface Executing<S extends Statement> {
        void on(S statement) throws SQLException;
    }

    private static final List<Making<PreparedStatement>> PREPARED = List.of(
            connection -> connection.prepareStatement(SAVEPOINT),
            connection -> connection.prepareStatement(SAVEPOINT, Statement.NO_GENERATED_KEYS),
            connection -> connection.prepareStatement(SAVEPOINT, new int[0]),
            connection -> connection.prepareStatement(SAVEPOINT, new String[0]),
            connection -> connection.prepareStatement(SAVEPOINT, TYPE, CONCURRENCY),
            connection -> connection.prepareStatement(SAVEPOINT, TYPE, CONCURRENCY, HOLD),
            connection -> connection.prepareCall(SAVEPOINT),
            connection -> connection.prepareCall(SAVEPOINT, TYPE, CONCURRENCY),
            connection -> connection.prepareCall(SAVEPOINT, TYPE, CONCURRENCY, HOLD));

    private static final List<Executing<PreparedStatement>> OF_PREPARED = List.of(
            PreparedStatement::execute,
            PreparedStatement::executeUpdate,
            PreparedStatement::executeLargeUpdate,
            statement -> {
                statement.addBatch();
                statement.executeBatch();
            },
            statement -> {
                statement.addBatch();
                statement.executeLargeBatch();
            });

    private static final List<Making<Statement>> PLAIN = List.of(
            Connection::createStatement,
            connection -> connection.createStatement(TYPE, CONCURRENCY),
            connection -> connection.createStatement(TYPE, CONCURRENCY, HOLD));

    private static final List<Executing<Statement>> OF_PLAIN = List.of(
            statement -> statement.execute(SAVEPOINT),
            statement -> statement.execute(SAVEPOINT, Statement.NO_GENERATED_KEYS),
            statement -> statement.execute(SAVEPOINT, new int[0]),
            statement -> statement.execute(SAVEPOINT, new String[0]),
            statement -> statement.executeUpdate(SAVEPOINT),
            statement -> statement.executeUpdate(SAVEPOINT, Statement.NO_GENERATED_KEYS),
            statement -> statement.executeUpdate(SAVEPOINT, new int[0]),
            statement -> statement.executeUpdate(SAVEPOINT, new String[0]),
            statement -> statement.executeLargeUpdate(SAVEPOINT),
            statement -> statement.executeLargeUpdate(SAVEPOINT, Statement.NO_GENERATED_KEYS),
            statement -> statement.executeLargeUpdate(SAVEPOINT, new int[0]),
            statement -> statement.executeLargeUpdate(SAVEPOINT, new String[0]),
            statement -> {
                statement.addBatch(SAVEPOINT);
                statement.executeBatch();
            },
            statement -> {
                statement.addBatch(SAVEPOINT);
                statement.executeLargeBatch();
            });

    @Test
    void ofPreparedAndCallableStatements() {
        assertThatAllAreSeen(PREPARED, OF_PREPARED);
    }

    @Test
    void ofPlainStatements() {
        assertThatAllAreSeen(PLAIN, OF_PLAIN);
    }

    private <S extends Statement> void assertThatAllAreSeen(List<Making<S>> makings, List<Executing<S>> executings) {
        onPool(tx -> tx.dsl().connection(connection -> {
            for (Making<S> making : makings) {
                for (Executing<S> executing : executings) {
                    events.events.clear();
                    try (S statement = making.of(connection)) {
                        executing.on(statement);
                    }
                    assertThat(events.events)
                            .as("%d, %d", makings.indexOf(making), executings.indexOf(executing))
                            .isEqualTo(Collections.singletonList("executed SAVEPOINT"));
                }
            }
        }));
    }
}
