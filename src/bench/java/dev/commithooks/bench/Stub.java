package dev.commithooks.bench;

import java.io.PrintWriter;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLWarning;
import java.sql.Savepoint;
import java.util.Map;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jooq.tools.jdbc.DefaultConnection;

/**
 * A database that does nothing and answers at once, so that what is measured is the CPU of the stack above JDBC: an insert
 * gets the next id, an update or delete affects one row, a query returns {@link #rows} rows. Whatever is not overridden
 * here throws a NullPointerException, so that no benchmark measures an answer that nobody thought of.
 */
final class Stub implements DataSource {

    /** Asked once a statement by jOOQ (the version), hence not null, which would cost an exception each time. */
    private static final DatabaseMetaData META_DATA = answering(
            DatabaseMetaData.class,
            Map.of(
                    "getDatabaseMajorVersion", 18,
                    "getDatabaseProductVersion", "18.0",
                    "getDatabaseProductName", "PostgreSQL",
                    "getDriverName", "PostgreSQL"));

    /** The number of rows that a query returns. */
    int rows = 1;

    private final StubConnection connection = new StubConnection();
    private long lastId;

    @Override
    public Connection getConnection() {
        return connection;
    }

    long nextId() {
        return ++lastId;
    }

    private final class StubConnection extends DefaultConnection {

        private boolean autoCommit = true;

        StubConnection() {
            super(null);
        }

        @Override
        public PreparedStatement prepareStatement(String sql) {
            return new StubStatement(Stub.this, sql);
        }

        @Override
        public PreparedStatement prepareStatement(String sql, int keys) {
            return new StubStatement(Stub.this, sql);
        }

        @Override
        public PreparedStatement prepareStatement(String sql, int type, int concurrency) {
            return new StubStatement(Stub.this, sql);
        }

        @Override
        public PreparedStatement prepareStatement(String sql, String[] columns) {
            return new StubStatement(Stub.this, sql);
        }

        @Override
        public boolean getAutoCommit() {
            return autoCommit;
        }

        @Override
        public void setAutoCommit(boolean autoCommit) {
            this.autoCommit = autoCommit;
        }

        @Override
        public void commit() {}

        @Override
        public void rollback() {}

        @Override
        public void close() {}

        @Override
        public boolean isClosed() {
            return false;
        }

        @Override
        public boolean isValid(int timeout) {
            return true;
        }

        @Override
        public DatabaseMetaData getMetaData() {
            return META_DATA;
        }

        @Override
        public Savepoint setSavepoint() {
            return new StubSavepoint();
        }

        @Override
        public Savepoint setSavepoint(String name) {
            return new StubSavepoint();
        }

        @Override
        public void releaseSavepoint(Savepoint savepoint) {}

        @Override
        public void rollback(Savepoint savepoint) {}

        @Override
        public boolean isReadOnly() {
            return false;
        }

        @Override
        public void setReadOnly(boolean readOnly) {}

        @Override
        public int getTransactionIsolation() {
            return TRANSACTION_READ_COMMITTED;
        }

        @Override
        public void setTransactionIsolation(int level) {}

        @Override
        public int getHoldability() {
            return ResultSet.CLOSE_CURSORS_AT_COMMIT;
        }

        @Override
        public SQLWarning getWarnings() {
            return null;
        }

        @Override
        public void clearWarnings() {}

        @Override
        public boolean isWrapperFor(Class<?> type) {
            return type.isInstance(this);
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            if (type.isInstance(this)) {
                return type.cast(this);
            }
            throw new SQLException("not a " + type);
        }
    }

    private static final class StubSavepoint implements Savepoint {

        @Override
        public int getSavepointId() {
            return 1;
        }

        @Override
        public String getSavepointName() throws SQLException {
            throw new SQLException("not named");
        }
    }

    static <T> T answering(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                Stub.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Class<?> result = method.getReturnType();
                    return answers.getOrDefault(
                            method.getName(),
                            result == boolean.class ? (Object) true : result == int.class ? (Object) 0 : null);
                }));
    }

    @Override
    public Connection getConnection(String user, String password) {
        return connection;
    }

    @Override
    public PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        return type.cast(this);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }
}
