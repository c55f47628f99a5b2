package dev.commithooks.engine.capture;

import dev.commithooks.engine.registry.HookedTable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.Field;
import org.jooq.TableRecord;
import org.jooq.impl.QOM;
import org.jspecify.annotations.Nullable;

/**
 * Which columns an INSERT sets, by index. Remembered of each table's last statement, by its text: one row after the other is
 * mostly inserted by the same one, and jOOQ makes a new list of the columns for everybody who asks. Thread-safe.
 */
final class InsertColumns {

    /** A longer text is not kept: it has its values in it, and will not come again. */
    private static final int LONGEST = 4_000;

    private record Known(String sql, int[] columns) {}

    private final Map<HookedTable, Known> last = new ConcurrentHashMap<>();

    /** The index of each column in the table, in the statement's order; -1 for one that is not the table's. */
    int[] of(HookedTable table, TableRecord<?> record, QOM.Insert<?> insert, @Nullable String sql) {
        Known known = last.get(table);
        if (known != null && known.sql.equals(sql)) {
            return known.columns;
        }
        int[] columns = find(record, insert.$columns());
        if (sql != null && sql.length() <= LONGEST) {
            last.put(table, new Known(sql, columns));
        }
        return columns;
    }

    private static int[] find(TableRecord<?> record, List<? extends Field<?>> columns) {
        int[] indexes = new int[columns.size()];
        int at = 0;
        for (int i = 0; i < indexes.length; i++) {
            indexes[i] = Images.indexOf(record, columns.get(i), at);
            at = Math.max(indexes[i], 0);
        }
        return indexes;
    }
}
