package dev.commithooks.storage;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.Field;
import org.jooq.UpdatableRecord;
import org.jspecify.annotations.Nullable;

/** A record's values, original values and changed flags, as they were at one moment. */
final class RecordState {

    private final UpdatableRecord<?> row;
    private final @Nullable Configuration configuration;
    private final @Nullable Object[] values;
    private final @Nullable Object[] originals;
    private final BitSet changed;

    private RecordState(UpdatableRecord<?> row) {
        this.row = row;
        this.configuration = row.configuration();
        this.changed = Values.changedOf(row);
        this.values = new Object[row.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.get(i); // intoArray() makes and keeps a mapper for each record that is not attached
        }
        this.originals = new Object[changed.length()]; // an unchanged value is its own original
        changed.stream().forEach(i -> originals[i] = row.original(i));
    }

    static List<RecordState> of(Collection<Node> nodes) {
        List<RecordState> states = new ArrayList<>(nodes.size());
        nodes.forEach(node -> states.add(new RecordState(node.row())));
        return states;
    }

    /** Makes the record what it was; no listener hears of it. */
    @SuppressWarnings("unchecked") // the values came from these fields
    void restore() {
        for (int i = 0; i < values.length; i++) {
            row.set((Field<@Nullable Object>) row.field(i), changed.get(i) ? originals[i] : values[i]);
        }
        row.changed(false);
        for (int i = changed.nextSetBit(0); i >= 0; i = changed.nextSetBit(i + 1)) {
            row.set((Field<@Nullable Object>) row.field(i), values[i]);
        }
        for (int i = 0; i < values.length; i++) {
            if (row.changed(i) != changed.get(i)) {
                row.changed(i, changed.get(i));
            }
        }
        if (configuration == null) {
            row.detach();
        } else {
            row.attach(configuration);
        }
    }
}
