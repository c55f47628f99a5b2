package dev.commithooks.change;

import dev.commithooks.row.RowVersions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jooq.Configuration;
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

    private final RowVersions versions;
    private final @Nullable Supplier<Configuration> attachment;
    private @Nullable List<Field<?>> changedFields;
    private @Nullable R oldRow;
    private @Nullable R row;

    Updated(RowVersions versions, @Nullable Supplier<Configuration> attachment) {
        this.versions = versions;
        this.attachment = attachment;
    }

    /**
     * An update made by hand to test a hook with: both rows are copied, and the fields in which they differ are the changed
     * ones.
     */
    public static <R extends Record> Updated<R> of(Table<R> table, R oldRow, R row) {
        Objects.requireNonNull(oldRow, "oldRow");
        Objects.requireNonNull(row, "row");
        return new Updated<>(GivenRows.of(table, oldRow, row), null);
    }

    /**
     * The row after the update: what the record knew of it, overlaid with the columns that the statement wrote or the
     * server returned. A value that merely stood in the record and was not written is not in it.
     */
    public R row() {
        R result = row;
        return result != null ? result : (row = image().record(attachment));
    }

    /**
     * The row before the update, as far as the record knew it: the values it had been read with, the key it was addressed
     * by included. A record that never read its row (a DAO's, made from a POJO; an upsert's) knows its key only, see
     * {@link #knewOldRow()}. Where the table's old rows come from the database, what the database held.
     */
    public R oldRow() {
        R result = oldRow;
        return result != null ? result : (oldRow = oldImage().record(attachment));
    }

    /** Whether anything beyond the primary key is known of the row before the update. */
    public boolean knewOldRow() {
        return oldImage().knowsMoreThanKey();
    }

    /** The fields that the update statements set, in the table's order. */
    public List<Field<?>> changedFields() {
        List<Field<?>> result = changedFields;
        return result != null ? result : (changedFields = List.copyOf(versions.changedFields()));
    }

    /** Whether an update statement set the field. */
    public boolean changed(Field<?> field) {
        return changedFields().contains(Objects.requireNonNull(field, "field"));
    }

    /** The key the row was addressed by; another than {@link #key()} when the primary key was updated. */
    public Optional<RowKey> oldKey() {
        return oldImage().key();
    }

    /** Whether anything is known of the field in {@link #row()}: where nothing is, it is null there, too. */
    public boolean knows(Field<?> field) {
        return image().knows(field);
    }

    /** Whether anything is known of the field in {@link #oldRow()}: where nothing is, it is null there, too. */
    public boolean knewOld(Field<?> field) {
        return oldImage().knows(field);
    }

    private RowImage<R> oldImage() {
        return RowImage.before(versions);
    }

    private RowImage<R> image() {
        return RowImage.after(versions);
    }

    @Override
    public Table<R> table() {
        return image().table();
    }

    @Override
    public ChangeType type() {
        return ChangeType.UPDATE;
    }

    @Override
    public Optional<RowKey> key() {
        return image().key();
    }

    /** Changes are equal where they tell of the same write: each hook is given one of its own. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Updated<?> updated && updated.versions == versions;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(versions);
    }

    @Override
    public String toString() {
        return "update "
                + (oldKey().equals(key()) ? "" : oldKey().map(k -> k + " to ").orElse("")) + image() + " changed "
                + changedFields().stream().map(Field::getName).toList();
    }
}
