package dev.commithooks.engine.capture;

import dev.commithooks.engine.registry.HookedTable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which columns a statement sets to values of its record, by index. Remembered of each table's last statement, by its text:
 * one row after the other is mostly written by the same one, and jOOQ makes a new list of the columns for everybody who asks.
 * Thread-safe.
 */
final class WrittenColumns {

    /** A longer text is not kept: it has its values in it, and will not come again. */
    private static final int LONGEST = 4_000;

    private record Known(String sql, int[] columns) {}

    private final Map<HookedTable, Known> last = new ConcurrentHashMap<>();

    /**
     * The place in the statement of each of the table's columns; -1 for one that it does not set to a value.
     *
     * @return null when this statement is not remembered
     */
    int @Nullable [] of(HookedTable table, @Nullable String sql) {
        Known known = last.get(table);
        return known != null && known.sql.equals(sql) ? known.columns : null;
    }

    /** Remembers the columns of a statement. */
    int[] remember(HookedTable table, @Nullable String sql, int[] columns) {
        if (sql != null && sql.length() <= LONGEST) {
            last.put(table, new Known(sql, columns));
        }
        return columns;
    }
}
