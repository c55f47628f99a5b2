package dev.commithooks.engine.autocommit;

import dev.commithooks.engine.scope.TransactionScope;
import java.sql.Connection;
import java.sql.SQLException;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that lasts one statement, on the statement's own connection, which was in autocommit mode and is so again when it
 * has ended. The calls come in the order of the methods.
 */
public interface ShortTransaction {

    /** Where short transactions come from. */
    interface Source {

        /**
         * A transaction that is about to begin.
         *
         * @param outside what hooks work with when it is over
         * @param connection the statement's connection
         */
        ShortTransaction on(Configuration outside, Connection connection);
    }

    /** Its log, its state and its outcome. */
    TransactionScope scope();

    /** Begins it. What it throws leaves the connection as it was. */
    void begin();

    /** Rolls it back, since its statement has failed; what that fails with in turn is suppressed in the failure. */
    void rollBack(Throwable failure);

    /**
     * Runs before hooks and commits. Whatever it throws, the transaction has ended.
     *
     * @throws SQLException what COMMIT was refused with
     * @throws RuntimeException what a before hook threw, or that the transaction is rolled back or in doubt
     */
    void commit() throws SQLException;

    /**
     * Runs after, failed or in-doubt hooks, once its connection is given back.
     *
     * @param cause the exception on its way to the caller, if there is one
     */
    void tell(@Nullable Throwable cause);

    /** Throws what they threw, if nothing else is on its way. */
    void throwWaiting();
}
