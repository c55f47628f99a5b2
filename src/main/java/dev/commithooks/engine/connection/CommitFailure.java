package dev.commithooks.engine.connection;

import dev.commithooks.engine.dialect.Dialect;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The proof in an exception out of COMMIT, if there is one. */
public final class CommitFailure {

    private CommitFailure() {}

    /**
     * Whether the exception, or the first {@link SQLException} among its causes, shows that nothing was committed: COMMIT was
     * not sent, or the server answered it with an error. No answer, and any exception that is no server's, shows nothing. Nor does
     * any where the transaction is open still, and may be committed by who cleans up.
     */
    public static boolean provesRollback(Throwable failure, Dialect dialect) {
        SQLException answer = firstSqlException(failure);
        return answer instanceof CommitNotSentException || !dialect.outlivesFailedCommit() && refuses(dialect, answer);
    }

    /** The same of a statement that commits by itself. */
    public static boolean provesNothingWritten(Throwable failure, Dialect dialect) {
        return refuses(dialect, firstSqlException(failure));
    }

    private static boolean refuses(Dialect dialect, @Nullable SQLException answer) {
        return answer != null && dialect.refusesCommit(answer);
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
