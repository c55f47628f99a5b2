package dev.commithooks.resolver;

import static dev.commithooks.resolver.Asking.await;
import static dev.commithooks.resolver.Asking.counting;
import static dev.commithooks.resolver.Asking.execute;
import static dev.commithooks.resolver.Asking.failing;
import static dev.commithooks.resolver.Asking.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.spi.OutcomeResolver.Inquiry;
import dev.commithooks.transaction.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jooq.tools.jdbc.DefaultConnection;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

@Database
class PostgresOutcomeResolverTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final TestDatabase database;

    PostgresOutcomeResolverTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    void committedTransactionIsKnown() throws Exception {
        try (Connection connection = begin(database)) {
            Inquiry inquiry = resolver(database.simpleDataSource()).prepare(connection);
            connection.commit();

            assertThat(inquiry.resolve()).isEqualTo(Outcome.COMMITTED);
        }
    }

    @Test
    void rolledBackTransactionIsKnown() throws Exception {
        try (Connection connection = begin(database)) {
            Inquiry inquiry = resolver(database.simpleDataSource()).prepare(connection);
            connection.rollback();

            assertThat(inquiry.resolve()).isEqualTo(Outcome.ROLLED_BACK);
        }
    }

    @Test
    void savepointsDoNotHideTheTransaction() throws Exception {
        try (Connection connection = database.simpleDataSource().getConnection()) {
            connection.setAutoCommit(false);
            Savepoint first = connection.setSavepoint();
            insert(connection);
            connection.setSavepoint();
            insert(connection);
            Inquiry inquiry = resolver(database.simpleDataSource()).prepare(connection);
            connection.rollback(first);
            connection.commit();

            assertThat(inquiry.resolve()).isEqualTo(Outcome.COMMITTED);
        }
    }

    @Test
    void nothingIsAskedWhereNothingWasWritten() throws Exception {
        try (Connection connection = database.simpleDataSource().getConnection()) {
            connection.setAutoCommit(false);
            Inquiry inquiry =
                    resolver(failing(new IllegalStateException("asked"))).prepare(connection);
            connection.commit();

            assertThat(inquiry.resolve()).isEqualTo(Outcome.UNKNOWN);
        }
    }

    @Test
    void transactionInProgressIsWaitedFor() throws Exception {
        CountDownLatch asked = new CountDownLatch(3);
        try (Connection connection = begin(database)) {
            Inquiry inquiry =
                    resolver(counting(database.simpleDataSource(), asked)).prepare(connection);
            FutureTask<Outcome> answer = start(inquiry::resolve);
            await(asked);
            connection.commit();

            assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(Outcome.COMMITTED);
        }
    }

    @Test
    void transactionStillInProgressAtTheDeadlineStaysUnknown() throws Exception {
        try (Connection connection = begin(database)) {
            Inquiry inquiry = PostgresOutcomeResolver.builder(database.simpleDataSource())
                    .deadline(Duration.ofMillis(50))
                    .pollInterval(Duration.ofMillis(10))
                    .build()
                    .prepare(connection);

            assertThatThrownBy(inquiry::resolve)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("within PT0.05S")
                    .hasMessageContaining("still in progress");
            connection.rollback();
        }
    }

    @Test
    void interruptEndsTheWaitingAndStaysSet() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (Connection connection = begin(database)) {
            Inquiry inquiry =
                    resolver(counting(database.simpleDataSource(), asked)).prepare(connection);
            FutureTask<Boolean> interrupted = new FutureTask<>(() -> {
                assertThat(inquiry.resolve()).isEqualTo(Outcome.UNKNOWN);
                return Thread.currentThread().isInterrupted();
            });
            Thread thread = new Thread(interrupted);
            thread.start();
            await(asked);
            thread.interrupt();

            assertThat(interrupted.get(60, TimeUnit.SECONDS)).isTrue();
            connection.rollback();
        }
    }

    @Test
    void transactionOfTooLongAgoStaysUnknown() throws Exception {
        assertThatThrownBy(inquiryAbout("3")::resolve)
                .isInstanceOf(SQLException.class)
                .hasMessage("PostgreSQL no longer knows what became of transaction 3");
    }

    @Test
    void transactionOfTheFutureStaysUnknown() throws Exception {
        assertThatThrownBy(inquiryAbout("999999999")::resolve)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22023"));
    }

    @Test
    void wrongPasswordIsNotTriedAgain() throws Exception {
        SQLException wrong = new SQLException("password authentication failed", "28P01");
        try (Connection connection = begin(database)) {
            Inquiry inquiry = resolver(failing(wrong)).prepare(connection);
            connection.rollback();

            assertThatThrownBy(inquiry::resolve).isSameAs(wrong);
        }
    }

    @Test
    void failingDataSourceIsNotTriedAgain() throws Exception {
        IllegalStateException broken = new IllegalStateException("closed");
        try (Connection connection = begin(database)) {
            Inquiry inquiry = resolver(failing(broken)).prepare(connection);
            connection.rollback();

            assertThatThrownBy(inquiry::resolve).isSameAs(broken);
        }
    }

    @Test
    void unreachableServerIsReportedAtTheDeadline() throws Exception {
        try (Connection connection = begin(database)) {
            Inquiry inquiry = PostgresOutcomeResolver.builder(failing(new SQLException("refused", "08001")))
                    .deadline(Duration.ofMillis(30))
                    .build()
                    .prepare(connection);
            connection.rollback();

            assertThatThrownBy(inquiry::resolve)
                    .hasMessageEndingWith(": refused")
                    .hasRootCauseMessage("refused");
        }
    }

    @Test
    void ordinaryUsersMayAsk() throws Exception {
        String role = "ordinary_" + database.name();
        try (Connection administrator = database.simpleDataSource().getConnection()) {
            execute(administrator, "create role " + role + " login password 'secret'");
            try {
                PGSimpleDataSource ordinary = new PGSimpleDataSource();
                ordinary.setURL(database.jdbcUrl());
                ordinary.setUser(role);
                ordinary.setPassword("secret");
                try (Connection connection = ordinary.getConnection()) {
                    connection.setAutoCommit(false);
                    execute(connection, "create temporary table mine (id int)");
                    Inquiry inquiry = resolver(ordinary).prepare(connection);
                    connection.commit();

                    assertThat(inquiry.resolve()).isEqualTo(Outcome.COMMITTED);
                }
            } finally {
                execute(administrator, "drop owned by " + role);
                execute(administrator, "drop role " + role);
            }
        }
    }

    @Test
    void durationsMustBePositive() {
        var builder = PostgresOutcomeResolver.builder(database.simpleDataSource());

        assertThatThrownBy(() -> builder.deadline(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.pollInterval(Duration.ofMillis(-1))).hasMessageContaining("pollInterval");
    }

    static PostgresOutcomeResolver resolver(DataSource dataSource) {
        return PostgresOutcomeResolver.builder(dataSource)
                .deadline(LONG)
                .pollInterval(Duration.ofMillis(10))
                .build();
    }

    /** As if the transaction had had this id. */
    private Inquiry inquiryAbout(String transactionId) throws SQLException {
        try (Connection connection = database.simpleDataSource().getConnection()) {
            return resolver(database.simpleDataSource()).prepare(new DefaultConnection(connection) {
                @Override
                public PreparedStatement prepareStatement(String sql) throws SQLException {
                    return super.prepareStatement(
                            sql.replace("pg_catalog.pg_current_xact_id_if_assigned()", "'" + transactionId + "'"));
                }
            });
        }
    }

    static Connection begin(TestDatabase database) throws SQLException {
        Connection connection = database.simpleDataSource().getConnection();
        connection.setAutoCommit(false);
        insert(connection);
        return connection;
    }

    private static void insert(Connection connection) throws SQLException {
        execute(connection, "insert into account (owner) values ('somebody')");
    }
}
