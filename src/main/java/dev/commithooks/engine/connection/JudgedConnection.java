package dev.commithooks.engine.connection;

import dev.commithooks.engine.dialect.Guard;
import dev.commithooks.transaction.IsolationLevel;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A tracked connection to a database that may drop the whole transaction when a statement fails, and begins another one without a
 * word: each failure is judged when it comes. Such databases also have the isolation level on the connection, or keep a transaction
 * open whose COMMIT has failed.
 */
final class JudgedConnection extends TrackedConnection {

    private static final int NOT_CHANGED = -1;

    private int isolationBefore = NOT_CHANGED;
    /** The failure that was judged last: whoever hears of it later need not judge it again. */
    private @Nullable Throwable judged;

    JudgedConnection(Connection delegate, ConnectionEvents events) {
        super(delegate, events);
    }

    @Override
    boolean watchesAll() {
        return true;
    }

    @Override
    void failed(Throwable failure) {
        if (failure instanceof SQLException sql) {
            statementFailed(sql);
        }
    }

    @Override
    public void statementFailed(SQLException failure) {
        if (isReleased() || failure == judged) {
            return;
        }
        judged = failure;
        if (dialect().losesTransaction(failure, getDelegate(), events().hasWritten())) {
            events().lost(failure);
        }
    }

    /** In a transaction that has written nothing there is nothing to be lost. */
    @Override
    @Nullable
    Guard guard() throws SQLException {
        return isReleased() || !events().hearsOfTheEnd() || !events().hasWritten()
                ? null
                : dialect().guard(getDelegate());
    }

    @Override
    void lookFor(Guard guard) {
        try {
            guard.requireSameTransaction();
        } catch (SQLException another) {
            ended();
            events().foundIdle();
        }
    }

    @Override
    boolean hasCommitted(boolean isFailed) {
        return dialect().hasCommitted(getDelegate(), isFailed);
    }

    @Override
    void reopen() {
        dialect().reopen(getDelegate());
    }

    /** Else whoever switches to autocommit before a rollback would commit it after all. */
    @Override
    boolean undoesFailedCommit(Throwable failure) {
        if (!dialect().outlivesFailedCommit()) {
            return false;
        }
        boolean wasOpen = failure instanceof SQLException answer && dialect().leavesOpen(answer, getDelegate());
        try {
            getDelegate().rollback();
            return wasOpen;
        } catch (SQLException | RuntimeException stillOpenOrGone) {
            mayBeOpen();
            failure.addSuppressed(stillOpenOrGone);
            return false;
        }
    }

    @Override
    public void isolate(IsolationLevel level) throws SQLException {
        int before = getDelegate().getTransactionIsolation();
        getDelegate().setTransactionIsolation(jdbc(level));
        isolationBefore = before;
    }

    private static int jdbc(IsolationLevel level) {
        return switch (level) {
            case READ_UNCOMMITTED -> TRANSACTION_READ_UNCOMMITTED;
            case READ_COMMITTED -> TRANSACTION_READ_COMMITTED;
            case REPEATABLE_READ -> TRANSACTION_REPEATABLE_READ;
            case SERIALIZABLE -> TRANSACTION_SERIALIZABLE;
        };
    }

    /** To set the level commits what is open, which after a failed rollback must not be. */
    @Override
    void released() {
        if (isolationBefore != NOT_CHANGED && !mayStillBeOpen()) {
            try {
                getDelegate().setTransactionIsolation(isolationBefore);
            } catch (SQLException | RuntimeException failure) {
                events().cleanUpFailed(failure);
            }
            isolationBefore = NOT_CHANGED;
        }
        super.released();
    }
}
