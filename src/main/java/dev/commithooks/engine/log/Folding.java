package dev.commithooks.engine.log;

import static dev.commithooks.engine.log.FoldedChange.overlay;

import dev.commithooks.change.ChangeType;
import dev.commithooks.change.RowImage;
import dev.commithooks.change.RowKey;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.policy.BucketMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Folds writes into changes, by table and primary key, over all record instances.
 *
 * <p>A row is followed through updates of its primary key. What is folded is the row, not the key: when two rows swap keys,
 * each keeps its own changes. A row without a known key is never folded with another write.
 */
public final class Folding {

    private final BucketMode mode;
    private final List<FoldedChange> changes = new ArrayList<>();
    private final Map<RowKey, Row> rows = new HashMap<>();
    /** NET: the deleted rows, by the key they had when the transaction began. */
    private final Map<RowKey, Row> gone = new HashMap<>();

    private Folding(BucketMode mode) {
        this.mode = mode;
    }

    /** One row and what has become of it. */
    private static final class Row {
        final @Nullable RowKey firstKey;

        @Nullable
        Object @Nullable [] image;

        @Nullable
        FoldedChange insert;

        @Nullable
        FoldedChange update;

        @Nullable
        FoldedChange delete;

        Row(@Nullable RowKey firstKey) {
            this.firstKey = firstKey;
        }
    }

    /**
     * The changes that the writes amount to: inserts, then updates, then deletes, each where its first write stood; of
     * {@link BucketMode#EVERY} as they were written.
     *
     * @param log the log
     * @param from where to begin in it
     * @param to where to end in it, exclusive
     */
    public static List<FoldedChange> fold(BucketMode mode, List<? extends LogItem> log, int from, int to) {
        Folding folding = new Folding(mode);
        for (int i = from; i < to; i++) {
            if (log.get(i) instanceof Write write) {
                folding.add(write, i);
            }
        }
        return mode == BucketMode.EVERY ? folding.changes : inBuckets(folding.changes);
    }

    private static List<FoldedChange> inBuckets(List<FoldedChange> changes) {
        List<FoldedChange> ordered = new ArrayList<>(changes.size());
        for (ChangeType type : ChangeType.values()) {
            for (FoldedChange change : changes) {
                if (change.type() == type && !change.isCancelled()) {
                    ordered.add(change);
                }
            }
        }
        return ordered;
    }

    private void add(Write write, int position) {
        switch (write.type()) {
            case INSERT -> insert(write, position);
            case UPDATE -> update(write, position);
            case DELETE -> delete(write, position);
        }
    }

    private FoldedChange begin(Write write, int position, @Nullable Object @Nullable [] image) {
        FoldedChange change = new FoldedChange(write, position, image);
        changes.add(change);
        return change;
    }

    private void insert(Write write, int position) {
        @Nullable Object[] image = Objects.requireNonNull(write.set());
        RowKey key = mode == BucketMode.EVERY ? null : keyOf(write, image);
        if (key == null) {
            begin(write, position, image);
        } else if (mode == BucketMode.NET) {
            insertNet(write, position, key, image);
        } else {
            Row row = rows.computeIfAbsent(key, Row::new);
            row.image = image;
            if (row.insert == null) {
                row.insert = begin(write, position, image);
            } else {
                row.insert.image(image);
            }
        }
    }

    private void insertNet(Write write, int position, RowKey key, @Nullable Object[] image) {
        Row row = gone.remove(key);
        if (row != null && row.delete != null) {
            row.delete.turnIntoUpdate(image);
            row.update = row.delete;
            row.delete = null;
        } else {
            row = new Row(null);
            row.insert = begin(write, position, image);
        }
        row.image = image;
        rows.put(key, row);
    }

    private void update(Write write, int position) {
        @Nullable Object[] old = Objects.requireNonNull(write.old());
        RowKey from = mode == BucketMode.EVERY ? null : keyOf(write, old);
        Row row = from == null ? new Row(null) : rows.remove(from);
        if (row == null) {
            row = new Row(from);
        }
        @Nullable Object[] base = row.image != null ? row.image : old;
        @Nullable Object[] image = overlay(overlay(base, write.set()), write.returned());
        row.image = image;
        if (row.insert != null) {
            row.insert.updated(write, image);
        }
        if (row.update != null) {
            row.update.updated(write, image);
        } else if (row.insert == null || mode != BucketMode.NET) {
            row.update = begin(write, position, image);
        }
        RowKey to = from == null ? null : keyOf(write, image);
        if (to != null) {
            rows.put(to, row);
        }
    }

    private void delete(Write write, int position) {
        RowKey key = mode == BucketMode.EVERY ? null : keyOf(write, Objects.requireNonNull(write.old()));
        Row row = key == null ? new Row(null) : rows.get(key);
        if (row == null) {
            row = new Row(key);
        }
        row.image = null;
        if (mode == BucketMode.NET) {
            deleteNet(write, position, key, row);
        } else {
            if (row.delete == null) {
                row.delete = begin(write, position, null);
            }
            if (key != null) {
                rows.put(key, row);
            }
        }
    }

    private void deleteNet(Write write, int position, @Nullable RowKey key, Row row) {
        if (key != null) {
            rows.remove(key);
        }
        if (row.insert != null) {
            row.insert.cancel();
            return;
        }
        if (row.update != null) {
            row.update.turnIntoDelete();
            row.delete = row.update;
            row.update = null;
        } else {
            row.delete = begin(write, position, null);
        }
        if (row.firstKey != null) {
            gone.put(row.firstKey, row);
        }
    }

    /** The key of a row, or null when it has none or not all of it is known. */
    private static @Nullable RowKey keyOf(Write write, @Nullable Object[] image) {
        HookedTable table = write.table();
        int[] columns = table.keyColumns();
        if (columns.length == 0) {
            return null;
        }
        @Nullable Object[] values = new Object[columns.length];
        for (int i = 0; i < columns.length; i++) {
            Object value = image[columns[i]];
            if (value == null || value == RowImage.UNKNOWN) {
                return null;
            }
            values[i] = value;
        }
        return RowKey.named(table.table(), write.tableName(), values);
    }
}
