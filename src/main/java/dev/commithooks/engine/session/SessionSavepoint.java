package dev.commithooks.engine.session;

import dev.commithooks.engine.connection.TrackedConnection;
import dev.commithooks.engine.dialect.TransactionStatus;
import dev.commithooks.transaction.TransactionAbortedException;
import java.sql.Savepoint;

/** A savepoint of a session. */
public final class SessionSavepoint {

    private final SessionSavepoints savepoints;
    private final int number;
    private final Savepoint savepoint;
    private final Object name;

    /**
     * A savepoint that has just been set.
     *
     * @param name what the transaction knows it by
     */
    SessionSavepoint(SessionSavepoints savepoints, int number, Savepoint savepoint, Object name) {
        this.savepoints = savepoints;
        this.number = number;
        this.savepoint = savepoint;
        this.name = name;
    }

    /** What the transaction knows it by. */
    Object name() {
        return name;
    }

    /** Whether it can still be released or rolled back. */
    public boolean isOpen() {
        return savepoints.isOpen(this);
    }

    /** Keeps what was done since. */
    public void release() {
        savepoints.session().thread().use("release()", () -> {
            savepoints.refuseUnlessInnermost(this, "release()");
            savepoints.onConnection("release", connection -> {
                if (TrackedConnection.status(connection) == TransactionStatus.ABORTED) {
                    throw new TransactionAbortedException(
                            this + " is not released: an error of a statement had aborted the transaction and was"
                                    + " swallowed. Roll it back instead; then the transaction is fit to go on.",
                            savepoints.session().openLevel().boundary().scope().statementFailure());
                }
                connection.releaseSavepoint(savepoint);
                return null;
            });
            savepoints.ended(this);
            return null;
        });
    }

    /** Undoes what was done since; its failed hooks run. */
    public void rollback() {
        savepoints.session().thread().use("rollback()", () -> {
            savepoints.refuseUnlessInnermost(this, "rollback()");
            savepoints.onConnection("roll back to", connection -> {
                boolean refused = true;
                try {
                    connection.rollback(savepoint);
                    refused = false;
                } catch (RuntimeException hooksThrew) {
                    refused = false;
                    throw hooksThrew;
                } finally {
                    savepoints.ended(this);
                    if (!refused) {
                        connection.releaseSavepoint(savepoint);
                    }
                }
                return null;
            });
            return null;
        });
    }

    @Override
    public String toString() {
        return "savepoint " + number + " of the session";
    }
}
