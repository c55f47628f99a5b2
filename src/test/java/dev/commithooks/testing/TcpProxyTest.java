package dev.commithooks.testing;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.testing.TcpProxy.Fault;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

@Database
class TcpProxyTest {

    private final TestDatabase database;

    TcpProxyTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    void letsThroughWhatIsNotToFail() throws SQLException {
        try (TcpProxy proxy = TcpProxy.before(database);
                Connection connection = begin(proxy.dataSource())) {
            connection.commit();
            assertThat(accounts()).isOne();
        }
    }

    @Test
    void commitThatDoesNotArriveLooksLikeOneWhoseAnswerIsLost() throws SQLException {
        SQLException notArrived = commitMeets(Fault.CUT_BEFORE_ARRIVAL);
        assertThat(accounts()).isZero();

        SQLException notAnswered = commitMeets(Fault.CUT_BEFORE_ANSWER);
        assertThat(accounts()).isOne();

        assertThat(notArrived.getSQLState())
                .isEqualTo(notAnswered.getSQLState())
                .isEqualTo("08006");
    }

    @Test
    void heldCommitArrivesAfterTheClientHasGivenUp() throws Exception {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            PGSimpleDataSource impatient = proxy.dataSource();
            impatient.setSocketTimeout(1);
            Connection connection = begin(impatient);
            proxy.onNextCommit(Fault.HOLD_COMMIT);
            assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
            assertThat(accounts()).isZero();

            proxy.deliver();

            Waiting.until(() -> accounts() == 1);
        }
    }

    @Test
    void heldAnswerOfAnExecutedCommitArrivesLater() throws Exception {
        try (TcpProxy proxy = TcpProxy.before(database);
                Connection connection = begin(proxy.dataSource())) {
            proxy.onNextCommit(Fault.HOLD_ANSWER);
            FutureTask<Boolean> commit = new FutureTask<>(() -> {
                connection.commit();
                return true;
            });
            new Thread(commit).start();
            proxy.awaitFault();
            assertThat(accounts()).isOne();
            assertThat(commit).isNotDone();

            proxy.deliver();

            assertThat(commit.get(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private SQLException commitMeets(Fault fault) throws SQLException {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            Connection connection = begin(proxy.dataSource());
            proxy.onNextCommit(fault);
            try {
                connection.commit();
                throw new AssertionError("commit succeeded");
            } catch (SQLException e) {
                return e;
            }
        }
    }

    private static Connection begin(PGSimpleDataSource dataSource) throws SQLException {
        Connection connection = dataSource.getConnection();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("insert into account (owner) values ('somebody')");
        }
        return connection;
    }

    private int accounts() {
        return database.dsl().fetchCount(ACCOUNT);
    }
}
