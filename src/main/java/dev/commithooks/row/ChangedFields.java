package dev.commithooks.row;

import java.util.BitSet;
import org.jooq.Record;

/** The fields of a record that count as changed. */
public final class ChangedFields {

    private ChangedFields() {}

    /** Their positions. */
    public static BitSet of(Record row) {
        BitSet changed = new BitSet(row.size());
        for (int i = 0; i < row.size(); i++) {
            changed.set(i, row.changed(i));
        }
        return changed;
    }
}
