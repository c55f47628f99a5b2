package dev.commithooks.engine.capture;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;

/** The metadata of a result of which only the first columns are shown. */
final class FirstColumnsMetaData implements ResultSetMetaData {

    private final ResultSetMetaData all;
    private final int columns;

    FirstColumnsMetaData(ResultSetMetaData all, int columns) {
        this.all = all;
        this.columns = columns;
    }

    @Override
    public int getColumnCount() {
        return columns;
    }

    @Override
    public boolean isAutoIncrement(int column) throws SQLException {
        return all.isAutoIncrement(column);
    }

    @Override
    public boolean isCaseSensitive(int column) throws SQLException {
        return all.isCaseSensitive(column);
    }

    @Override
    public boolean isSearchable(int column) throws SQLException {
        return all.isSearchable(column);
    }

    @Override
    public boolean isCurrency(int column) throws SQLException {
        return all.isCurrency(column);
    }

    @Override
    public int isNullable(int column) throws SQLException {
        return all.isNullable(column);
    }

    @Override
    public boolean isSigned(int column) throws SQLException {
        return all.isSigned(column);
    }

    @Override
    public int getColumnDisplaySize(int column) throws SQLException {
        return all.getColumnDisplaySize(column);
    }

    @Override
    public String getColumnLabel(int column) throws SQLException {
        return all.getColumnLabel(column);
    }

    @Override
    public String getColumnName(int column) throws SQLException {
        return all.getColumnName(column);
    }

    @Override
    public String getSchemaName(int column) throws SQLException {
        return all.getSchemaName(column);
    }

    @Override
    public int getPrecision(int column) throws SQLException {
        return all.getPrecision(column);
    }

    @Override
    public int getScale(int column) throws SQLException {
        return all.getScale(column);
    }

    @Override
    public String getTableName(int column) throws SQLException {
        return all.getTableName(column);
    }

    @Override
    public String getCatalogName(int column) throws SQLException {
        return all.getCatalogName(column);
    }

    @Override
    public int getColumnType(int column) throws SQLException {
        return all.getColumnType(column);
    }

    @Override
    public String getColumnTypeName(int column) throws SQLException {
        return all.getColumnTypeName(column);
    }

    @Override
    public boolean isReadOnly(int column) throws SQLException {
        return all.isReadOnly(column);
    }

    @Override
    public boolean isWritable(int column) throws SQLException {
        return all.isWritable(column);
    }

    @Override
    public boolean isDefinitelyWritable(int column) throws SQLException {
        return all.isDefinitelyWritable(column);
    }

    @Override
    public String getColumnClassName(int column) throws SQLException {
        return all.getColumnClassName(column);
    }

    @Override
    public <T> T unwrap(Class<T> iface) throws SQLException {
        return all.unwrap(iface);
    }

    @Override
    public boolean isWrapperFor(Class<?> iface) throws SQLException {
        return all.isWrapperFor(iface);
    }
}
