package dev.commithooks.marker;

import dev.commithooks.marker.MarkerTables.Decision;
import dev.commithooks.transaction.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import javax.sql.DataSource;

/**
 * One inquiry under way: the same row is added, in a transaction of its own, as one that says ROLLED_BACK. The database lets only
 * one of the two be committed. It makes the second one wait while the first is undecided; refuses it when the first has been
 * committed; and once it has taken the second, the first can never be committed any more.
 */
final class MarkerInquiry {

    /** What does not go away by waiting: a wrong password, a table that is not there. */
    private static final Set<String> HOPELESS = Set.of("28", "3D", "3F", "42");

    /** How long one statement waits, so that an interrupt is noticed. */
    private static final int SECONDS = 1;

    private final DataSource dataSource;
    private final Marker marker;
    private final Duration deadline;
    private final Duration pollInterval;
    private final long end;

    MarkerInquiry(DataSource dataSource, Marker marker, Duration deadline, Duration pollInterval) {
        this.dataSource = dataSource;
        this.marker = marker;
        this.deadline = deadline;
        this.pollInterval = pollInterval;
        this.end = System.nanoTime() + deadline.toNanos();
    }

    Outcome resolve() throws SQLException {
        while (true) {
            SQLException reason;
            try (Connection connection = dataSource.getConnection()) {
                return switch (MarkerTables.transaction(connection, this::decide)) {
                    case COMMITTED -> Outcome.COMMITTED;
                    case ROLLED_BACK -> Outcome.ROLLED_BACK;
                };
            } catch (SQLException e) {
                if (isHopeless(e)) {
                    throw e;
                }
                reason = e;
            }
            if (!pause()) {
                return Outcome.UNKNOWN;
            }
            if (System.nanoTime() - end >= 0) {
                throw new SQLException(
                        "The database did not tell within " + deadline + " whether marker " + marker.id()
                                + " is committed; its transaction may still be in progress: " + reason.getMessage(),
                        reason);
            }
        }
    }

    /** The row that is there decides, not the error that another one met: errors differ from database to database. */
    private Decision decide(Connection connection) throws SQLException {
        SQLException refused;
        try {
            if (!MarkerTables.add(connection, marker, Decision.ROLLED_BACK, SECONDS)) {
                throw new NoAnswerException(
                        "Marker " + marker.id() + " is in the database whose commit_marker_home has " + marker.home()
                                + "; the one asked is another, and cannot know what became of it");
            }
            if (marker.mayBeDeleted()) {
                throw new NoAnswerException("Marker " + marker.id() + " is not there; it was written too long ago,"
                        + " and may have been deleted because its time had passed");
            }
            connection.commit();
            return Decision.ROLLED_BACK;
        } catch (NoAnswerException e) {
            throw e;
        } catch (SQLException e) {
            refused = e;
        }
        connection.rollback();
        return MarkerTables.read(connection, marker, SECONDS).orElseThrow(() -> refused);
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

    private static boolean isHopeless(SQLException e) {
        String state = e.getSQLState();
        return e instanceof NoAnswerException
                || (state != null && HOPELESS.stream().anyMatch(state::startsWith));
    }

    private static final class NoAnswerException extends SQLException {

        private static final long serialVersionUID = 1L;

        NoAnswerException(String message) {
            super(message);
        }
    }
}
