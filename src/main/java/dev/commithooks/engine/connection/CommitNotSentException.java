package dev.commithooks.engine.connection;

import java.sql.SQLNonTransientConnectionException;

/** The connection was found closed when COMMIT was to be sent: it was not, and the server rolls back. */
final class CommitNotSentException extends SQLNonTransientConnectionException {

    private static final long serialVersionUID = 1L;

    CommitNotSentException() {
        super("The connection was closed before COMMIT, which was not sent; the transaction is rolled back", "08003");
    }
}
