package dev.commithooks.engine.dialect;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;

/** MariaDB's RETURNING: of INSERT since 10.5, and of DELETE from one table. */
final class MariaDbReturning extends Returning {

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)");

    /** As jOOQ writes it for records: the values that were to be inserted. */
    private static final Pattern FIRST_ASSIGNMENT = Pattern.compile("\\s*[^=?'(]+=\\s*(values\\s*\\([^()]*\\))");

    private static final String VARIABLE = "@commithooks_found";

    private static final String FIND = """
            select table_type, table_schema, version()
            from information_schema.tables
            where table_schema = coalesce(?, database()) and table_name = ?""";

    @Override
    public @Nullable String refusal(Writing statement) {
        if (statement.verb() == Verb.UPDATE) {
            return "MariaDB has no UPDATE ... RETURNING";
        }
        if (statement.isUpsert()) {
            return "MariaDB does not tell whether ON DUPLICATE KEY UPDATE inserted a row or updated it";
        }
        if (statement.verb() == Verb.MERGE) {
            return "MariaDB has no MERGE";
        }
        return statement.joins() ? "MariaDB returns the rows of a DELETE only if it names one table" : null;
    }

    /**
     * A user variable, set by the first assignment. As part of its value it is set under {@code SIMULTANEOUS_ASSIGNMENT} too; one more
     * assignment to the column would win there. A variable that the session did not have when the statement was prepared is returned as
     * NULL, whatever becomes of it.
     */
    @Override
    public @Nullable MarkedUpsert marked(String sql, long mark) {
        int update = behind(sql, Dialect.of(SQLDialect.MARIADB), "on", "duplicate", "key", "update");
        Matcher assignment = FIRST_ASSIGNMENT.matcher(sql);
        if (update < 0 || !assignment.find(update) || assignment.start() != update) {
            return null;
        }
        return new MarkedUpsert(
                sql.substring(0, assignment.start(1)) + "if(" + VARIABLE + " := " + mark + ", " + assignment.group(1)
                        + ", null)" + sql.substring(assignment.end(1)),
                VARIABLE,
                "select " + VARIABLE + " := coalesce(" + VARIABLE + ", 0)");
    }

    @Override
    public @Nullable StoredTable find(Connection connection, @Nullable String schema, String table)
            throws SQLException {
        List<@Nullable String[]> found = query(connection, FIND, schema, table);
        return found.size() != 1
                ? null
                : new StoredTable(
                        obstacle(String.valueOf(found.get(0)[0]), String.valueOf(found.get(0)[2])),
                        names(
                                connection,
                                "select column_name from information_schema.columns where table_schema = ? and table_name = ?",
                                found.get(0)[1],
                                table));
    }

    private static @Nullable String obstacle(String type, String version) {
        if (!version.contains("MariaDB")) {
            return "the server is not MariaDB, and MySQL has no RETURNING";
        }
        if (!hasInsertReturning(version)) {
            return "MariaDB has INSERT ... RETURNING since 10.5 only";
        }
        return type.equals("BASE TABLE") ? null : "on MariaDB it is no base table";
    }

    private static boolean hasInsertReturning(String version) {
        Matcher parts = VERSION.matcher(version);
        if (!parts.find()) {
            return false;
        }
        int major = Integer.parseInt(parts.group(1));
        return major > 10 || major == 10 && Integer.parseInt(parts.group(2)) >= 5;
    }
}
