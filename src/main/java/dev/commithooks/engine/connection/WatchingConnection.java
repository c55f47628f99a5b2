package dev.commithooks.engine.connection;

import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.dialect.Guard;
import dev.commithooks.engine.sql.Script;
import dev.commithooks.engine.sql.TransactionControl;
import java.sql.BatchUpdateException;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jooq.tools.jdbc.DefaultConnection;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose statements report what they do to the transaction, through whatever door they are executed: as a text, a
 * prepared or callable statement, or a batch of these.
 */
abstract sealed class WatchingConnection extends DefaultConnection permits CommittingConnection {

    private static final String NO_RESULTS = "02000";
    private static final String TOO_MANY_RESULTS = "0100E";
    /** xerial's. */
    private static final String DONE_WITHOUT_RESULTS = "SQLITE_DONE";

    WatchingConnection(Connection delegate) {
        super(delegate);
    }

    /** A statement is about to be made, or executed. */
    abstract void aboutToExecute();

    /**
     * Statements were executed that control the transaction.
     *
     * @param isFailed whether the execution has failed
     */
    abstract void executed(List<TransactionControl> controls, boolean isFailed) throws SQLException;

    /** The ways of the database. */
    abstract Dialect dialect();

    /** Whether all statements are watched, and not only those that control the transaction: hardly any do. */
    boolean watchesAll() {
        return false;
    }

    /** What tells the open transaction from the next one, where a statement may end it and begin another; null if nothing does. */
    @Nullable
    Guard guard() throws SQLException {
        return null;
    }

    /** Such a statement has been executed. */
    void lookFor(Guard guard) {}

    /** A statement has failed. */
    void failed(Throwable failure) {}

    /** An execution by JDBC. */
    interface Execution<T> {
        T run() throws SQLException;
    }

    /** Runs an execution and reports what it has done to the transaction. */
    final <T> T execute(Script script, Execution<T> execution) throws SQLException {
        aboutToExecute();
        Guard guard = script.executesOthers() ? guard() : null;
        T result;
        try {
            result = execution.run();
        } catch (Throwable failure) {
            if (guard != null) {
                lookFor(guard);
            }
            if (isOfTheCallOnly(failure)) {
                executed(script.controls(), false);
            } else {
                executed(script.ifFailed(), true);
                failed(failure);
            }
            throw failure;
        }
        if (guard != null) {
            lookFor(guard);
        }
        executed(script.controls(), false);
        return result;
    }

    /** The driver's complaint, after all has been executed, that the other method should have been called for such a result. */
    private static boolean isOfTheCallOnly(Throwable failure) {
        return failure instanceof SQLException sql
                && !(failure instanceof BatchUpdateException)
                && (NO_RESULTS.equals(sql.getSQLState())
                        || TOO_MANY_RESULTS.equals(sql.getSQLState())
                        || DONE_WITHOUT_RESULTS.equals(sql.getSQLState()));
    }

    final Script script(String sql) {
        return Script.of(sql, dialect());
    }

    private PreparedStatement watched(String sql, PreparedStatement statement) {
        if (!watchesAll() && !TransactionControl.isPossible(sql)) {
            return statement;
        }
        Script script = script(sql);
        return script.controls().isEmpty() && !watchesAll()
                ? statement
                : new WatchedPreparedStatement(statement, this, script);
    }

    private CallableStatement watched(String sql, CallableStatement statement) {
        Script script = script(sql);
        return script.controls().isEmpty() && !watchesAll()
                ? statement
                : new WatchedCallableStatement(statement, this, script);
    }

    @Override
    public Statement createStatement() throws SQLException {
        aboutToExecute();
        return new WatchedStatement(super.createStatement(), this);
    }

    @Override
    public Statement createStatement(int resultSetType, int resultSetConcurrency) throws SQLException {
        aboutToExecute();
        return new WatchedStatement(super.createStatement(resultSetType, resultSetConcurrency), this);
    }

    @Override
    public Statement createStatement(int resultSetType, int resultSetConcurrency, int resultSetHoldability)
            throws SQLException {
        aboutToExecute();
        return new WatchedStatement(
                super.createStatement(resultSetType, resultSetConcurrency, resultSetHoldability), this);
    }

    @Override
    public PreparedStatement prepareStatement(String sql) throws SQLException {
        aboutToExecute();
        return watched(sql, super.prepareStatement(sql));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int autoGeneratedKeys) throws SQLException {
        aboutToExecute();
        return watched(sql, super.prepareStatement(sql, autoGeneratedKeys));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int[] columnIndexes) throws SQLException {
        aboutToExecute();
        return watched(sql, super.prepareStatement(sql, columnIndexes));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, String[] columnNames) throws SQLException {
        aboutToExecute();
        return watched(sql, super.prepareStatement(sql, columnNames));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int resultSetType, int resultSetConcurrency)
            throws SQLException {
        aboutToExecute();
        return watched(sql, super.prepareStatement(sql, resultSetType, resultSetConcurrency));
    }

    @Override
    public PreparedStatement prepareStatement(
            String sql, int resultSetType, int resultSetConcurrency, int resultSetHoldability) throws SQLException {
        aboutToExecute();
        return watched(sql, super.prepareStatement(sql, resultSetType, resultSetConcurrency, resultSetHoldability));
    }

    @Override
    public CallableStatement prepareCall(String sql) throws SQLException {
        aboutToExecute();
        return watched(sql, super.prepareCall(sql));
    }

    @Override
    public CallableStatement prepareCall(String sql, int resultSetType, int resultSetConcurrency) throws SQLException {
        aboutToExecute();
        return watched(sql, super.prepareCall(sql, resultSetType, resultSetConcurrency));
    }

    @Override
    public CallableStatement prepareCall(
            String sql, int resultSetType, int resultSetConcurrency, int resultSetHoldability) throws SQLException {
        aboutToExecute();
        return watched(sql, super.prepareCall(sql, resultSetType, resultSetConcurrency, resultSetHoldability));
    }
}
