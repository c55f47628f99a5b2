package dev.commithooks.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLWarning;
import java.util.Arrays;
import java.util.Map;
import org.jooq.tools.jdbc.DefaultPreparedStatement;
import org.jooq.tools.jdbc.DefaultResultSet;

/** A statement of the {@link Stub}: an insert, a query, or what affects one row. */
final class StubStatement extends DefaultPreparedStatement {

    private static final ResultSetMetaData ITEM_COLUMNS =
            Stub.answering(ResultSetMetaData.class, Map.of("getColumnCount", 4));
    private static final ResultSetMetaData ID_COLUMN =
            Stub.answering(ResultSetMetaData.class, Map.of("getColumnCount", 1, "getColumnLabel", "id"));

    private final Stub database;
    private final boolean insert;
    private final boolean select;
    private int batched;

    StubStatement(Stub database, String sql) {
        super(null);
        this.database = database;
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
        return insert ? getGeneratedKeys() : new StubRows(this, database.rows, 0);
    }

    @Override
    public ResultSet getGeneratedKeys() {
        return new StubRows(this, 1, database.nextId());
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
        return database.getConnection();
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
}
