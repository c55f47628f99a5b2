package dev.commithooks.row;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.UpdatableRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record's values, original values, changed flags and configuration, and whether it counts as fetched, as they were at one
 * moment. Values are not copied: an array that is altered in place stays altered.
 */
public final class RecordState {

    private final UpdatableRecord<?> row;
    private final @Nullable Configuration configuration;
    private final @Nullable Object[] values;
    private final @Nullable Object[] originals;
    private final BitSet changed;
    private final boolean fetched;

    /** The state that a record is in. */
    public RecordState(UpdatableRecord<?> row) {
        this.row = row;
        this.configuration = row.configuration();
        this.changed = changedOf(row);
        this.values = new Object[row.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.get(i); // intoArray() makes and keeps a mapper for each record that is not attached
        }
        this.originals = new Object[changed.length()]; // an unchanged value is its own original
        changed.stream().forEach(i -> originals[i] = row.original(i));
        this.fetched = Fetched.of(row);
    }

    /** The states that records are in. */
    public static List<RecordState> of(Collection<? extends UpdatableRecord<?>> rows) {
        List<RecordState> states = new ArrayList<>(rows.size());
        rows.forEach(row -> states.add(new RecordState(row)));
        return states;
    }

    /** The fields that count as changed, by their positions. */
    public static BitSet changedOf(Record row) {
        BitSet changed = new BitSet(row.size());
        for (int i = 0; i < row.size(); i++) {
            changed.set(i, row.changed(i));
        }
        return changed;
    }

    /** Makes the record what it was; no listener hears of it. */
    public void restore() {
        if (Fetched.of(row) != fetched) {
            for (int i = 0; i < values.length; i++) {
                set(i, null);
            }
            row.changed(false);
            Fetched.set(row, fetched);
        }
        for (int i = 0; i < values.length; i++) {
            set(i, changed.get(i) ? originals[i] : values[i]);
        }
        row.changed(false);
        changed.stream().forEach(i -> set(i, values[i]));
        for (int i = 0; i < values.length; i++) {
            if (row.changed(i) != changed.get(i)) {
                row.changed(i, changed.get(i));
            }
        }
        attachAsBefore();
    }

    /** Attaches the record to what it was attached to. */
    public void attachAsBefore() {
        if (configuration == null) {
            row.detach();
        } else {
            row.attach(configuration);
        }
    }

    @SuppressWarnings("unchecked") // the value came from this field, or is null
    private void set(int field, @Nullable Object value) {
        row.set((Field<@Nullable Object>) row.field(field), value);
    }
}
