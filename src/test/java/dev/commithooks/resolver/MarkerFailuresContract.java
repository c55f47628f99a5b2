package dev.commithooks.resolver;

import static dev.commithooks.resolver.Asking.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.spi.OutcomeResolver.Inquiry;
import dev.commithooks.transaction.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a {@link MarkerOutcomeResolver} makes of a database that cannot be asked. */
abstract class MarkerFailuresContract {

    private static final AtomicInteger NEXT = new AtomicInteger();

    /**
     * A data source of a database with the tables of markers and one more, {@code work}; each test empties them. Its connections
     * do not wait long for locks.
     */
    abstract DataSource database();

    /** One of another database that has the same tables. */
    abstract DataSource another();

    @Test
    void failedConnectionsAreTriedAgainUntilTheDeadline() throws Exception {
        CountDownLatch failures = new CountDownLatch(3);
        DataSource returning = SimpleDataSource.of(() -> {
            if (failures.getCount() > 0) {
                failures.countDown();
                throw new SQLException("refused", "08001");
            }
            return database().getConnection();
        });
        try (Connection connection = begin()) {
            Inquiry inquiry = resolver(returning).prepare(connection);
            connection.commit();

            assertThat(inquiry.resolve()).isEqualTo(Outcome.COMMITTED);
            assertThat(failures.getCount()).isZero();
        }
    }

    @Test
    void unreachableServerIsReportedAtTheDeadline() throws Exception {
        DataSource unreachable = SimpleDataSource.of(() -> {
            throw new SQLException("refused", "08001");
        });
        try (Connection connection = begin()) {
            Inquiry inquiry = MarkerOutcomeResolver.builder(unreachable)
                    .deadline(Duration.ofMillis(30))
                    .sweepOn(work -> {})
                    .build()
                    .prepare(connection);
            connection.rollback();

            assertThatThrownBy(inquiry::resolve)
                    .hasMessageEndingWith(": refused")
                    .hasRootCauseMessage("refused");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"28000", "28P01", "42S02", "3D000"})
    void whatDoesNotGoAwayIsNotTriedAgain(String state) throws Exception {
        SQLException wrong = new SQLException("no", state);
        try (Connection connection = begin()) {
            Inquiry inquiry = resolver(SimpleDataSource.of(() -> {
                        throw wrong;
                    }))
                    .prepare(connection);
            connection.rollback();

            assertThatThrownBy(inquiry::resolve).isSameAs(wrong);
        }
    }

    @Test
    void tablesThatAreNotThereAreNamedByTheDatabase() throws Exception {
        try (Connection connection = another().getConnection()) {
            connection.setAutoCommit(false);
            execute(connection, "delete from commit_marker_home");

            assertThatThrownBy(() -> resolver(another()).prepare(connection))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContainingAll("commit_marker_home is empty", "Nothing was committed");
            connection.rollback();
        }
    }

    static MarkerOutcomeResolver resolver(DataSource dataSource) {
        return MarkerOutcomeResolver.builder(dataSource)
                .deadline(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(10))
                .sweepOn(work -> {})
                .build();
    }

    final Connection begin() throws SQLException {
        Connection connection = database().getConnection();
        connection.setAutoCommit(false);
        execute(connection, "insert into work (id) values (" + NEXT.incrementAndGet() + ")");
        return connection;
    }
}
