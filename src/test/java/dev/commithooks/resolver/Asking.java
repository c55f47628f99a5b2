package dev.commithooks.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** The parts of a test in which a resolver asks a database. */
final class Asking {

    private Asking() {}

    /** One on a thread of its own. */
    static <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        new Thread(task).start();
        return task;
    }

    static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    }

    /** Connections, each of which is counted down. */
    static DataSource counting(DataSource delegate, CountDownLatch asked) {
        return SimpleDataSource.of(() -> {
            asked.countDown();
            return delegate.getConnection();
        });
    }

    /** No connections. */
    static DataSource failing(Exception failure) {
        return SimpleDataSource.of(() -> {
            if (failure instanceof SQLException sql) {
                throw sql;
            }
            throw (RuntimeException) failure;
        });
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
