package dev.commithooks.engine.connection;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import org.jooq.tools.jdbc.DefaultConnection;
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
public final class TrackedConnection extends DefaultConnection {

    private enum Phase {
        /** Between begin and end, as far as this connection was asked. */
        OPEN,
        /** Commit or rollback was called last; what follows is clean-up, or the user's further work. */
        ENDED,
        /** Rollback was called last, and failed: the transaction may still be open. */
        ROLLBACK_FAILED
    }

    private final ConnectionEvents events;
    private Phase phase = Phase.OPEN;
    private boolean released;
    private @Nullable DriverStatus driverStatus;

    TrackedConnection(Connection delegate, ConnectionEvents events) {
        super(delegate);
        this.events = events;
    }

    /** Who is told what happens here. */
    public ConnectionEvents events() {
        return events;
    }

    /** The transaction's state, as far as the driver knows it without a round trip. */
    public TransactionStatus status() {
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

    @Override
    public void commit() throws SQLException {
        if (released) {
            super.commit();
            return;
        }
        events.committing();
        try {
            if (getDelegate().isClosed()) {
                throw new CommitNotSentException();
            }
            super.commit();
        } catch (Throwable e) {
            phase = Phase.ENDED;
            events.commitFailed(e);
            throw e;
        }
        phase = Phase.ENDED;
        events.committed();
    }

    @Override
    public void rollback() throws SQLException {
        lookForIdleness();
        phase = Phase.ROLLBACK_FAILED;
        super.rollback();
        phase = Phase.ENDED;
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
            events.savepointSet(nameOf(savepoint));
        }
        return savepoint;
    }

    @Override
    public void rollback(Savepoint savepoint) throws SQLException {
        lookForIdleness();
        Object name = nameOf(savepoint);
        super.rollback(savepoint);
        if (!released) {
            events.savepointRolledBack(name);
        }
    }

    @Override
    public void releaseSavepoint(Savepoint savepoint) throws SQLException {
        // A released savepoint does not tell its name any more.
        Object name = nameOf(savepoint);
        super.releaseSavepoint(savepoint);
        if (!released) {
            events.savepointReleased(name);
        }
    }

    /**
     * PostgreSQL finds a savepoint by its name, however it was set; one without a name is nobody else's. Asked for its id first,
     * since nested transactions' have no name and drivers answer a wrong question with an exception.
     */
    private static Object nameOf(Savepoint savepoint) {
        try {
            savepoint.getSavepointId();
            return savepoint;
        } catch (SQLException named) {
            return givenName(savepoint);
        }
    }

    private static Object givenName(Savepoint savepoint) {
        try {
            String name = savepoint.getSavepointName();
            return name == null ? savepoint : TransactionControl.clip(name);
        } catch (SQLException invalid) {
            return savepoint;
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
                events.commitFailed(e);
            }
            throw e;
        }
        if (wasOff) {
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

    /** Closing ends the transaction; JDBC leaves open how, and PostgreSQL rolls back. */
    @Override
    public void close() throws SQLException {
        super.close();
        if (phase == Phase.OPEN && !released) {
            phase = Phase.ENDED;
            events.rolledBack();
        }
    }

    /**
     * A transaction that was ended by a statement of plain JDBC is found here, before the next statement begins another. Costs
     * a look at the driver's notes, some 30 ns. After a failed COMMIT there is nothing to find.
     */
    private void lookForIdleness() {
        if (phase == Phase.OPEN && !released && status() == TransactionStatus.IDLE) {
            events.foundIdle();
        }
    }

    /** Only a statement that controls the transaction is wrapped: hardly any. */
    private PreparedStatement watched(String sql, PreparedStatement statement) {
        if (!TransactionControl.isPossible(sql)) {
            return statement;
        }
        List<TransactionControl> controls = TransactionControl.in(sql);
        return controls.isEmpty() ? statement : new WatchedPreparedStatement(statement, this, controls);
    }

    /** Statements were executed that control the transaction. */
    void executed(List<TransactionControl> controls) throws SQLException {
        if (!released) {
            for (TransactionControl control : controls) {
                events.executed(control);
            }
        }
    }

    private void aboutToMakeAStatement() {
        if (phase == Phase.ENDED) {
            phase = Phase.OPEN; // ended by the user, who goes on
        }
        lookForIdleness();
    }

    @Override
    public Statement createStatement() throws SQLException {
        aboutToMakeAStatement();
        return new WatchedStatement(super.createStatement(), this);
    }

    @Override
    public Statement createStatement(int resultSetType, int resultSetConcurrency) throws SQLException {
        aboutToMakeAStatement();
        return new WatchedStatement(super.createStatement(resultSetType, resultSetConcurrency), this);
    }

    @Override
    public Statement createStatement(int resultSetType, int resultSetConcurrency, int resultSetHoldability)
            throws SQLException {
        aboutToMakeAStatement();
        return new WatchedStatement(
                super.createStatement(resultSetType, resultSetConcurrency, resultSetHoldability), this);
    }

    @Override
    public PreparedStatement prepareStatement(String sql) throws SQLException {
        aboutToMakeAStatement();
        return watched(sql, super.prepareStatement(sql));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int autoGeneratedKeys) throws SQLException {
        aboutToMakeAStatement();
        return watched(sql, super.prepareStatement(sql, autoGeneratedKeys));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int[] columnIndexes) throws SQLException {
        aboutToMakeAStatement();
        return watched(sql, super.prepareStatement(sql, columnIndexes));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, String[] columnNames) throws SQLException {
        aboutToMakeAStatement();
        return watched(sql, super.prepareStatement(sql, columnNames));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int resultSetType, int resultSetConcurrency)
            throws SQLException {
        aboutToMakeAStatement();
        return watched(sql, super.prepareStatement(sql, resultSetType, resultSetConcurrency));
    }

    @Override
    public PreparedStatement prepareStatement(
            String sql, int resultSetType, int resultSetConcurrency, int resultSetHoldability) throws SQLException {
        aboutToMakeAStatement();
        return watched(sql, super.prepareStatement(sql, resultSetType, resultSetConcurrency, resultSetHoldability));
    }

    @Override
    public CallableStatement prepareCall(String sql) throws SQLException {
        aboutToMakeAStatement();
        return super.prepareCall(sql);
    }

    @Override
    public CallableStatement prepareCall(String sql, int resultSetType, int resultSetConcurrency) throws SQLException {
        aboutToMakeAStatement();
        return super.prepareCall(sql, resultSetType, resultSetConcurrency);
    }

    @Override
    public CallableStatement prepareCall(
            String sql, int resultSetType, int resultSetConcurrency, int resultSetHoldability) throws SQLException {
        aboutToMakeAStatement();
        return super.prepareCall(sql, resultSetType, resultSetConcurrency, resultSetHoldability);
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
