package dev.commithooks.engine.dialect;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;

/**
 * H2's <a href="https://h2database.com/html/grammar.html#data_change_delta_table">data change delta tables</a>: of a statement either
 * the new rows or the old ones.
 */
final class H2Returning extends Returning {

    private static final String VARIABLE = "@commithooks_found";

    private static final String FIND = """
            select t.table_type, t.storage_type, t.table_schema, t.table_name,
                exists (select 1 from information_schema.triggers g
                    where g.event_object_schema = t.table_schema and g.event_object_table = t.table_name
                        and g.action_timing = 'INSTEAD OF')
            from information_schema.tables t
            where lower(t.table_schema) = lower(coalesce(?, schema())) and lower(t.table_name) = lower(?)""";

    private static final String COLUMNS =
            "select column_name from information_schema.columns where table_schema = ? and table_name = ?";

    /**
     * A query whose delta table's statement fails half way leaves what that has written, where the statement alone undoes it: {@code
     * Command.executeUpdate} goes back to a savepoint, {@code Command.executeQuery} does not. So nothing is made a delta table that is
     * none; what jOOQ makes one, since it returns rows, does that anyway.
     */
    @Override
    public @Nullable String refusal(Writing statement) {
        if (statement.verb() == Verb.MERGE || statement.isUpsert()) {
            return "H2 does not tell whether MERGE inserted a row or updated it";
        }
        return statement.returns()
                ? null
                : "H2 returns rows through a query only, which would not undo a statement that fails half way";
    }

    /** A user variable, set by the condition of the branch; the statement is a delta table, which the query reads when it is executed. */
    @Override
    public @Nullable MarkedUpsert marked(String sql, long mark) {
        int matched = behind(sql, Dialect.of(SQLDialect.H2), "when", "matched");
        return matched < 0
                ? null
                : new MarkedUpsert(
                        sql.substring(0, matched) + " and set(" + VARIABLE + ", " + mark + ") = " + mark
                                + sql.substring(matched),
                        VARIABLE,
                        null);
    }

    @Override
    public @Nullable StoredTable find(Connection connection, @Nullable String schema, String table)
            throws SQLException {
        List<@Nullable String[]> found = query(connection, FIND, schema, table);
        return found.size() != 1
                ? null
                : new StoredTable(obstacle(found.get(0)), names(connection, COLUMNS, found.get(0)[2], found.get(0)[3]));
    }

    private static @Nullable String obstacle(@Nullable String[] found) {
        if (!"BASE TABLE".equals(found[0]) || "TABLE LINK".equals(found[1])) {
            return "on H2 it is no table of the database's own";
        }
        return "TRUE".equalsIgnoreCase(found[4])
                ? "on H2 a trigger writes instead of the statement, and its rows are not returned"
                : null;
    }
}
