package dev.commithooks.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.OwnServer;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.spi.OutcomeResolver.Inquiry;
import dev.commithooks.transaction.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jooq.SQLDialect;
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
    void restartedServerIsWaitedForAndKnows() throws Exception {
        try (OwnServer server = OwnServer.launch();
                TestDatabase own = server.createDatabase()) {
            CountDownLatch refused = new CountDownLatch(2);
            PostgresOutcomeResolver resolver = resolver(counting(own.simpleDataSource(), refused));
            Connection committing = begin(own);
            Connection working = begin(own);
            Inquiry committed = resolver.prepare(committing);
            Inquiry lost = resolver.prepare(working);
            committing.commit();
            server.stop();
            FutureTask<Outcome> answer = start(committed::resolve);
            await(refused);
            server.restart();

            assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(Outcome.COMMITTED);
            assertThat(lost.resolve()).isEqualTo(Outcome.ROLLED_BACK);
        }
    }

    /** The next transaction may get the id of one that the crash has wiped out. */
    @Test
    void crashedServerKnowsOnlyWhatDidNotCommit() throws Exception {
        try (OwnServer server = OwnServer.launch();
                TestDatabase own = server.createDatabase()) {
            PostgresOutcomeResolver resolver = resolver(own.simpleDataSource());
            MarkerOutcomeResolver marking = marking(own);
            Connection committing = begin(own);
            Inquiry committed = resolver.prepare(committing);
            Inquiry committedWithMarker = marking.prepare(committing);
            committing.commit();
            Connection working = begin(own);
            Inquiry lost = resolver.prepare(working);
            Inquiry lostWithMarker = marking.prepare(working);
            server.crash();
            server.restart();

            assertThat(committedWithMarker.resolve()).isEqualTo(Outcome.COMMITTED); // a marker outlives a crash
            assertThat(lostWithMarker.resolve()).isEqualTo(Outcome.ROLLED_BACK);
            assertThat(lost.resolve()).isEqualTo(Outcome.ROLLED_BACK);
            assertThatThrownBy(committed::resolve)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("has crashed since");
            for (int i = 0; i < 5; i++) {
                begin(own).commit();
            }
            // By now somebody else has committed with the lost one's id, if it was lost without a trace.
            try {
                assertThat(lost.resolve()).isEqualTo(Outcome.ROLLED_BACK);
            } catch (SQLException doubt) {
                assertThat((Throwable) doubt).hasMessageContaining("has crashed since");
            }
        }
    }

    @Test
    void anotherServerKnowsNothing() throws Exception {
        try (OwnServer server = OwnServer.launch();
                TestDatabase own = server.createDatabase();
                Connection connection = begin(database)) {
            Inquiry inquiry = resolver(own.simpleDataSource()).prepare(connection);
            connection.commit();

            assertThatThrownBy(inquiry::resolve)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("cannot know what became of it");
        }
    }

    @Test
    void serverOnAnotherTimelineKnowsNothing() throws Exception {
        try (OwnServer server = OwnServer.launch();
                TestDatabase own = server.createDatabase()) {
            Connection connection = begin(own);
            Inquiry inquiry = resolver(own.simpleDataSource()).prepare(connection);
            connection.commit();
            recoverOntoANewTimeline(server, own);

            assertThatThrownBy(inquiry::resolve)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContainingAll("timeline 00000001", "timeline 00000002", "cannot know");
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

    private static MarkerOutcomeResolver marking(TestDatabase database) throws SQLException {
        try (Connection connection = database.simpleDataSource().getConnection()) {
            for (String statement : MarkerOutcomeResolver.ddl(SQLDialect.POSTGRES)) {
                execute(connection, statement);
            }
        }
        return MarkerOutcomeResolver.builder(database.simpleDataSource())
                .sweepOn(work -> {})
                .build();
    }

    private static PostgresOutcomeResolver resolver(DataSource dataSource) {
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

    private static Connection begin(TestDatabase database) throws SQLException {
        Connection connection = database.simpleDataSource().getConnection();
        connection.setAutoCommit(false);
        insert(connection);
        return connection;
    }

    private static void insert(Connection connection) throws SQLException {
        execute(connection, "insert into account (owner) values ('somebody')");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** What an archive recovery does at its end, as the promotion of a standby does. */
    private static void recoverOntoANewTimeline(OwnServer server, TestDatabase database)
            throws SQLException, IOException {
        Path dataDirectory;
        try (Connection connection = database.simpleDataSource().getConnection()) {
            execute(connection, "alter system set restore_command = 'false'");
            try (Statement statement = connection.createStatement();
                    var row = statement.executeQuery("show data_directory")) {
                row.next();
                dataDirectory = Path.of(row.getString(1));
            }
        }
        server.stop();
        Files.createFile(dataDirectory.resolve("recovery.signal"));
        server.restart();
    }

    private static <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        new Thread(task).start();
        return task;
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    }

    private static DataSource counting(DataSource delegate, CountDownLatch asked) {
        return new DataSourceAdapter() {
            @Override
            public Connection getConnection() throws SQLException {
                asked.countDown();
                return delegate.getConnection();
            }
        };
    }

    private static DataSource failing(Exception failure) {
        return new DataSourceAdapter() {
            @Override
            public Connection getConnection() throws SQLException {
                if (failure instanceof SQLException sql) {
                    throw sql;
                }
                throw (RuntimeException) failure;
            }
        };
    }

    private abstract static class DataSourceAdapter implements DataSource {

        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            return getConnection();
        }

        @Override
        public PrintWriter getLogWriter() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setLogWriter(PrintWriter out) {}

        @Override
        public void setLoginTimeout(int seconds) {}

        @Override
        public int getLoginTimeout() {
            return 0;
        }

        @Override
        public Logger getParentLogger() {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            throw new SQLException("no wrapper");
        }

        @Override
        public boolean isWrapperFor(Class<?> type) {
            return false;
        }
    }
}
