package dev.commithooks.engine.undo;

import org.jooq.Field;
import org.jooq.TableRecord;
import org.jooq.UpdatableRecord;
import org.jooq.conf.Settings;
import org.jspecify.annotations.Nullable;

/**
 * A record's values, original values and changed flags, and whether it counts as fetched, as they were at one moment. Values are
 * not copied: an array that is altered in place stays altered. An entry of an {@link UndoLog}.
 */
final class RecordState {

    /** In the place of an original value: the field has not changed, and its value is its original. */
    private static final Object UNCHANGED = new Object();

    private final TableRecord<?> row;
    /** The values, then the originals of the fields up to the last one that has changed. */
    private final @Nullable Object[] cells;
    /** Null where nobody can tell the difference. */
    private final @Nullable Boolean fetched;

    private final int place;
    private final @Nullable RecordState earlier;

    /**
     * The state that a record is in.
     *
     * @param settings those that the record is written with
     * @param place the place in the log
     * @param earlier the last one of the same record in the log
     */
    RecordState(TableRecord<?> row, Settings settings, int place, @Nullable RecordState earlier) {
        this.row = row;
        this.cells = cellsOf(row);
        this.fetched =
                row instanceof UpdatableRecord<?> updatable && Fetched.matters(settings) ? Fetched.of(updatable) : null;
        this.place = place;
        this.earlier = earlier;
    }

    private static @Nullable Object[] cellsOf(TableRecord<?> row) {
        int size = row.size();
        int changed = size;
        while (changed > 0 && !row.changed(changed - 1)) {
            changed--;
        }
        @Nullable Object[] cells = new Object[size + changed];
        for (int i = 0; i < size; i++) {
            cells[i] = row.get(i); // intoArray() makes and keeps a mapper for each record that is not attached
        }
        for (int i = 0; i < changed; i++) {
            cells[size + i] = row.changed(i) ? row.original(i) : UNCHANGED;
        }
        return cells;
    }

    TableRecord<?> row() {
        return row;
    }

    int place() {
        return place;
    }

    @Nullable
    RecordState earlier() {
        return earlier;
    }

    private boolean isChanged(int field) {
        int original = row.size() + field;
        return original < cells.length && cells[original] != UNCHANGED;
    }

    /** Makes the record what it was; no listener hears of it. What it is attached to stays. */
    void restore() {
        int size = row.size();
        if (fetched != null && row instanceof UpdatableRecord<?> updatable && Fetched.of(updatable) != fetched) {
            for (int i = 0; i < size; i++) {
                set(i, null);
            }
            row.changed(false);
            Fetched.set(updatable, fetched);
        }
        for (int i = 0; i < size; i++) {
            set(i, isChanged(i) ? cells[size + i] : cells[i]);
        }
        row.changed(false); // makes values originals
        for (int i = 0; i < size; i++) {
            if (isChanged(i)) {
                set(i, cells[i]);
            }
        }
        for (int i = 0; i < size; i++) { // a key that is set may have marked all
            if (row.changed(i) != isChanged(i)) {
                row.changed(i, isChanged(i));
            }
        }
    }

    @SuppressWarnings("unchecked") // the value came from this field, or is null
    private void set(int field, @Nullable Object value) {
        row.set((Field<@Nullable Object>) row.field(field), value);
    }
}
