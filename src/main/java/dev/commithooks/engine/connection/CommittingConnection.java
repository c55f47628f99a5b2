package dev.commithooks.engine.connection;

import dev.commithooks.engine.dialect.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;

/**
 * A transaction's connection, as far as it is committed, rolled back and cleaned up.
 *
 * <p>What jOOQ's {@code DefaultTransactionProvider} does on it: at begin {@code getAutoCommit} and {@code setAutoCommit(false)},
 * at a nested begin {@code setSavepoint}, at the end {@code commit} or {@code rollback} and then, whatever became of that, clean-up:
 * {@code setAutoCommit(true)}, from jOOQ 3.21 on after {@code setReadOnly} and {@code setTransactionIsolation}, and release.
 * A failure of that clean-up would read as a failed commit, so it is reported apart from it.
 */
abstract sealed class CommittingConnection extends WatchingConnection permits TrackedConnection {

    private final ConnectionEvents events;
    private Phase phase = Phase.OPEN;
    /** Whether a transaction with something in it has ended here before the boundary's own end: by the user's doing. */
    private boolean endedBefore;

    private boolean released;

    CommittingConnection(Connection delegate, ConnectionEvents events) {
        super(delegate);
        this.events = events;
    }

    /** A rollback is about to be sent. */
    abstract void aboutToRollBack();

    @Override
    final Dialect dialect() {
        return events.dialect();
    }

    /** The receiver of what happens here. */
    public final ConnectionEvents events() {
        return events;
    }

    /** From here on the connection is somebody else's: whoever kept this wrapper is told nothing, and tells nothing. */
    void released() {
        released = true;
    }

    /** Whether it is somebody else's. */
    public final boolean isReleased() {
        return released;
    }

    // ---------------------------------------------------------------- the phase

    final boolean isOpen() {
        return phase == Phase.OPEN;
    }

    /** A statement has begun a transaction. */
    final void opened() {
        phase = Phase.OPEN;
    }

    /** A statement is about to be executed: one that comes after an end is the user's, who goes on. */
    final void goOn() {
        if (phase == Phase.ENDED) {
            phase = Phase.OPEN;
        }
    }

    /** A transaction with something in it has ended, or may have, and not by the boundary's own end. */
    final void endedBefore() {
        endedBefore = true;
    }

    final void ended() {
        phase = Phase.ENDED;
        endedBefore = true;
    }

    // ---------------------------------------------------------------- the end

    @Override
    public void commit() throws SQLException {
        if (released) {
            super.commit();
            return;
        }
        events.committing();
        try {
            refuseIfClosed();
            super.commit();
        } catch (Throwable e) {
            ended();
            events.commitFailed(e, undoesFailedCommit(e));
            throw e;
        }
        ended();
        events.committed();
    }

    /** Whether what COMMIT has failed to commit was open still, and is rolled back now. */
    boolean undoesFailedCommit(Throwable failure) {
        return false;
    }

    /** The transaction could not be rolled back, and may be open. */
    final void mayBeOpen() {
        phase = Phase.ROLLBACK_FAILED;
    }

    final boolean mayStillBeOpen() {
        return phase == Phase.ROLLBACK_FAILED;
    }

    /** Where nobody has ended the transaction before, this proves that it is rolled back. */
    private void refuseIfClosed() throws SQLException {
        if (getDelegate().isClosed()) {
            throw endedBefore
                    ? new SQLNonTransientConnectionException(
                            "The connection was closed, and its transaction had been ended before, by somebody else",
                            "08003")
                    : new CommitNotSentException();
        }
    }

    @Override
    public void rollback() throws SQLException {
        aboutToRollBack();
        phase = Phase.ROLLBACK_FAILED;
        super.rollback();
        ended();
        if (!released) {
            events.rolledBack();
        }
    }

    // ---------------------------------------------------------------- clean-up

    /**
     * JDBC commits an open transaction when autocommit is switched on. After a failed rollback that would commit what was to be
     * rolled back, so it is not done: whoever gets the connection next finds an open transaction, which pools roll back.
     */
    @Override
    public void setAutoCommit(boolean autoCommit) throws SQLException {
        if (!autoCommit || released) {
            super.setAutoCommit(autoCommit);
            return;
        }
        cleanUp(this::switchAutoCommitOn);
    }

    private void switchAutoCommitOn() throws SQLException {
        boolean wasOff = !getDelegate().getAutoCommit();
        if (wasOff && phase == Phase.ROLLBACK_FAILED) {
            throw new SQLException(
                    "Autocommit is not switched on again: the rollback before it failed, and it would commit"
                            + " a transaction that may still be open");
        }
        try {
            super.setAutoCommit(true);
        } catch (Throwable e) {
            if (wasOff && phase == Phase.OPEN) {
                events.commitFailed(e, false);
            }
            throw e;
        }
        if (wasOff) {
            endedBefore = true;
            events.autoCommitSwitchedOn();
        }
    }

    @Override
    public boolean getAutoCommit() throws SQLException {
        try {
            return super.getAutoCommit();
        } catch (SQLException | RuntimeException | Error e) {
            if (!dealtWith(e)) {
                throw e;
            }
            return false;
        }
    }

    @Override
    public void setReadOnly(boolean readOnly) throws SQLException {
        cleanUp(() -> super.setReadOnly(readOnly));
    }

    @Override
    public void setTransactionIsolation(int level) throws SQLException {
        cleanUp(() -> super.setTransactionIsolation(level));
    }

    private interface Step {
        void run() throws SQLException;
    }

    private void cleanUp(Step step) throws SQLException {
        try {
            step.run();
        } catch (SQLException | RuntimeException | Error e) {
            if (!dealtWith(e)) {
                throw e;
            }
        }
    }

    /** Once the transaction has ended, a step's failure is not the transaction's. */
    private boolean dealtWith(Throwable failure) {
        return phase != Phase.OPEN && !released && events.cleanUpFailed(failure);
    }
}
