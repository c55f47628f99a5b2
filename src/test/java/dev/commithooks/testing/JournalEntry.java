package dev.commithooks.testing;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One row that a committed transaction wrote, as the database itself noted it.
 *
 * @param seq the order of writing; gaps are what was rolled back
 * @param txid the top-level transaction's id
 * @param oldRow column name to value, as text; empty for an insert
 * @param newRow column name to value, as text; empty for a delete
 */
public record JournalEntry(
        long seq,
        long txid,
        String schema,
        String table,
        Operation operation,
        Map<String, @Nullable String> oldRow,
        Map<String, @Nullable String> newRow) {

    /** What happened to the row. */
    public enum Operation {
        INSERT,
        UPDATE,
        DELETE
    }

    static final String QUERY = """
            select seq, txid, table_schema, table_name, operation, o.names, o.texts, n.names, n.texts
            from journal.entry
            cross join lateral (select array_agg(key), array_agg(value) from jsonb_each_text(old_row)) o (names, texts)
            cross join lateral (select array_agg(key), array_agg(value) from jsonb_each_text(new_row)) n (names, texts)
            order by seq
            """;

    static JournalEntry read(ResultSet row) throws SQLException {
        return new JournalEntry(
                row.getLong(1),
                row.getLong(2),
                row.getString(3),
                row.getString(4),
                Operation.valueOf(row.getString(5)),
                image(row.getArray(6), row.getArray(7)),
                image(row.getArray(8), row.getArray(9)));
    }

    private static Map<String, @Nullable String> image(@Nullable Array names, @Nullable Array texts)
            throws SQLException {
        if (names == null || texts == null) {
            return Map.of();
        }
        String[] columns = (String[]) names.getArray();
        @Nullable String[] values = (@Nullable String[]) texts.getArray();
        Map<String, @Nullable String> image = new TreeMap<>();
        for (int i = 0; i < columns.length; i++) {
            image.put(columns[i], values[i]);
        }
        return Collections.unmodifiableMap(image);
    }

    /** The new value of a column, or the old one of a row that was deleted. */
    public @Nullable String value(String column) {
        return (operation == Operation.DELETE ? oldRow : newRow).get(column);
    }

    @Override
    public String toString() {
        String name = operation + " " + schema + "." + table;
        return switch (operation) {
            case INSERT -> name + " " + newRow;
            case UPDATE -> name + " " + oldRow + " -> " + newRow;
            case DELETE -> name + " " + oldRow;
        };
    }
}
