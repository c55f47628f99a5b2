package dev.commithooks.engine.connection;

import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.dialect.DriverStatus;
import dev.commithooks.engine.dialect.TransactionStatus;
import dev.commithooks.engine.sql.TransactionControl;
import dev.commithooks.transaction.IsolationLevel;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transaction's connection, which reports what ends the transaction or a part of it. Everything else goes straight to the
 * connection below.
 */
public sealed class TrackedConnection extends CommittingConnection permits JudgedConnection {

    private boolean savepointsUnclear;
    private boolean closed;
    /** Whether the driver was found to be of the database whose ways are expected. */
    private boolean isExpected;

    private @Nullable DriverStatus driverStatus;
    /** The number of the transaction that was found to have written something; null where the driver numbers none. */
    private @Nullable Object number;

    TrackedConnection(Connection delegate, ConnectionEvents events) {
        super(delegate, events);
    }

    /** The connection of a transaction, tracked as its database needs it. */
    public static TrackedConnection of(Connection connection, ConnectionEvents events) {
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

    /**
     * The state of a connection's transaction as the driver knows it without asking the server, under however many layers of pool:
     * by its own notes of the server's last answer.
     */
    public static TransactionStatus status(Connection connection) {
        return connection instanceof TrackedConnection tracked
                ? tracked.status()
                : DriverStatus.of(connection).read();
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

    /** The transaction's state, as far as the driver knows it without a round trip. */
    public TransactionStatus status() {
        if (closed) {
            return TransactionStatus.UNKNOWN; // a pool may have given it to somebody else
        }
        DriverStatus driver = driver();
        if (number != null && !number.equals(driver.number())) {
            return TransactionStatus.IDLE; // what is open now is another one
        }
        TransactionStatus status = driver.read();
        return status == TransactionStatus.UNKNOWN && isInAutocommitMode() ? TransactionStatus.IDLE : status;
    }

    private DriverStatus driver() {
        DriverStatus driver = driverStatus;
        if (driver == null) {
            driver = DriverStatus.of(getDelegate());
            driverStatus = driver;
        }
        return driver;
    }

    /** Whether each statement is its own transaction; false of a broken connection. */
    private boolean isInAutocommitMode() {
        try {
            return getDelegate().getAutoCommit();
        } catch (SQLException broken) {
            return false;
        }
    }

    /** Whether a transaction is open on it, as far as the driver knows; false of a broken one, whose begin will say so. */
    public boolean isInTransaction() {
        if (isInAutocommitMode()) {
            return false;
        }
        TransactionStatus status = status();
        return status == TransactionStatus.OPEN || status == TransactionStatus.ABORTED;
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
        if (!isReleased()) {
            Dialect dialect = dialect();
            if (SavepointName.isUnclear(savepoint, dialect)) {
                unclearSavepoints();
            }
            events().savepointSet(SavepointName.of(savepoint, dialect, getDelegate()));
        }
        return savepoint;
    }

    @Override
    public void rollback(Savepoint savepoint) throws SQLException {
        lookForIdleness();
        Object name = SavepointName.of(savepoint, dialect(), getDelegate());
        super.rollback(savepoint);
        number = null; // what it has undone may be all
        if (!isReleased()) {
            if (name instanceof String) {
                clearUpSavepoints();
            }
            events().savepointRolledBack(name);
        }
    }

    @Override
    public void releaseSavepoint(Savepoint savepoint) throws SQLException {
        // A released savepoint does not tell its name any more.
        Object name = SavepointName.of(savepoint, dialect(), getDelegate());
        super.releaseSavepoint(savepoint);
        if (!isReleased()) {
            events().savepointReleased(name);
        }
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
        if (!isOpen() || isReleased() || !events().hearsOfTheEnd() || !events().hasWritten()) {
            number = null;
            return;
        }
        if (status() == TransactionStatus.IDLE) {
            events().foundIdle();
            endedBefore();
        } else if (number == null) {
            number = driver().number();
        }
    }

    @Override
    void executed(List<TransactionControl> controls, boolean isFailed) {
        if (isReleased()) {
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
                case BEGIN -> opened();
                case UNCLEAR -> {
                    endedBefore();
                    reopen();
                }
                case ROLLBACK_TO, RELEASE -> {
                    number = null; // what it has undone may be all
                    clearUpSavepoints();
                }
                case SAVEPOINT -> {
                    if (control.savepoint() == null) {
                        unclearSavepoints();
                    }
                }
                case UNCLEAR_SAVEPOINTS -> {
                    unclearSavepoints();
                    continue;
                }
            }
            events().executed(named(control));
        }
    }

    private TransactionControl named(TransactionControl control) {
        String told = control.savepoint();
        return told == null
                ? control
                : new TransactionControl(control.kind(), dialect().savepointName(told, getDelegate()));
    }

    /** Where errors abort the transaction it matters only if one of them is used, which it must be. */
    private void unclearSavepoints() {
        savepointsUnclear = true;
        if (!dialect().abortsTransactions()) {
            clearUpSavepoints();
        }
    }

    private void endedWithoutBeingAskedTo() {
        if (events().hasWritten()) {
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
            endedBefore();
            events().executed(new TransactionControl(TransactionControl.Kind.UNCLEAR_SAVEPOINTS, null));
        }
    }

    @Override
    void aboutToRollBack() {
        lookForIdleness();
    }

    @Override
    void aboutToExecute() {
        if (!isExpected) { // not earlier: a connection that is acquired lazily would be acquired for it
            driver().requireDatabaseOf(dialect());
            isExpected = true;
        }
        goOn();
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
