package dev.commithooks.change;

import java.util.Optional;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * A row that was deleted.
 *
 * @param <R> the table's record type
 */
public final class Deleted<R extends Record> implements Change<R> {

    private final RowImage<R> image;
    private @Nullable R row;

    private Deleted(RowImage<R> image) {
        this.image = image;
    }

    /** A delete of the given row, made by hand to test a hook with; the row is copied. */
    public static <R extends Record> Deleted<R> of(Table<R> table, R oldRow) {
        return of(RowImage.of(table, oldRow));
    }

    /** A delete of the row whose last image this is. */
    public static <R extends Record> Deleted<R> of(RowImage<R> image) {
        return new Deleted<>(image);
    }

    /**
     * The row as the deleted record knew it: what it had been read with, and the key it was addressed by. Where the table's
     * old rows come from the database, what the database held.
     */
    public R oldRow() {
        R result = row;
        return result != null ? result : (row = image.record());
    }

    @Override
    public Table<R> table() {
        return image.table();
    }

    @Override
    public ChangeType type() {
        return ChangeType.DELETE;
    }

    @Override
    public Optional<RowKey> key() {
        return image.key();
    }

    @Override
    public String toString() {
        return "delete " + image;
    }
}
