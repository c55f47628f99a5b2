package dev.commithooks.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TcpProxy;
import dev.commithooks.fixture.TcpProxy.Fault;
import dev.commithooks.fixture.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What pgjdbc says of a COMMIT. */
@Database
class DriverTest {

    private static final String HEADING = "## pgjdbc";

    /** What happens to a connection with a row written, up to and including {@code commit()}. */
    private interface Ending {
        void of(Connection connection) throws SQLException;
    }

    private static final Map<String, Ending> ENDINGS = Map.of(
            "nothing is wrong", Connection::commit,
            "an SQL error was swallowed", DriverTest::aborted,
            "ROLLBACK was sent by SQL before", DriverTest::rolledBackBySql,
            "the answer is lost", Connection::commit,
            "COMMIT is lost on its way", Connection::commit);

    private static final Map<String, Fault> FAULTS = Map.of(
            "the answer is lost", Fault.CUT_BEFORE_ANSWER, "COMMIT is lost on its way", Fault.CUT_BEFORE_ARRIVAL);

    private final TestDatabase database;

    DriverTest(TestDatabase database) {
        this.database = database;
    }

    static Stream<SignalLine> lines() {
        return SignalLine.under(HEADING);
    }

    @Test
    void pageTellsOfEachSituation() {
        SignalLine.tellsOfAll(HEADING, ENDINGS.keySet());
    }

    @ParameterizedTest
    @MethodSource("lines")
    void happensAsThePageSays(SignalLine line) throws SQLException {
        Ending ending = Objects.requireNonNull(ENDINGS.get(line.situation()));
        Fault fault = FAULTS.get(line.situation());
        String said;
        if (fault == null) {
            said = saidAtCommit(database.simpleDataSource(), ending);
        } else {
            try (TcpProxy proxy = TcpProxy.before(database)) {
                proxy.onNextCommit(fault);
                said = saidAtCommit(proxy.dataSource(), ending);
            }
        }

        assertThat(List.of(line.situation(), said, Stage.rows(database))).isEqualTo(line.cells());
    }

    private static String saidAtCommit(DataSource dataSource, Ending ending) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("insert into account (owner) values ('ann')");
            ending.of(connection);
            return "commit() returns";
        } catch (SQLException thrown) {
            return "SQLException " + thrown.getSQLState();
        }
    }

    private static void aborted(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select 1 / 0");
        } catch (SQLException swallowed) {
            // As applications do.
        }
        connection.commit();
    }

    private static void rolledBackBySql(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("rollback");
        }
        connection.commit();
    }
}
