package dev.commithooks.jta;

import dev.commithooks.transaction.Outcome;
import java.sql.SQLException;
import javax.transaction.xa.XAException;
import org.jspecify.annotations.Nullable;

/** What a resource's answers mean. */
final class Answers {

    private Answers() {}

    /**
     * How a branch ended whose COMMIT was answered by this. Only a COMMIT of one phase may be answered by a rollback: what is
     * prepared keeps.
     */
    static Outcome ofCommit(XAException answer, boolean onePhase) {
        return switch (answer.errorCode) {
            case XAException.XA_HEURCOM -> Outcome.COMMITTED;
            case XAException.XA_HEURRB -> Outcome.ROLLED_BACK;
            default -> onePhase && isRollback(answer) ? Outcome.ROLLED_BACK : Outcome.UNKNOWN;
        };
    }

    /** How a branch ended that nobody will commit, since the manager has decided so; what is still prepared will be rolled back. */
    static Outcome ofRollback(XAException answer) {
        return switch (answer.errorCode) {
            case XAException.XA_HEURCOM -> Outcome.COMMITTED;
            case XAException.XA_HEURMIX, XAException.XA_HEURHAZ -> Outcome.UNKNOWN;
            default -> Outcome.ROLLED_BACK;
        };
    }

    private static boolean isRollback(XAException answer) {
        return answer.errorCode >= XAException.XA_RBBASE && answer.errorCode <= XAException.XA_RBEND;
    }

    /**
     * The same answer, such that the manager tries again later. pgjdbc says "error" (XAER_RMERR) where the server has ended the
     * session, and managers give up on that: the branch would stay prepared for good. The resource is not available, which is
     * XAER_RMFAIL.
     */
    static XAException repeatable(XAException answer) {
        SQLException cause = sqlCause(answer);
        if (answer.errorCode != XAException.XAER_RMERR || cause == null || !hasEndedTheSession(cause.getSQLState())) {
            return answer;
        }
        XAException unavailable = new XAException(answer.getMessage());
        unavailable.errorCode = XAException.XAER_RMFAIL;
        unavailable.initCause(answer);
        return unavailable;
    }

    private static boolean hasEndedTheSession(@Nullable String sqlState) {
        return sqlState != null && (sqlState.startsWith("08") || sqlState.startsWith("57P0"));
    }

    static @Nullable SQLException sqlCause(Throwable failure) {
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < 32; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
            depth++;
        }
        return null;
    }

    /** The answer in words: its code, and the database's own message if there is one. */
    static String describe(@Nullable XAException answer) {
        if (answer == null) {
            return "no answer";
        }
        SQLException cause = sqlCause(answer);
        return "XA error " + answer.errorCode
                + (cause == null
                        ? answer.getMessage() == null ? "" : ", " + answer.getMessage()
                        : ", " + cause.getSQLState() + ": " + cause.getMessage());
    }
}
