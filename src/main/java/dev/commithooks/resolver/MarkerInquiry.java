package dev.commithooks.resolver;

import dev.commithooks.resolver.MarkerTables.Decision;
import dev.commithooks.transaction.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Asks by writing: the same row is added, in a transaction of its own, as one that says ROLLED_BACK. The database lets only
 * one of the two be committed. It makes the second one wait while the first is undecided; refuses it when the first has been
 * committed; and once it has taken the second, the first can never be committed any more.
 */
final class MarkerInquiry extends RepeatedInquiry {

    /** What does not go away by waiting: a wrong password, a table that is not there. */
    private static final Set<String> HOPELESS = Set.of("28", "3D", "3F", "42");

    /** How long one statement waits, so that an interrupt is noticed. */
    private static final int SECONDS = 1;

    private final Marker marker;

    MarkerInquiry(DataSource dataSource, Patience patience, Marker marker) {
        super(dataSource, patience);
        this.marker = marker;
    }

    @Override
    Outcome ask(Connection connection) throws SQLException {
        return switch (MarkerTables.transaction(connection, this::decide)) {
            case COMMITTED -> Outcome.COMMITTED;
            case ROLLED_BACK -> Outcome.ROLLED_BACK;
        };
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

    @Override
    boolean isTransient(SQLException e) {
        String state = e.getSQLState();
        return state == null || HOPELESS.stream().noneMatch(state::startsWith);
    }

    @Override
    String unanswered(Duration limit) {
        return "The database did not tell within " + limit + " whether marker " + marker.id()
                + " is committed; its transaction may still be in progress";
    }
}
