package dev.commithooks.change;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * A row that was updated.
 *
 * @param <R> the table's record type
 */
public final class Updated<R extends Record> implements Change<R> {

    private final RowImage<R> oldImage;
    private final RowImage<R> image;
    private final Supplier<List<Field<?>>> fields;
    private @Nullable List<Field<?>> changedFields;
    private @Nullable R oldRow;
    private @Nullable R row;

    private Updated(RowImage<R> oldImage, RowImage<R> image, Supplier<List<Field<?>>> fields) {
        this.oldImage = oldImage;
        this.image = image;
        this.fields = fields;
    }

    /**
     * An update made by hand to test a hook with: both rows are copied, and the fields in which they differ are the changed
     * ones.
     */
    public static <R extends Record> Updated<R> of(Table<R> table, R oldRow, R row) {
        RowImage<R> before = RowImage.of(table, oldRow);
        RowImage<R> after = RowImage.of(table, row);
        return of(before, after, () -> after.differencesFrom(before));
    }

    /** An update from one image to another that wrote the given fields. */
    public static <R extends Record> Updated<R> of(
            RowImage<R> oldImage, RowImage<R> image, Supplier<List<Field<?>>> changedFields) {
        return new Updated<>(oldImage, image, changedFields);
    }

    /**
     * The row after the update: what the record knew of it, overlaid with the columns that the statement wrote or the
     * server returned. A value that merely stood in the record and was not written is not in it.
     */
    public R row() {
        R result = row;
        return result != null ? result : (row = image.record());
    }

    /**
     * The row before the update, as far as the record knew it: the values it had been read with, the key it was addressed
     * by included. A record that never read its row (a DAO's, made from a POJO; an upsert's) knows its key only, see
     * {@link #knewOldRow()}. Where the table's old rows come from the database, what the database held.
     */
    public R oldRow() {
        R result = oldRow;
        return result != null ? result : (oldRow = oldImage.record());
    }

    /** Whether anything beyond the primary key is known of the row before the update. */
    public boolean knewOldRow() {
        return oldImage.knowsMoreThanKey();
    }

    /** The fields that the update statements set, in the table's order. */
    public List<Field<?>> changedFields() {
        List<Field<?>> result = changedFields;
        return result != null ? result : (changedFields = List.copyOf(fields.get()));
    }

    /** Whether an update statement set the field. */
    public boolean changed(Field<?> field) {
        return changedFields().contains(Objects.requireNonNull(field, "field"));
    }

    /** The key the row was addressed by; another than {@link #key()} when the primary key was updated. */
    public Optional<RowKey> oldKey() {
        return oldImage.key();
    }

    @Override
    public Table<R> table() {
        return image.table();
    }

    @Override
    public ChangeType type() {
        return ChangeType.UPDATE;
    }

    @Override
    public Optional<RowKey> key() {
        return image.key();
    }

    @Override
    public String toString() {
        return "update "
                + (oldKey().equals(key()) ? "" : oldKey().map(k -> k + " to ").orElse("")) + image + " changed "
                + changedFields().stream().map(Field::getName).toList();
    }
}
