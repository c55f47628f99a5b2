package dev.commithooks.engine.capture;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.tools.jdbc.MockResultSet;
import org.jspecify.annotations.Nullable;

/** Rows that a driver lets one read only once, to be read again: for the few that a record's statement returns. */
final class CopiedRows {

    private CopiedRows() {}

    /** The rows with the values that the driver gives. Its own result is closed, and keeps nobody from COMMIT. */
    static ResultSet of(ResultSet returned) throws SQLException {
        try (returned) {
            Field<?>[] fields = fields(returned.getMetaData());
            DSLContext plain = DSL.using(SQLDialect.DEFAULT);
            Result<Record> rows = plain.newResult(fields);
            while (returned.next()) {
                @Nullable Object[] values = new @Nullable Object[fields.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = returned.getObject(i + 1);
                }
                Record row = plain.newRecord(fields);
                row.fromArray(values);
                rows.add(row);
            }
            return new MockResultSet(rows);
        }
    }

    private static Field<?>[] fields(ResultSetMetaData columns) throws SQLException {
        Field<?>[] fields = new Field<?>[columns.getColumnCount()];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = DSL.field(DSL.name(columns.getColumnLabel(i + 1)), Object.class);
        }
        return fields;
    }
}
