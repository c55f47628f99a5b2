package dev.commithooks.bench;

import java.io.PrintWriter;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLWarning;
import java.sql.Savepoint;
import java.util.Arrays;
import java.util.Map;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jooq.tools.jdbc.DefaultConnection;
import org.jooq.tools.jdbc.DefaultPreparedStatement;
import org.jooq.tools.jdbc.DefaultResultSet;

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

    private static final ResultSetMetaData ITEM_COLUMNS =
            answering(ResultSetMetaData.class, Map.of("getColumnCount", 4));
    private static final ResultSetMetaData ID_COLUMN =
            answering(ResultSetMetaData.class, Map.of("getColumnCount", 1, "getColumnLabel", "id"));

    /** The number of rows that a query returns. */
    int rows = 1;

    private final StubConnection connection = new StubConnection();
    private long lastId;

    @Override
    public Connection getConnection() {
        return connection;
    }

    private final class StubConnection extends DefaultConnection {

        private boolean autoCommit = true;

        StubConnection() {
            super(null);
        }

        @Override
        public PreparedStatement prepareStatement(String sql) {
            return new StubStatement(sql);
        }

        @Override
        public PreparedStatement prepareStatement(String sql, int keys) {
            return new StubStatement(sql);
        }

        @Override
        public PreparedStatement prepareStatement(String sql, int type, int concurrency) {
            return new StubStatement(sql);
        }

        @Override
        public PreparedStatement prepareStatement(String sql, String[] columns) {
            return new StubStatement(sql);
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

    private final class StubStatement extends DefaultPreparedStatement {

        private final boolean insert;
        private final boolean select;
        private int batched;

        StubStatement(String sql) {
            super(null);
            this.insert = sql.charAt(0) == 'i';
            this.select = sql.charAt(0) == 's';
        }

        @Override
        public boolean execute() {
            return insert || select;
        }

        @Override
        public ResultSet executeQuery() {
            return getResultSet();
        }

        @Override
        public int executeUpdate() {
            return 1;
        }

        @Override
        public ResultSet getResultSet() {
            return insert ? getGeneratedKeys() : new StubRows(this, rows, 0);
        }

        @Override
        public ResultSet getGeneratedKeys() {
            return new StubRows(this, 1, ++lastId);
        }

        @Override
        public int getUpdateCount() {
            return 1;
        }

        @Override
        public boolean getMoreResults() {
            return false;
        }

        @Override
        public void addBatch() {
            batched++;
        }

        @Override
        public int[] executeBatch() {
            int[] counts = new int[batched];
            Arrays.fill(counts, 1);
            batched = 0;
            return counts;
        }

        @Override
        public void setLong(int index, long value) {}

        @Override
        public void setInt(int index, int value) {}

        @Override
        public void setString(int index, String value) {}

        @Override
        public void setNull(int index, int type) {}

        @Override
        public void setObject(int index, Object value) {}

        @Override
        public void setFetchSize(int size) {}

        @Override
        public void setMaxRows(int rows) {}

        @Override
        public void setQueryTimeout(int seconds) {}

        @Override
        public int getQueryTimeout() {
            return 0;
        }

        @Override
        public int getMaxRows() {
            return 0;
        }

        @Override
        public Connection getConnection() {
            return connection;
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
        public void close() {}

        @Override
        public boolean isClosed() {
            return false;
        }
    }

    private static final class StubRows extends DefaultResultSet {

        private final StubStatement statement;
        private final int count;
        private final long firstId;
        private int row;

        StubRows(StubStatement statement, int count, long firstId) {
            super(null);
            this.statement = statement;
            this.count = count;
            this.firstId = firstId;
        }

        @Override
        public boolean next() {
            return ++row <= count;
        }

        @Override
        public boolean isBeforeFirst() {
            return row == 0 && count > 0;
        }

        @Override
        public boolean isAfterLast() {
            return row > count;
        }

        @Override
        public int getRow() {
            return row > count ? 0 : row;
        }

        @Override
        public long getLong(int column) {
            return firstId + row;
        }

        @Override
        public long getLong(String column) {
            return firstId + row;
        }

        @Override
        public int getInt(int column) {
            return row;
        }

        @Override
        public String getString(int column) {
            return column == 2 ? "a name" : "a note";
        }

        @Override
        public Object getObject(int column) {
            return firstId + row;
        }

        @Override
        public boolean wasNull() {
            return false;
        }

        @Override
        public int findColumn(String label) {
            return "id".equals(label) ? 1 : "name".equals(label) ? 2 : "quantity".equals(label) ? 3 : 4;
        }

        @Override
        public ResultSetMetaData getMetaData() {
            return statement.insert ? ID_COLUMN : ITEM_COLUMNS;
        }

        @Override
        public StubStatement getStatement() {
            return statement;
        }

        @Override
        public int getType() {
            return TYPE_FORWARD_ONLY;
        }

        @Override
        public SQLWarning getWarnings() {
            return null;
        }

        @Override
        public void close() {}

        @Override
        public boolean isClosed() {
            return false;
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

    private static <T> T answering(Class<T> type, Map<String, Object> answers) {
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
