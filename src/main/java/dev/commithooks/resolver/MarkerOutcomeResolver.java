package dev.commithooks.resolver;

import dev.commithooks.resolver.MarkerTables.Decision;
import dev.commithooks.spi.OutcomeResolver;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what became of a COMMIT that got no answer by a row, the marker, that is committed with the transaction: for MariaDB,
 * MySQL, H2 and any database whose unique keys make a second writer of a key wait for the first. On PostgreSQL,
 * {@link PostgresOutcomeResolver} needs no tables. Thread-safe.
 *
 * <p>Before each COMMIT that has something to tell it adds a row to {@code commit_marker}, in one round trip. Only if that COMMIT
 * gets no answer does it add the same row on a connection of its own data source, as one that says the opposite. The database
 * makes it wait while the transaction is undecided; refuses it when the transaction is committed; and if it takes the row, the
 * transaction is rolled back and can never be committed any more. Nothing is concluded from time that has passed: where the
 * database has not decided by the deadline, the outcome stays {@link dev.commithooks.transaction.Outcome#UNKNOWN}, and the
 * exception that says why is added to the one that the caller gets. The same is true if the data source leads to another
 * database, which is known by the row of {@code commit_marker_home}.
 *
 * <p>After a server has crashed, or another has taken its place, its markers tell what it has kept: the row shares the fate of the
 * data. A restored backup that lacks a commit says that it was rolled back, and lacks its data.
 *
 * <p>Markers that are older than the retention are deleted, at most a few at a time and 24 times in that span, by a thread that is
 * started for it.
 *
 * <pre>{@code
 * for (String statement : MarkerOutcomeResolver.ddl(SQLDialect.MARIADB)) { .. } // once, in a migration
 *
 * CommitHooks.builder().outcomeResolver(MarkerOutcomeResolver.of(dataSource))...
 * }</pre>
 */
public final class MarkerOutcomeResolver implements OutcomeResolver {

    private final DataSource dataSource;
    private final Patience patience;
    private final Duration retention;
    private final InstantSource clock;
    private final Sweeper sweeper;
    private volatile @Nullable String home;

    private MarkerOutcomeResolver(Builder builder) {
        this.dataSource = builder.dataSource;
        this.patience = builder.patience;
        this.retention = builder.retention;
        this.clock = builder.clock;
        this.sweeper = new Sweeper(dataSource, builder.executor, clock, retention);
    }

    /**
     * Asks on connections of this data source, for ten seconds at most.
     *
     * @param dataSource leads to the database that the transactions run on; best none that the transactions use up
     */
    public static MarkerOutcomeResolver of(DataSource dataSource) {
        return builder(dataSource).build();
    }

    /** To be told how long to ask, and to keep markers. */
    public static Builder builder(DataSource dataSource) {
        return new Builder(dataSource);
    }

    /**
     * The statements that make the tables {@code commit_marker} and {@code commit_marker_home}, and put a row into the latter that
     * no other database has. The transactions' user needs to read both tables and to add to the former; the data source's user
     * also to delete from it.
     *
     * @throws IllegalArgumentException for another database than PostgreSQL, MariaDB, MySQL, H2 and SQLite
     */
    public static List<String> ddl(SQLDialect dialect) {
        return MarkerTables.ddl(dialect);
    }

    /** How long to ask, and how long to keep markers. Not thread-safe. */
    public static final class Builder {

        private static final Duration SHORTEST_RETENTION = Duration.ofMinutes(1);

        private final DataSource dataSource;
        private Patience patience = Patience.DEFAULT;
        private Duration retention = Duration.ofDays(1);
        private Executor executor = Sweeper::onThreadOfItsOwn;
        private InstantSource clock = InstantSource.system();

        private Builder(DataSource dataSource) {
            this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        }

        /**
         * How long to ask; ten seconds by default. A data source that blocks longer than that is not cut short, nor is a
         * database that waits longer for a lock than it is asked to.
         */
        public Builder deadline(Duration deadline) {
            patience = patience.withDeadline(deadline);
            return this;
        }

        /** How long to wait before asking again; 50 milliseconds by default. */
        public Builder pollInterval(Duration pollInterval) {
            patience = patience.withPollInterval(pollInterval);
            return this;
        }

        /**
         * How long markers are kept; a day by default. A COMMIT that has been waited for longer than half of that stays in doubt,
         * unless its marker is found: it must be longer than clocks differ between the machines that write to one database.
         *
         * @throws IllegalArgumentException for less than a minute
         */
        public Builder retention(Duration retention) {
            if (retention.compareTo(SHORTEST_RETENTION) < 0) {
                throw new IllegalArgumentException(
                        "retention is " + retention + ", but must be " + SHORTEST_RETENTION + " at least");
            }
            this.retention = retention;
            return this;
        }

        /** Where markers are deleted; by default on a daemon thread that is started for it. */
        public Builder sweepOn(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /** The clock that markers' time is told by. */
        Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /** The resolver. */
        public MarkerOutcomeResolver build() {
            return new MarkerOutcomeResolver(this);
        }
    }

    @Override
    public Inquiry prepare(Connection connection) throws SQLException {
        Marker marker = mark(connection);
        sweeper.sweepIfTime();
        return () -> new MarkerInquiry(dataSource, patience, marker).resolve();
    }

    /** The home is read once, and again where it turns out to be another's. */
    private Marker mark(Connection connection) throws SQLException {
        String known = home;
        if (known != null) {
            Marker marker = Marker.in(known, retention, clock);
            if (MarkerTables.add(connection, marker, Decision.COMMITTED, 0)) {
                return marker;
            }
        }
        String read = MarkerTables.home(connection);
        if (read == null) {
            throw new SQLException("The table commit_marker_home is empty, so that nobody could tell this database from"
                    + " another. Nothing was committed. Add the row that MarkerOutcomeResolver.ddl(..) adds.");
        }
        Marker marker = Marker.in(read, retention, clock);
        if (!MarkerTables.add(connection, marker, Decision.COMMITTED, 0)) {
            throw new SQLException("The row of commit_marker_home was deleted meanwhile. Nothing was committed.");
        }
        home = read;
        return marker;
    }
}
