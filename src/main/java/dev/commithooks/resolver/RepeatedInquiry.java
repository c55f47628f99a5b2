package dev.commithooks.resolver;

import dev.commithooks.transaction.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * One inquiry under way: the same question, on a new connection each time, until there is an answer, or none can come any more, or
 * the deadline has passed.
 */
abstract class RepeatedInquiry {

    private final DataSource dataSource;
    private final Patience patience;
    private Duration limit;
    private long end;

    RepeatedInquiry(DataSource dataSource, Patience patience) {
        this.dataSource = dataSource;
        this.patience = patience;
        this.limit = patience.deadline();
        this.end = System.nanoTime() + limit.toNanos();
    }

    /**
     * The outcome; {@link Outcome#UNKNOWN} when the thread is interrupted.
     *
     * @throws SQLException why there is no answer
     */
    final Outcome resolve() throws SQLException {
        while (true) {
            SQLException reason;
            try (Connection connection = dataSource.getConnection()) {
                return ask(connection);
            } catch (SQLException e) {
                if (e instanceof NoAnswerException || !isTransient(e)) {
                    throw e;
                }
                reason = e;
            }
            if (!patience.pause()) {
                return Outcome.UNKNOWN;
            }
            if (System.nanoTime() - end >= 0) {
                throw new SQLException(unanswered(limit) + ": " + reason.getMessage(), reason);
            }
        }
    }

    /** How long one question may take, in whole seconds. */
    final int seconds() {
        return (int) Math.max(1, patience.deadline().toSeconds());
    }

    /** Ends the inquiry after this time, if it would go on for longer. */
    final void endWithin(Duration duration) {
        long sooner = System.nanoTime() + duration.toNanos();
        if (sooner - end < 0) {
            end = sooner;
            limit = duration;
        }
    }

    /**
     * One question.
     *
     * @throws NoAnswerException if the answer proves nothing
     * @throws SQLException if there is no answer, or none yet
     */
    abstract Outcome ask(Connection connection) throws SQLException;

    /** Whether it may help to ask again. */
    abstract boolean isTransient(SQLException e);

    /** What is said when there was no answer in time, without the reason. */
    abstract String unanswered(Duration limit);
}
