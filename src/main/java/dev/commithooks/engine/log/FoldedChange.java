package dev.commithooks.engine.log;

import dev.commithooks.change.Change;
import dev.commithooks.change.ChangeType;
import dev.commithooks.change.Deleted;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.RowImage;
import dev.commithooks.change.Updated;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.policy.BucketMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jooq.Configuration;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/** What one or more writes of a row amount to: one change that hooks are told of. Altered only while it is being folded. */
public final class FoldedChange {

    private static final Object UNKNOWN = RowImage.UNKNOWN;

    private final HookedTable table;
    private final String tableName;
    private final int position;
    private ChangeType type;
    private @Nullable Object @Nullable [] old;
    private @Nullable Object @Nullable [] image;
    /** The columns that update statements set are those of which this knows something. */
    private @Nullable Object @Nullable [] set;

    private boolean cancelled;

    FoldedChange(Write write, int position, @Nullable Object @Nullable [] image) {
        this.table = write.table();
        this.tableName = write.tableName();
        this.position = position;
        this.type = write.type();
        this.old = write.old();
        this.image = image;
        this.set = write.set();
    }

    /** What one write amounts to by itself. */
    public static FoldedChange of(Write write) {
        return Folding.fold(BucketMode.EVERY, List.of(write), 0, 1).get(0);
    }

    /** The table and its hooks. */
    public HookedTable table() {
        return table;
    }

    /** The table's name in SQL, after any schema mapping. */
    public String tableName() {
        return tableName;
    }

    /** What happened. */
    public ChangeType type() {
        return type;
    }

    /** The place in the log of the write it stands where. */
    public int position() {
        return position;
    }

    void image(@Nullable Object @Nullable [] newImage) {
        this.image = newImage;
    }

    /** A further update of the row. */
    void updated(Write write, @Nullable Object[] newImage) {
        image = newImage;
        if (type == ChangeType.UPDATE) {
            set = overlay(Objects.requireNonNull(set), write.set());
        }
    }

    /** NET: an insert and then a delete is nothing. */
    void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** NET: an update and then a delete is a delete, with the first old image. */
    void turnIntoDelete() {
        type = ChangeType.DELETE;
        image = null;
    }

    /** NET: a delete and then an insert under the same key is an update, of the columns that the insert wrote. */
    void turnIntoUpdate(@Nullable Object[] newImage) {
        type = ChangeType.UPDATE;
        image = newImage;
        set = newImage;
    }

    /** A change of its own for one hook call: rows made of it are nobody else's. */
    public Change<?> toChange(@Nullable Configuration attachment) {
        return toChange(table.table(), attachment);
    }

    private <R extends Record> Change<R> toChange(Table<R> typed, @Nullable Configuration attachment) {
        return switch (type) {
            case INSERT -> Inserted.of(imageOf(typed, image, attachment));
            case DELETE -> Deleted.of(imageOf(typed, old, attachment));
            case UPDATE ->
                Updated.of(imageOf(typed, old, attachment), imageOf(typed, image, attachment), this::changedFields);
        };
    }

    private <R extends Record> RowImage<R> imageOf(
            Table<R> typed, @Nullable Object @Nullable [] values, @Nullable Configuration attachment) {
        return new RowImage<>(typed, tableName, Objects.requireNonNull(values), attachment);
    }

    private List<Field<?>> changedFields() {
        List<Field<?>> fields = new ArrayList<>();
        @Nullable Object[] columns = Objects.requireNonNull(set);
        for (int i = 0; i < columns.length; i++) {
            if (columns[i] != UNKNOWN) {
                fields.add(table.fields()[i]);
            }
        }
        return fields;
    }

    /** An image overlaid with the columns of which another knows something. */
    static @Nullable Object[] overlay(@Nullable Object[] below, @Nullable Object @Nullable [] above) {
        if (above == null) {
            return below;
        }
        @Nullable Object[] result = below.clone();
        for (int i = 0; i < result.length; i++) {
            if (above[i] != UNKNOWN) {
                result[i] = above[i];
            }
        }
        return result;
    }

    @Override
    public String toString() {
        return toChange(null).toString();
    }
}
