package dev.commithooks.testing;

import dev.commithooks.engine.dialect.TransactionStatus;
import dev.commithooks.spi.ConnectionState;
import dev.commithooks.spi.OutcomeResolver.Inquiry;
import dev.commithooks.testing.FrozenCall.End;
import dev.commithooks.transaction.Outcome;
import java.io.EOFException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the application under test. It answers itself what is about transactions; the rest goes to the real connection
 * of the running test. Without a test it has a real one of its own.
 */
final class VirtualConnection extends Overlay implements ConnectionState {

    private static final String NO_TRANSACTION = "25P01";
    private static final String IN_TRANSACTION = "25001";

    private final RolledBackDatabase database;
    private final int number;
    private final Connection connection;
    private final RunningCall running = new RunningCall(this);
    private boolean autoCommit = true;
    private boolean readOnly;
    private @Nullable Integer isolation;
    private @Nullable Outside outside;
    private volatile @Nullable VirtualTransaction transaction;
    private volatile @Nullable State stateAtEnd;
    private volatile Outcome lostOutcome = Outcome.UNKNOWN;

    VirtualConnection(RolledBackDatabase database) {
        this.database = database;
        this.number = database.nextConnectionNumber();
        this.connection = as(Connection.class, ConnectionState.class);
    }

    /** This as JDBC's interface. */
    Connection connection() {
        return connection;
    }

    /** What it stands on now. */
    Ground ground() throws SQLException {
        if (isClosed()) {
            throw new SQLNonTransientConnectionException("This connection has been closed.", "08003");
        }
        Outside own = outside;
        TestTransaction test = database.current();
        if (test == null && database.options().areOnlyInTests()) {
            return BetweenTests.REFUSES;
        }
        if (test == null || (own != null && own.status() != TransactionStatus.IDLE && !autoCommit)) {
            return own == null ? goOutside() : own;
        }
        if (own != null) {
            outside = null;
            own.closed(this);
        }
        return test.outer();
    }

    private Outside goOutside() throws SQLException {
        Outside own = new Outside(database.realConnection());
        own.adopt(autoCommit, readOnly, isolation);
        outside = own;
        return own;
    }

    @Nullable
    VirtualTransaction transaction() {
        return transaction;
    }

    void transaction(@Nullable VirtualTransaction now) {
        transaction = now;
    }

    /** The isolation level asked for, as JDBC numbers it; null for the outer transaction's. */
    @Nullable
    Integer isolationAskedFor() {
        return isolation;
    }

    /** From here on it is as if the connection to the server had been lost. */
    SQLException cut(State state, Outcome outcome) {
        stateAtEnd = state;
        lostOutcome = outcome;
        return new SQLNonTransientConnectionException(
                "An I/O error occurred while sending to the backend.", "08006", new EOFException());
    }

    @Override
    public State transactionState() {
        State end = stateAtEnd;
        VirtualTransaction open = transaction;
        Outside own = outside;
        if (end != null) {
            return end;
        }
        if (own != null) {
            return State.valueOf(own.status().name());
        }
        return open == null ? State.IDLE : open.isAborted() ? State.ABORTED : State.OPEN;
    }

    @Override
    public Inquiry commitInquiry() {
        return () -> lostOutcome;
    }

    public void commit() throws SQLException {
        Ground ground = ground();
        refuseInAutoCommit("commit");
        ground.commit(this);
        running.awaitCommit();
    }

    RunningCall running() {
        return running;
    }

    public void rollback() throws SQLException {
        Ground ground = ground();
        refuseInAutoCommit("rollback");
        ground.rollback(this);
    }

    public Savepoint setSavepoint() throws SQLException {
        return setSavepoint(null);
    }

    public Savepoint setSavepoint(@Nullable String name) throws SQLException {
        Ground ground = ground();
        refuseInAutoCommit("establish a savepoint");
        return ground.setSavepoint(this, name);
    }

    public void rollback(Savepoint savepoint) throws SQLException {
        ground().rollbackTo(this, savepoint);
    }

    public void releaseSavepoint(Savepoint savepoint) throws SQLException {
        ground().release(this, savepoint);
    }

    private void refuseInAutoCommit(String what) throws SQLException {
        if (autoCommit) {
            throw new SQLException("Cannot " + what + " when autoCommit is enabled.", NO_TRANSACTION);
        }
    }

    /** JDBC commits an open transaction when the mode changes. */
    public void setAutoCommit(boolean wanted) throws SQLException {
        Ground ground = ground();
        if (autoCommit == wanted) {
            return;
        }
        if (wanted) {
            ground.commit(this);
            running.awaitCommit();
        }
        autoCommit = wanted;
        adoptOutside();
    }

    public boolean getAutoCommit() throws SQLException {
        ground();
        return autoCommit;
    }

    public void setReadOnly(boolean wanted) throws SQLException {
        refuseInTransaction("read-only property");
        readOnly = wanted;
        adoptOutside();
    }

    public boolean isReadOnly() {
        return readOnly;
    }

    public void setTransactionIsolation(int level) throws SQLException {
        refuseInTransaction("isolation level");
        isolation = level;
        adoptOutside();
    }

    public int getTransactionIsolation() throws SQLException {
        Integer asked = isolation;
        return asked == null ? ground().isolation(this) : asked;
    }

    private void refuseInTransaction(String property) throws SQLException {
        ground();
        if (outside == null && transaction != null) {
            throw new SQLException(
                    "Cannot change transaction " + property + " in the middle of a transaction.", IN_TRANSACTION);
        }
    }

    private void adoptOutside() throws SQLException {
        Outside own = outside;
        if (own != null) {
            own.adopt(autoCommit, readOnly, isolation);
        }
    }

    /** As a driver does, it remembers how things stood. */
    public void close() throws SQLException {
        if (isClosed()) {
            return;
        }
        State state = transactionState();
        try {
            if (outside != null || transaction != null) {
                ground().closed(this);
            }
        } finally {
            stateAtEnd = state;
            outside = null;
        }
    }

    public boolean isClosed() {
        return stateAtEnd != null;
    }

    public void abort(Executor executor) throws SQLException {
        running.end(End.LOST);
        close();
    }

    public boolean isValid(int timeout) {
        return !isClosed();
    }

    /** Taken note of only: the real connection serves others too. */
    public void setNetworkTimeout(Executor executor, int milliseconds) {
        running.networkTimeout(milliseconds);
    }

    public int getNetworkTimeout() {
        return running.networkTimeout();
    }

    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(connection) || ground().real(this).isWrapperFor(type);
    }

    /** Whoever gets the driver's own connection may write on it unseen. */
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(connection)) {
            return type.cast(connection);
        }
        Ground ground = ground();
        if (ground instanceof OuterTransaction outer) {
            outer.unwrapped();
        }
        return ground.real(this).unwrap(type);
    }

    @Override
    @Nullable
    Object passOn(Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
        Object result = invoke(method, ground().real(this), arguments);
        if (result instanceof Statement statement) {
            return new VirtualStatement(this, statement, sql(arguments)).as();
        }
        return result instanceof DatabaseMetaData metaData
                ? new VirtualMetaData(metaData, connection).as(DatabaseMetaData.class)
                : result;
    }

    boolean isAutoCommit() {
        return autoCommit;
    }

    @Override
    public String toString() {
        return "connection #" + number;
    }
}
