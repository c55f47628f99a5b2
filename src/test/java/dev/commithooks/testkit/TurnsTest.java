package dev.commithooks.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.fixture.Waiting;
import dev.commithooks.testing.Finding;
import dev.commithooks.testing.Finding.Kind;
import dev.commithooks.testing.LeftBehindError;
import dev.commithooks.testing.RolledBackDatabase;
import dev.commithooks.testing.RolledBackOptions;
import dev.commithooks.testing.TestTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several threads of one test take turns on the one connection. */
@Database
@NeedsRealCommits("brings an outer transaction of its own")
class TurnsTest {

    private final TestDatabase database;
    private final RolledBackDatabase rolledBack;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private TestTransaction test;

    TurnsTest(TestDatabase database) {
        this.database = database;
        rolledBack = RolledBackDatabase.over(
                database.realDataSource(), RolledBackOptions.defaults().patience(Duration.ofMillis(300)));
        test = rolledBack.begin("test");
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
        test.close();
    }

    private static void execute(Connection on, String sql) throws SQLException {
        try (Statement statement = on.createStatement()) {
            statement.execute(sql);
        }
    }

    private void transfer(int times) throws SQLException {
        try (Connection connection = rolledBack.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < times; i++) {
                execute(connection, "update account set balance = balance + 1");
                execute(connection, "update account set balance = balance + 1");
                connection.commit();
            }
        }
    }

    @Test
    void transactionsOfSeveralThreadsComeOneAfterTheOther() throws Exception {
        try (Connection connection = rolledBack.dataSource().getConnection()) {
            execute(connection, "insert into account (owner, balance) values ('all', 0)");
            List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                work.add(threads.submit(() -> {
                    transfer(25);
                    return null;
                }));
            }
            for (Future<?> one : work) {
                one.get();
            }
            try (Statement statement = connection.createStatement();
                    var rows = statement.executeQuery("select balance::int from account")) {
                rows.next();
                assertThat(rows.getInt(1)).isEqualTo(200);
            }
        }
        assertThat(test.findings()).isEmpty();
    }

    @Test
    void whoWaitsForEverIsToldForWhom() throws Exception {
        try (Connection connection = rolledBack.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            execute(connection, "insert into account (owner) values ('all')");
            Future<?> waits = threads.submit(() -> {
                transfer(1);
                return null;
            });
            assertThatThrownBy(waits::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("has waited 300 ms for the transaction of connection #1, begun at")
                    .hasMessageContaining("TurnsTest.whoWaitsForEverIsToldForWhom")
                    .hasMessageContaining("Nothing was sent");
            connection.commit();
        }
    }

    /** Its turn comes when nothing is left that it could work in. */
    @Test
    void whoWaitsUntilTheTestIsOverDoesNotBeginAnything() throws Exception {
        try (HikariDataSource pool = database.pool(1)) {
            RolledBackDatabase patient = RolledBackDatabase.over(pool);
            TestTransaction ending = patient.begin("ending");
            Connection left = patient.dataSource().getConnection();
            left.setAutoCommit(false);
            execute(left, "insert into account (owner) values ('left')");
            FutureTask<Void> waits = new FutureTask<>(() -> {
                try (Connection connection = patient.dataSource().getConnection()) {
                    execute(connection, "insert into account (owner) values ('late')");
                }
                return null;
            });
            Thread thread = new Thread(waits);
            thread.start();
            Waiting.until(() -> thread.getState() == Thread.State.TIMED_WAITING);

            assertThatThrownBy(ending::close).hasMessageContaining("was still open at the end of the test");
            assertThatThrownBy(waits::get).hasMessageContaining("The test has ended. Nothing was sent.");
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
        assertThat(database.journal()).isEmpty();
        transfer(1);
    }

    @Test
    void aStatementThatRunsAtTheEndIsEnded() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Future<?> running = threads.submit(() -> {
            try (Connection connection = rolledBack.dataSource().getConnection()) {
                execute(connection, "select 1");
                begun.countDown();
                execute(connection, "select pg_sleep(30)");
            }
            return null;
        });
        begun.await();
        try (Connection connection = rolledBack.dataSource().getConnection()) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1000; i++) {
                            execute(connection, "select 1");
                        }
                    })
                    .hasMessageContaining("for a statement of thread pool-");
        }

        assertThatThrownBy(test::close)
                .isInstanceOfSatisfying(
                        LeftBehindError.class,
                        e -> assertThat(e.findings()).extracting(Finding::kind).contains(Kind.RUNNING_STATEMENT));
        assertThatThrownBy(running::get).isInstanceOf(ExecutionException.class);
        test = rolledBack.begin("next");
        transfer(1);
    }

    @Test
    void twoTestsAtOnceAreRefused() throws SQLException {
        assertThatThrownBy(() -> rolledBack.begin("another"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'test' is running");
        transfer(1);
    }
}
