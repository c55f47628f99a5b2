package dev.commithooks.postgres;

import dev.commithooks.spi.OutcomeResolver;
import dev.commithooks.transaction.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Asks PostgreSQL itself what became of a COMMIT that got no answer. For PostgreSQL 13 or newer; immutable and thread-safe.
 *
 * <p>Before each COMMIT that has something to tell it notes, in one round trip, the transaction's id
 * ({@code pg_current_xact_id_if_assigned()}), the server's {@code system_identifier} ({@code pg_control_system()}), its
 * timeline ({@code pg_walfile_name(pg_current_wal_lsn())}) and when its statistics were reset ({@code pg_stat_bgwriter}), which
 * a crash does and an orderly restart does not. All of these are open to every user unless someone has revoked that; where
 * they are not, the transaction fails with the server's message.
 *
 * <p>Only if that COMMIT gets no answer does it ask for {@code pg_xact_status} of the id, on a connection of its own data source:
 * again and again while the server still works on the transaction, cannot be reached (it restarts), or is a standby, until it has
 * an answer or the deadline has passed. No answers are: another server; another timeline (a promoted standby may have lost the
 * transaction); "committed" from a server that has crashed meanwhile (an id whose traces were not on disk yet is given to
 * another transaction); an id that is too old; and after a
 * second, a transaction of two phases that is still prepared. Then the outcome stays {@link Outcome#UNKNOWN}, and the exception that says why is
 * added to the one that the caller gets.
 */
public final class PostgresOutcomeResolver implements OutcomeResolver {

    private static final String IDENTITY = "(select system_identifier::text from pg_catalog.pg_control_system()), "
            + "case when pg_catalog.pg_is_in_recovery() then null else "
            + "substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8) end, "
            + "(select extract(epoch from stats_reset)::text from pg_catalog.pg_stat_bgwriter)";

    private static final String NOTE = "select pg_catalog.pg_current_xact_id_if_assigned()::text, " + IDENTITY;

    private static final String SERVER = "select pg_catalog.pg_is_in_recovery(), " + IDENTITY;

    /** What {@code pg_xact_status} answers to an id that was not given to any transaction yet. */
    private static final String ID_OF_THE_FUTURE = "22023";

    private static final String STATUS =
            "select pg_catalog.pg_xact_status(id), exists (select from pg_catalog.pg_prepared_xacts"
                    + " where transaction = id::xid) from (select ?::xid8) given (id)";

    /** How long a prepared transaction may stay so: a COMMIT that has arrived is executed by then, and no other is expected. */
    private static final Duration PREPARED = Duration.ofSeconds(1);

    private final DataSource dataSource;
    private final Duration deadline;
    private final Duration pollInterval;

    private PostgresOutcomeResolver(DataSource dataSource, Duration deadline, Duration pollInterval) {
        this.dataSource = dataSource;
        this.deadline = deadline;
        this.pollInterval = pollInterval;
    }

    /**
     * Asks on connections of this data source, for ten seconds at most.
     *
     * @param dataSource leads to the server that the transactions run on, to any of its databases; best none that the
     *     transactions use up
     */
    public static PostgresOutcomeResolver of(DataSource dataSource) {
        return builder(dataSource).build();
    }

    /** To be told how long to ask. */
    public static Builder builder(DataSource dataSource) {
        return new Builder(dataSource);
    }

    /** How long to ask, and how often. Not thread-safe. */
    public static final class Builder {

        private final DataSource dataSource;
        private Duration deadline = Duration.ofSeconds(10);
        private Duration pollInterval = Duration.ofMillis(50);

        private Builder(DataSource dataSource) {
            this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        }

        /** How long to ask; ten seconds by default. A data source that blocks longer than that is not cut short. */
        public Builder deadline(Duration deadline) {
            this.deadline = positive(deadline, "deadline");
            return this;
        }

        /** How long to wait before asking again; 50 milliseconds by default. */
        public Builder pollInterval(Duration pollInterval) {
            this.pollInterval = positive(pollInterval, "pollInterval");
            return this;
        }

        private static Duration positive(Duration duration, String name) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException(name + " must be positive, but is " + duration);
            }
            return duration;
        }

        /** The resolver. */
        public PostgresOutcomeResolver build() {
            return new PostgresOutcomeResolver(dataSource, deadline, pollInterval);
        }
    }

    @Override
    public Inquiry prepare(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NOTE);
                ResultSet row = statement.executeQuery()) {
            row.next();
            String transactionId = row.getString(1);
            if (transactionId == null) {
                // Whatever was written, this server has no transaction to tell about.
                return () -> Outcome.UNKNOWN;
            }
            ServerIdentity server = ServerIdentity.read(row);
            return () -> new Waiting(transactionId, server).resolve();
        }
    }

    /**
     * Which history of which cluster a server lives.
     *
     * @param timeline changes when a standby is promoted; null of a standby
     * @param life changes when the server recovers from a crash
     */
    private record ServerIdentity(
            String systemIdentifier,
            @Nullable String timeline,
            @Nullable String life) {

        static ServerIdentity read(ResultSet row) throws SQLException {
            return new ServerIdentity(row.getString(2), row.getString(3), row.getString(4));
        }

        boolean sharesHistoryWith(ServerIdentity other) {
            return systemIdentifier.equals(other.systemIdentifier) && Objects.equals(timeline, other.timeline);
        }

        boolean hasNotCrashedSince(ServerIdentity other) {
            return Objects.equals(life, other.life);
        }

        @Override
        public String toString() {
            return "system identifier " + systemIdentifier + ", timeline " + timeline;
        }
    }

    /** One inquiry under way. */
    private final class Waiting {

        private final String transactionId;
        private final ServerIdentity server;
        private long end = System.nanoTime() + deadline.toNanos();
        private boolean isPrepared;

        Waiting(String transactionId, ServerIdentity server) {
            this.transactionId = transactionId;
            this.server = server;
        }

        Outcome resolve() throws SQLException {
            while (true) {
                SQLException reason;
                try (Connection connection = dataSource.getConnection()) {
                    Outcome outcome = ask(connection);
                    if (outcome != Outcome.UNKNOWN) {
                        return outcome;
                    }
                    reason = new SQLException("transaction " + transactionId
                            + (isPrepared ? " is prepared, and nobody has ended it" : " is still in progress"));
                } catch (SQLException e) {
                    if (!mayGoAway(e)) {
                        throw e;
                    }
                    reason = e;
                }
                if (!pause()) {
                    return Outcome.UNKNOWN;
                }
                if (System.nanoTime() - end >= 0) {
                    throw new SQLException(
                            "PostgreSQL did not tell within " + (isPrepared ? PREPARED : deadline)
                                    + " what became of transaction " + transactionId + ": " + reason.getMessage(),
                            reason);
                }
            }
        }

        /** One question; {@link Outcome#UNKNOWN} while the transaction is in progress. */
        private Outcome ask(Connection connection) throws SQLException {
            boolean crashed = !serverAsked(connection).hasNotCrashedSince(server);
            String status = status(connection, crashed);
            return switch (status) {
                case "committed" -> {
                    if (crashed) {
                        throw new NoAnswerException("PostgreSQL has crashed since transaction " + transactionId
                                + ": the one that is committed by this id may be another one");
                    }
                    yield Outcome.COMMITTED;
                }
                case "in progress" -> Outcome.UNKNOWN;
                default -> Outcome.ROLLED_BACK;
            };
        }

        private String status(Connection connection, boolean crashed) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(STATUS)) {
                statement.setQueryTimeout(seconds());
                statement.setString(1, transactionId);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    String status = row.getString(1);
                    isPrepared = row.getBoolean(2);
                    if (isPrepared) {
                        end = Math.min(end, System.nanoTime() + PREPARED.toNanos());
                    }
                    if (status == null) {
                        throw new NoAnswerException(
                                "PostgreSQL no longer knows what became of transaction " + transactionId);
                    }
                    return status;
                }
            } catch (SQLException e) {
                if (crashed && ID_OF_THE_FUTURE.equals(e.getSQLState())) {
                    return "aborted"; // nothing of it had reached the disk
                }
                throw e;
            }
        }

        private ServerIdentity serverAsked(Connection connection) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(SERVER)) {
                statement.setQueryTimeout(seconds());
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    ServerIdentity asked = ServerIdentity.read(row);
                    boolean standby =
                            row.getBoolean(1) && asked.systemIdentifier().equals(server.systemIdentifier());
                    if (standby) {
                        throw new SQLException("the server asked is a standby", "57P03");
                    }
                    if (!asked.sharesHistoryWith(server)) {
                        throw otherServer(asked);
                    }
                    return asked;
                }
            }
        }

        private int seconds() {
            return (int) Math.max(1, deadline.toSeconds());
        }

        private NoAnswerException otherServer(ServerIdentity asked) {
            return new NoAnswerException("Transaction " + transactionId + " ran on the server of " + server
                    + ", but the one asked is of " + asked + ", and cannot know what became of it");
        }

        /** Waits until it is time to ask again. False when interrupted; the flag stays set. */
        private boolean pause() {
            try {
                Thread.sleep(pollInterval.toMillis(), pollInterval.toNanosPart() % 1_000_000);
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /** Whether it may help to ask again: the server starts, is overloaded or cannot be reached. */
    private static boolean mayGoAway(SQLException e) {
        if (e instanceof NoAnswerException) {
            return false;
        }
        String state = e.getSQLState();
        return state == null || state.startsWith("08") || state.startsWith("53") || state.startsWith("57");
    }

    private static final class NoAnswerException extends SQLException {

        private static final long serialVersionUID = 1L;

        NoAnswerException(String message) {
            super(message);
        }
    }
}
