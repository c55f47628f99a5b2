package dev.commithooks.engine.connection;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The proof in an exception out of COMMIT, if there is one.
 *
 * <p>PostgreSQL's {@code CommitTransaction} ({@code src/backend/access/transam/xact.c}) runs deferred triggers and checks for
 * conflicts first; an error there is answered as such, and nothing is committed. From {@code RecordTransactionCommit} on it is in
 * a critical section: an error of the disk becomes a PANIC, whose SQLState the client gets to see, and the commit record may have
 * reached the disk or not. After that only the end of the session can come between the record and its answer: a shutdown, a
 * timeout or a dropped database ends it with FATAL, with synchronous replication after a wait. So a state is a refusal unless it
 * may be one of these.
 */
public final class CommitFailure {

    /**
     * Classes that prove nothing: success, warnings and no data, which drivers use for complaints of their own; lost connections;
     * external, system and internal errors (58, F0, XX); what drivers invent, pgjdbc's 99999 and others' HY000.
     */
    private static final Set<String> NO_REFUSALS = Set.of("00", "01", "02", "08", "58", "F0", "XX", "99", "HY");

    /**
     * States that end the session (57P01 to 57P05, and the transaction's timeout 25P04); the write-ahead log's disk that is full,
     * or files and memory that it lacks (53000, 53100, 53200); completion unknown (40003); and what pgjdbc says in autocommit
     * mode, in which everything may be committed already (25P01).
     */
    private static final Set<String> MAY_FOLLOW_THE_COMMIT =
            Set.of("57P01", "57P02", "57P03", "57P04", "57P05", "25P04", "53000", "53100", "53200", "40003", "25P01");

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
                && !MAY_FOLLOW_THE_COMMIT.contains(sqlState);
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
