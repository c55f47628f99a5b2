package dev.commithooks.spi;

import dev.commithooks.transaction.Outcome;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Finds out how a COMMIT ended that got no answer. Must be thread-safe.
 */
@FunctionalInterface
public interface OutcomeResolver {

    /**
     * Notes what will be needed to ask later, just before the COMMIT of a transaction that has something to tell.
     *
     * <p>Transaction: open, about to be committed. Connection: the transaction's, which the resolver may query and must not
     * end or close. If it throws, the transaction is rolled back and the exception reaches the caller.
     *
     * @return what to ask with, if the outcome will be in doubt
     */
    Inquiry prepare(Connection connection) throws SQLException;

    /** A question about one transaction. */
    @FunctionalInterface
    interface Inquiry {

        /**
         * Asks how the transaction ended. Called at most once, on the transaction's thread, when its connection is gone. May
         * block until an answer or a deadline of its own. If it throws, the outcome stays {@link Outcome#UNKNOWN} and the
         * exception is added as suppressed.
         *
         * @return {@link Outcome#UNKNOWN} when nobody can tell
         */
        Outcome resolve() throws Exception;
    }
}
