package dev.commithooks.engine.dialect;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** MariaDB's RETURNING: of INSERT since 10.5, and of DELETE from one table. */
final class MariaDbReturning extends Returning {

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)");

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
