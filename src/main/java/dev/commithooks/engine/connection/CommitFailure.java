package dev.commithooks.engine.connection;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an exception out of COMMIT proves. */
public final class CommitFailure {

    /** The server is going away: with synchronous replication it may say so after having committed. */
    private static final Set<String> SHUTTING_DOWN = Set.of("57P01", "57P02", "57P03");

    /** Connection exceptions, internal errors, and what drivers invent for their own: pgjdbc's 99999, others' HY000. */
    private static final Set<String> NO_REFUSALS = Set.of("08", "XX", "99", "HY");

    /** Statement completion unknown; and what pgjdbc says in autocommit mode, in which everything may be committed already. */
    private static final Set<String> UNKNOWN_COMPLETION = Set.of("40003", "25P01");

    private CommitFailure() {}

    /**
     * Whether the exception, or the first {@link SQLException} among its causes, shows that nothing was committed: COMMIT was
     * not sent, or the server answered it with an error. No answer, and any exception that is no server's, shows nothing.
     */
    public static boolean provesRollback(Throwable failure) {
        SQLException answer = firstSqlException(failure);
        return answer instanceof CommitNotSentException || (answer != null && isRefusal(answer.getSQLState()));
    }

    private static boolean isRefusal(@Nullable String sqlState) {
        return sqlState != null
                && sqlState.length() == 5
                && !NO_REFUSALS.contains(sqlState.substring(0, 2))
                && !SHUTTING_DOWN.contains(sqlState)
                && !UNKNOWN_COMPLETION.contains(sqlState);
    }

    private static @Nullable SQLException firstSqlException(Throwable failure) {
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < 32; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
            depth++;
        }
        return null;
    }
}
