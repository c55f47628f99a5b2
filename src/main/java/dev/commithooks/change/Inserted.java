package dev.commithooks.change;

import java.util.Optional;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * A row that was inserted.
 *
 * @param <R> the table's record type
 */
public final class Inserted<R extends Record> implements Change<R> {

    private final RowImage<R> image;
    private @Nullable R row;

    private Inserted(RowImage<R> image) {
        this.image = image;
    }

    /** An insert of the given row, made by hand to test a hook with; the row is copied. */
    public static <R extends Record> Inserted<R> of(Table<R> table, R row) {
        return of(RowImage.of(table, row));
    }

    /** An insert of the row whose image this is. */
    public static <R extends Record> Inserted<R> of(RowImage<R> image) {
        return new Inserted<>(image);
    }

    /**
     * The row as the statement wrote it and the server returned it. Columns that the database fills (defaults, triggers,
     * generated columns) are null unless jOOQ was told to return them, see
     * {@link org.jooq.conf.Settings#isReturnAllOnUpdatableRecord()}.
     */
    public R row() {
        R result = row;
        return result != null ? result : (row = image.record());
    }

    @Override
    public Table<R> table() {
        return image.table();
    }

    @Override
    public ChangeType type() {
        return ChangeType.INSERT;
    }

    @Override
    public Optional<RowKey> key() {
        return image.key();
    }

    @Override
    public String toString() {
        return "insert " + image;
    }
}
