package dev.commithooks.engine.capture;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import org.jooq.tools.jdbc.DefaultResultSet;

/** A result of which only the first columns are shown, and only the first rows if they are limited. */
final class FirstRowsAndColumns extends DefaultResultSet {

    private final long rows;
    private final int columns;

    /** The first columns of a result, and so many of its rows, or all of them if that is 0. */
    FirstRowsAndColumns(ResultSet delegate, long rows, int columns) {
        super(delegate);
        this.rows = rows;
        this.columns = columns;
    }

    @Override
    public boolean next() throws SQLException {
        return (rows == 0 || getRow() < rows) && super.next();
    }

    @Override
    public ResultSetMetaData getMetaData() throws SQLException {
        return new FirstColumnsMetaData(super.getMetaData(), columns);
    }
}
