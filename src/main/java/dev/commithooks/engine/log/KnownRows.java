package dev.commithooks.engine.log;

import dev.commithooks.change.ChangeType;
import dev.commithooks.change.RowKey;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.row.RowVersions;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The rows of one table of which a folding knows, by their keys. */
final class KnownRows {

    /** More rows are not made room for beforehand: they may be other tables'. */
    private static final int MANY = 1_000;

    private final HookedTable table;
    private final String tableName;

    /** By the key they have now; of {@code BUCKETED} also those that are deleted. */
    final Map<Object, Folding.Known> present;

    /** {@code NET}: the deleted rows, by the key they had when the transaction began. */
    final Map<Object, Folding.Known> gone = new HashMap<>(0);

    /** What is known of rows that have left their keys, until what their statement did to them is folded. */
    private Map<Write, Folding.@Nullable Known> leaving = Map.of();

    /** The rows of a table that are about so many, at most. */
    KnownRows(HookedTable table, String tableName, int rows) {
        this.present = new HashMap<>(Math.min(rows, MANY) * 4 / 3 + 1);
        this.table = table;
        this.tableName = tableName;
    }

    boolean isOf(Write write) {
        return tableName.equals(write.tableName());
    }

    /** The row leaves its key, before another that the same statement writes arrives there. */
    void leave(Write write) {
        Object key = write.type() == ChangeType.INSERT ? null : keyBefore(write);
        if (key != null) {
            leaving = leaving.isEmpty() ? new IdentityHashMap<>() : leaving;
            leaving.put(write, present.remove(key));
        }
    }

    /** Takes what is known of the row that an update or delete has found by this key. */
    Folding.@Nullable Known take(Write write, Object key) {
        return leaving.containsKey(write) ? leaving.remove(write) : present.remove(key);
    }

    /** The key the row was addressed by; null when it has none or not all of it is known. */
    @Nullable
    Object keyBefore(Write write) {
        @Nullable Object[] image = write.before();
        return image == null ? null : keyOf(image);
    }

    /** The key the row has after an insert or update; null when it has none or not all of it is known. */
    @Nullable
    Object keyAfter(Write write) {
        return table.hasPlainKey()
                ? known(write.valueAfter(table.keyColumns()[0]))
                : keyOf(Objects.requireNonNull(write.after()));
    }

    /** A value of its own serves as the key where its {@code equals} is that of the database. */
    private @Nullable Object keyOf(@Nullable Object[] image) {
        int[] columns = table.keyColumns();
        if (table.hasPlainKey()) {
            return known(image[columns[0]]);
        }
        @Nullable Object[] values = new Object[columns.length];
        for (int i = 0; i < columns.length; i++) {
            values[i] = known(image[columns[i]]);
            if (values[i] == null) {
                return null;
            }
        }
        return columns.length == 0 ? null : RowKey.named(table.table(), tableName, values);
    }

    private static @Nullable Object known(@Nullable Object value) {
        return value == RowVersions.UNKNOWN ? null : value;
    }
}
