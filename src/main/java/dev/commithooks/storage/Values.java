package dev.commithooks.storage;

import dev.commithooks.row.ChangedFields;
import java.math.BigInteger;
import java.sql.Timestamp;
import java.util.BitSet;
import java.util.Objects;
import org.jooq.Configuration;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.TableField;
import org.jooq.UpdatableRecord;
import org.jspecify.annotations.Nullable;

/** Values put into records. */
final class Values {

    private Values() {}

    /** Sets one value, and marks only that one as changed; jOOQ marks all when a value of the primary key changes. */
    @SuppressWarnings("unchecked") // the value came from a field of the same type, or is null
    static void put(Record row, Field<?> field, @Nullable Object value) {
        BitSet before = ChangedFields.of(row);
        row.set((Field<@Nullable Object>) field, value);
        for (int i = 0; i < row.size(); i++) {
            if (row.changed(i) && !before.get(i) && !field.equals(row.field(i))) {
                row.changed(i, false);
            }
        }
    }

    /** Counts up the version, and sets the timestamp, that jOOQ keeps for optimistic locking, as its own INSERT does. */
    static void putVersion(UpdatableRecord<?> row, Configuration configuration) {
        TableField<?, ?> version = row.getTable().getRecordVersion();
        if (version != null && !Boolean.FALSE.equals(configuration.settings().isUpdateRecordVersion())) {
            Object current = row.get(version);
            BigInteger next = current == null ? BigInteger.ONE : new BigInteger(current.toString()).add(BigInteger.ONE);
            put(row, version, version.getDataType().convert(next));
        }
        TableField<?, ?> timestamp = row.getTable().getRecordTimestamp();
        if (timestamp != null && !Boolean.FALSE.equals(configuration.settings().isUpdateRecordTimestamp())) {
            Timestamp now = new Timestamp(configuration.clock().millis());
            put(row, timestamp, timestamp.getDataType().convert(now));
        }
    }

    /** A copy with the same values and changed flags; jOOQ's own leaves out the primary key. */
    static <R extends UpdatableRecord<R>> R copyOf(R row) {
        R copy = row.getTable().newRecord();
        ChangedFields.of(row).stream().forEach(i -> put(copy, Objects.requireNonNull(row.field(i)), row.get(i)));
        return copy;
    }
}
