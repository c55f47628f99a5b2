package dev.commithooks.engine.dialect;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SQLite's RETURNING, since 3.35: a statement has done all of its work <a href="https://sqlite.org/lang_returning.html">before the
 * first row comes back</a>.
 */
final class SqliteReturning extends Returning {

    @Override
    public @Nullable String refusal(Writing statement) {
        if (statement.replaces()) {
            return "SQLite does not tell which rows OR REPLACE deletes";
        }
        if (statement.isUpsert()) {
            return "SQLite does not tell whether an upsert inserted a row or updated it";
        }
        if (statement.verb() == Verb.MERGE) {
            return "SQLite has no MERGE";
        }
        return statement.returns()
                ? "SQLite's driver reads returned rows only once, and these are returned to the statement's caller"
                : null;
    }

    /** By pragmas, which read what the connection knows: a query of the schema would begin to read, and be in the way of the write. */
    @Override
    public @Nullable StoredTable find(Connection connection, @Nullable String schema, String table)
            throws SQLException {
        List<@Nullable String[]> found = query(
                connection,
                "select schema, type from pragma_table_list(?)"
                        + " where ? in ('', schema) order by case schema when 'temp' then 0 when 'main' then 1 else 2 end",
                table,
                schema == null ? "" : schema);
        if (found.isEmpty()) {
            return null;
        }
        String type = found.get(0)[1];
        return new StoredTable(
                "table".equals(type) ? null : "on SQLite a " + type + " does not return what is written to it",
                names(connection, "select name from pragma_table_xinfo(?, ?)", table, found.get(0)[0]));
    }
}
