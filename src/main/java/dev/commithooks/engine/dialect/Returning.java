package dev.commithooks.engine.dialect;

import dev.commithooks.engine.sql.SqlScanner;
import dev.commithooks.engine.sql.Syntax;
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

    /**
     * An upsert that leaves a mark when it finds its row.
     *
     * @param sql its text, with the mark in the branch that updates
     * @param mark what then is the mark, to be returned with the row
     * @param question what is to be asked afterwards if that was NULL; null if the row was not found then
     */
    public record MarkedUpsert(
            String sql, String mark, @Nullable String question) {}

    /**
     * Lets an upsert of one row, which returns it, leave a mark when it finds it: what is evaluated in the branch that updates says, under
     * concurrency too, that it was taken.
     *
     * @param mark a number that no other execution has
     * @return null where that is not known how to do
     */
    public @Nullable MarkedUpsert marked(String sql, long mark) {
        return null;
    }

    /** The place behind these words, one after the other, in a text; -1 if they are not there, or more than once. */
    static int behind(String sql, Syntax syntax, String... words) {
        SqlScanner scanner = new SqlScanner(sql, syntax.lexis());
        int found = -1;
        int matched = 0;
        for (String word = scanner.keyword(); !word.isEmpty() || scanner.skip(); word = scanner.keyword()) {
            matched = word.equals(words[matched]) ? matched + 1 : word.equals(words[0]) ? 1 : 0;
            if (matched == words.length) {
                if (found >= 0) {
                    return -1;
                }
                found = scanner.position();
                matched = 0;
            }
        }
        return found;
    }

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
