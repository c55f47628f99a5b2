package dev.commithooks.engine.connection;

import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.dialect.DriverStatus;
import dev.commithooks.engine.dialect.TransactionStatus;
import dev.commithooks.engine.sql.TransactionControl;
import dev.commithooks.transaction.IsolationLevel;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Savepoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transaction's connection, which reports what ends the transaction or a part of it. Everything else goes straight to the
 * connection below.
 *
 * <p>What jOOQ's {@code DefaultTransactionProvider} does on it: at begin {@code getAutoCommit} and {@code setAutoCommit(false)},
 * at a nested begin {@code setSavepoint}, at the end {@code commit} or {@code rollback} and then, whatever became of that, clean-up:
 * {@code setAutoCommit(true)}, from jOOQ 3.21 on after {@code setReadOnly} and {@code setTransactionIsolation}, and release.
 * A failure of that clean-up would read as a failed commit, so it is reported apart from it.
 */
public sealed class TrackedConnection extends WatchingConnection permits JudgedConnection {

    private final ConnectionEvents events;
    private Phase phase = Phase.OPEN;
    /** Whether a transaction with something in it has ended here before the boundary's own end: by the user's doing. */
    private boolean endedBefore;

    private boolean savepointsUnclear;
    private boolean closed;
    private boolean released;
    private @Nullable DriverStatus driverStatus;

    TrackedConnection(Connection delegate, ConnectionEvents events) {
        super(delegate);
        this.events = events;
    }

    /** The connection of a transaction, tracked as its database needs it. */
    static TrackedConnection of(Connection connection, ConnectionEvents events) {
        return events.dialect().failuresMayLose()
                ? new JudgedConnection(connection, events)
                : new TrackedConnection(connection, events);
    }

    /** The tracked connection below this one; null where there is none, or where that cannot be told. */
    public static @Nullable TrackedConnection below(Connection connection) {
        try {
            return connection.isWrapperFor(TrackedConnection.class) ? connection.unwrap(TrackedConnection.class) : null;
        } catch (SQLException | RuntimeException cannotTell) { // a closed or foreign connection: no transaction of ours
            return null;
        }
    }

    @Override
    final Dialect dialect() {
        return events.dialect();
    }

    /**
     * Sets the isolation level of a database where it is the connection's, for this transaction only.
     *
     * @throws SQLException when it cannot be set
     */
    public void isolate(IsolationLevel level) throws SQLException {
        throw new SQLException("The isolation level of " + dialect() + " is the transaction's, not the connection's");
    }

    /** A statement has failed, as its owner has heard; it may have been seen here already. */
    public void statementFailed(SQLException failure) {}

    /** The receiver of what happens here. */
    public ConnectionEvents events() {
        return events;
    }

    /** The transaction's state, as far as the driver knows it without a round trip. */
    public TransactionStatus status() {
        if (closed) {
            return TransactionStatus.UNKNOWN; // a pool may have given it to somebody else
        }
        DriverStatus driver = driverStatus;
        if (driver == null) {
            driver = DriverStatus.of(getDelegate());
            driverStatus = driver;
        }
        return driver.read();
    }

    /** From here on the connection is somebody else's: whoever kept this wrapper is told nothing, and tells nothing. */
    void released() {
        released = true;
    }

    /** Whether it is somebody else's. */
    public boolean isReleased() {
        return released;
    }

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
        lookForIdleness();
        phase = Phase.ROLLBACK_FAILED;
        super.rollback();
        ended();
        if (!released) {
            events.rolledBack();
        }
    }

    @Override
    public Savepoint setSavepoint() throws SQLException {
        lookForIdleness();
        return set(super.setSavepoint());
    }

    @Override
    public Savepoint setSavepoint(String name) throws SQLException {
        lookForIdleness();
        return set(super.setSavepoint(name));
    }

    private Savepoint set(Savepoint savepoint) {
        if (!released) {
            events.savepointSet(SavepointName.of(savepoint, dialect()));
        }
        return savepoint;
    }

    @Override
    public void rollback(Savepoint savepoint) throws SQLException {
        lookForIdleness();
        Object name = SavepointName.of(savepoint, dialect());
        super.rollback(savepoint);
        if (!released) {
            if (name instanceof String) {
                clearUpSavepoints();
            }
            events.savepointRolledBack(name);
        }
    }

    @Override
    public void releaseSavepoint(Savepoint savepoint) throws SQLException {
        // A released savepoint does not tell its name any more.
        Object name = SavepointName.of(savepoint, dialect());
        super.releaseSavepoint(savepoint);
        if (!released) {
            events.savepointReleased(name);
        }
    }

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

    /** Closing rolls back what is open, in PostgreSQL and in every pool; the boundary finds it at its end, and is told nothing. */
    @Override
    public void close() throws SQLException {
        closed = true;
        super.close();
    }

    /**
     * A transaction that was ended by a statement of plain JDBC is found here, before the next statement begins another. Costs
     * a look at the driver's notes, some 30 ns. After a failed COMMIT there is nothing to find. What was written is asked first:
     * another thread's first statement may begin the transaction meanwhile.
     */
    private void lookForIdleness() {
        if (phase == Phase.OPEN && !released && events.hasWritten() && status() == TransactionStatus.IDLE) {
            events.foundIdle();
            endedBefore = true;
        }
    }

    @Override
    void executed(List<TransactionControl> controls, boolean isFailed) {
        if (released) {
            return;
        }
        for (TransactionControl control : controls) {
            switch (control.kind()) {
                case COMMIT, ROLLBACK, PREPARE -> {
                    ended();
                    reopen();
                }
                case BEGIN_ANEW -> endedWithoutBeingAskedTo();
                case IMPLICIT_COMMIT -> {
                    if (!hasCommitted(isFailed)) {
                        continue;
                    }
                    endedWithoutBeingAskedTo();
                }
                case BEGIN -> phase = Phase.OPEN;
                case UNCLEAR -> endedBefore = true;
                case ROLLBACK_TO, RELEASE -> clearUpSavepoints();
                case SAVEPOINT -> {}
                case UNCLEAR_SAVEPOINTS -> {
                    savepointsUnclear = true; // matters only if one of them is used
                    continue;
                }
            }
            events.executed(control);
        }
    }

    private void endedWithoutBeingAskedTo() {
        if (events.hasWritten()) {
            ended();
        }
    }

    /** Whether a statement that commits implicitly has done so. */
    boolean hasCommitted(boolean isFailed) {
        return true;
    }

    /** The transaction was ended by a statement: the next one is to begin another, as JDBC has it. */
    void reopen() {}

    /** A savepoint is used by its name, and which one that is may not be known: then nor is what becomes of what was written. */
    private void clearUpSavepoints() {
        if (savepointsUnclear) {
            savepointsUnclear = false;
            endedBefore = true;
            events.executed(new TransactionControl(TransactionControl.Kind.UNCLEAR_SAVEPOINTS, null));
        }
    }

    private void ended() {
        phase = Phase.ENDED;
        endedBefore = true;
    }

    @Override
    void aboutToExecute() {
        if (phase == Phase.ENDED) {
            phase = Phase.OPEN; // ended by the user, who goes on
        }
        lookForIdleness();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type == TrackedConnection.class ? type.cast(this) : super.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type == TrackedConnection.class || super.isWrapperFor(type);
    }

    @Override
    public String toString() {
        return "tracked " + getDelegate();
    }
}
