package dev.commithooks.resolver;

import dev.commithooks.spi.OutcomeResolver;
import dev.commithooks.transaction.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;

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

    private final DataSource dataSource;
    private final Patience patience;

    private PostgresOutcomeResolver(DataSource dataSource, Patience patience) {
        this.dataSource = dataSource;
        this.patience = patience;
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
        private Patience patience = Patience.DEFAULT;

        private Builder(DataSource dataSource) {
            this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        }

        /** How long to ask; ten seconds by default. A data source that blocks longer than that is not cut short. */
        public Builder deadline(Duration deadline) {
            patience = patience.withDeadline(deadline);
            return this;
        }

        /** How long to wait before asking again; 50 milliseconds by default. */
        public Builder pollInterval(Duration pollInterval) {
            patience = patience.withPollInterval(pollInterval);
            return this;
        }

        /** The resolver. */
        public PostgresOutcomeResolver build() {
            return new PostgresOutcomeResolver(dataSource, patience);
        }
    }

    @Override
    public Inquiry prepare(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ServerIdentity.WITH_TRANSACTION);
                ResultSet row = statement.executeQuery()) {
            row.next();
            String transactionId = row.getString(1);
            if (transactionId == null) {
                // Whatever was written, this server has no transaction to tell about.
                return () -> Outcome.UNKNOWN;
            }
            ServerIdentity server = ServerIdentity.read(row);
            return () -> new PostgresInquiry(dataSource, patience, transactionId, server).resolve();
        }
    }
}
