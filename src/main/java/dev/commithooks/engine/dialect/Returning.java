package dev.commithooks.engine.dialect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A database's ability to return the rows that a statement writes, in the same statement, each in one version: the last one, or of a
 * deleted row the only one. Stateless.
 */
public abstract sealed class Returning permits SqliteReturning, H2Returning, MariaDbReturning, NoReturning {

    /** What a statement does to rows. */
    public enum Verb {
        INSERT,
        UPDATE,
        DELETE,
        MERGE
    }

    /**
     * A statement, as far as it decides whether its rows can be returned.
     *
     * @param isUpsert whether it inserts or updates, as it finds its rows
     * @param replaces whether it deletes rows that are in its way
     * @param joins whether it deletes from one table by what others say, or from several
     * @param returns whether it returns rows to its caller
     */
    public record Writing(Verb verb, boolean isUpsert, boolean replaces, boolean joins, boolean returns) {}

    /**
     * A table, as it stands in the database.
     *
     * @param obstacle why its statements cannot return their rows; null if they can
     * @param columns its columns, in lower case
     */
    public record StoredTable(@Nullable String obstacle, Set<String> columns) {}

    /** Why the rows of such a statement cannot be had, naming the database; null if they can. */
    public abstract @Nullable String refusal(Writing statement);

    /**
     * Looks a table up, without locking anything that the statement on it would not lock.
     *
     * @param schema null for the connection's own
     * @return null if there is none of that name, or several
     */
    public abstract @Nullable StoredTable find(Connection connection, @Nullable String schema, String table)
            throws SQLException;

    /** The rows of a query, each as texts. */
    static List<@Nullable String[]> query(Connection connection, String sql, @Nullable String... values)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            List<@Nullable String[]> read = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    @Nullable String[] row = new String[rows.getMetaData().getColumnCount()];
                    for (int i = 0; i < row.length; i++) {
                        row[i] = rows.getString(i + 1);
                    }
                    read.add(row);
                }
            }
            return read;
        }
    }

    /** The first column of a query's rows, in lower case. */
    static Set<String> names(Connection connection, String sql, @Nullable String... values) throws SQLException {
        Set<String> names = new HashSet<>();
        for (@Nullable String[] row : query(connection, sql, values)) {
            names.add(String.valueOf(row[0]).toLowerCase(Locale.ROOT));
        }
        return names;
    }
}
