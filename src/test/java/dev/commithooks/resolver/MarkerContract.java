package dev.commithooks.resolver;

import static dev.commithooks.resolver.Asking.await;
import static dev.commithooks.resolver.Asking.counting;
import static dev.commithooks.resolver.Asking.execute;
import static dev.commithooks.resolver.Asking.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.spi.OutcomeResolver.Inquiry;
import dev.commithooks.transaction.Outcome;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The promises of a {@link MarkerOutcomeResolver}, on whatever database. */
abstract class MarkerContract extends MarkerFailuresContract {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final List<Runnable> sweeps = new ArrayList<>();

    @BeforeEach
    void empty() throws SQLException {
        try (Connection connection = database().getConnection()) {
            execute(connection, "delete from commit_marker");
            execute(connection, "delete from work");
        }
    }

    @Test
    void committedTransactionIsKnown() throws Exception {
        try (Connection connection = begin()) {
            Inquiry inquiry = resolver(database()).prepare(connection);
            connection.commit();

            assertThat(inquiry.resolve()).isEqualTo(Outcome.COMMITTED);
            assertThat(rows("work")).isEqualTo(1);
        }
    }

    @Test
    void rolledBackTransactionIsKnown() throws Exception {
        try (Connection connection = begin()) {
            Inquiry inquiry = resolver(database()).prepare(connection);
            connection.rollback();

            assertThat(inquiry.resolve()).isEqualTo(Outcome.ROLLED_BACK);
            assertThat(rows("work")).isZero();
        }
    }

    @Test
    void answerStaysTheSame() throws Exception {
        try (Connection connection = begin()) {
            Inquiry inquiry = resolver(database()).prepare(connection);
            connection.rollback();

            assertThat(inquiry.resolve()).isEqualTo(Outcome.ROLLED_BACK);
            assertThat(inquiry.resolve()).isEqualTo(Outcome.ROLLED_BACK);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void transactionInProgressIsWaitedFor(boolean commits) throws Exception {
        CountDownLatch asked = new CountDownLatch(2);
        try (Connection connection = begin()) {
            Inquiry inquiry = resolver(counting(database(), asked)).prepare(connection);
            FutureTask<Outcome> answer = start(inquiry::resolve);
            await(asked); // the first question has not been answered
            if (commits) {
                connection.commit();
            } else {
                connection.rollback();
            }

            assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(commits ? Outcome.COMMITTED : Outcome.ROLLED_BACK);
            assertThat(rows("work")).isEqualTo(commits ? 1 : 0);
        }
    }

    @Test
    void transactionStillInProgressAtTheDeadlineStaysUnknownAndCanBeCommitted() throws Exception {
        try (Connection connection = begin()) {
            Inquiry inquiry = MarkerOutcomeResolver.builder(database())
                    .deadline(Duration.ofMillis(50))
                    .pollInterval(Duration.ofMillis(10))
                    .sweepOn(work -> {})
                    .build()
                    .prepare(connection);

            assertThatThrownBy(inquiry::resolve)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("within PT0.05S")
                    .hasMessageContaining("may still be in progress");
            connection.commit();
            assertThat(inquiry.resolve()).isEqualTo(Outcome.COMMITTED);
            assertThat(rows("work")).isEqualTo(1);
        }
    }

    @Test
    void interruptEndsTheWaitingAndStaysSet() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (Connection connection = begin()) {
            Inquiry inquiry = resolver(counting(database(), asked)).prepare(connection);
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
    void whatNobodyHasCommittedIsNotSeenByADirtyRead() throws Exception {
        List<Connection> asked = new ArrayList<>();
        DataSource dirty = SimpleDataSource.of(() -> {
            Connection connection = database().getConnection();
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED);
            asked.add(connection);
            return connection;
        });
        try (Connection connection = begin()) {
            Inquiry inquiry = MarkerOutcomeResolver.builder(dirty)
                    .deadline(Duration.ofMillis(50))
                    .sweepOn(work -> {})
                    .build()
                    .prepare(connection);

            assertThatThrownBy(inquiry::resolve).hasMessageContaining("may still be in progress");
            connection.rollback();
            assertThat(inquiry.resolve()).isEqualTo(Outcome.ROLLED_BACK);
        }
        assertThat(asked).isNotEmpty();
    }

    @Test
    void connectionIsGivenBackAsItWas() throws Exception {
        try (Connection shared = database().getConnection();
                Connection connection = begin()) {
            shared.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            shared.setAutoCommit(false);
            Inquiry inquiry =
                    resolver(SimpleDataSource.of(() -> unclosable(shared))).prepare(connection);
            connection.commit();

            assertThat(inquiry.resolve()).isEqualTo(Outcome.COMMITTED);
            assertThat(shared.getAutoCommit()).isFalse();
            assertThat(shared.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
        }
    }

    @Test
    void anotherDatabaseKnowsNothing() throws Exception {
        try (Connection connection = begin()) {
            Inquiry inquiry = resolver(another()).prepare(connection);
            connection.commit();

            assertThatThrownBy(inquiry::resolve)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("cannot know what became of it");
        }
    }

    @Test
    void aResolverThatServesAnotherDatabaseMeanwhileReadsItsHomeAgain() throws Exception {
        MarkerOutcomeResolver resolver = resolver(database());
        try (Connection there = another().getConnection()) {
            there.setAutoCommit(false);
            resolver.prepare(there);
            there.rollback();
        }
        try (Connection connection = begin()) {
            Inquiry inquiry = resolver.prepare(connection);
            connection.commit();

            assertThat(inquiry.resolve()).isEqualTo(Outcome.COMMITTED);
        }
    }

    @Test
    void markerThatMayHaveBeenDeletedIsNoProofWhenItIsNotThere() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        MarkerOutcomeResolver resolver = resolver(database(), now::get);
        try (Connection connection = begin()) {
            Inquiry inquiry = resolver.prepare(connection);
            connection.commit();
            now.set(now.get().plus(Duration.ofMinutes(31)));

            assertThat(inquiry.resolve()).isEqualTo(Outcome.COMMITTED); // it is still there
            now.set(now.get().plus(Duration.ofMinutes(30)));
            try (Connection sweeping = database().getConnection()) {
                resolver(database(), now::get).prepare(sweeping);
            }
            sweep();

            assertThatThrownBy(inquiry::resolve).hasMessageContaining("written too long ago");
        }
    }

    @Test
    void markersWhoseTimeHasPassedAreDeleted() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now().minus(Duration.ofHours(2)));
        mark(now);
        mark(now);
        assertThat(rows("commit_marker")).isEqualTo(2);

        now.set(Instant.now());
        mark(now);

        assertThat(rows("commit_marker")).isEqualTo(1);
    }

    private void mark(AtomicReference<Instant> now) throws SQLException {
        try (Connection connection = begin()) {
            resolver(database(), now::get).prepare(connection);
            connection.commit();
        }
        sweep();
    }

    private void sweep() {
        sweeps.forEach(Runnable::run);
        sweeps.clear();
    }

    private MarkerOutcomeResolver resolver(DataSource dataSource, InstantSource clock) {
        return MarkerOutcomeResolver.builder(dataSource)
                .deadline(LONG)
                .retention(Duration.ofHours(1))
                .sweepOn(sweeps::add)
                .clock(clock)
                .build();
    }

    private int rows(String table) throws SQLException {
        try (Connection connection = database().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from " + table)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static Connection unclosable(Connection connection) {
        return new org.jooq.tools.jdbc.DefaultConnection(connection) {
            @Override
            public void close() {}
        };
    }
}
