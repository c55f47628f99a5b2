package dev.commithooks.change;

import dev.commithooks.row.RowVersions;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * A row that was inserted.
 *
 * @param <R> the table's record type
 */
public final class Inserted<R extends Record> implements Change<R> {

    private final RowVersions versions;
    private final @Nullable Supplier<Configuration> attachment;
    private @Nullable R row;

    Inserted(RowVersions versions, @Nullable Supplier<Configuration> attachment) {
        this.versions = versions;
        this.attachment = attachment;
    }

    /** An insert of the given row, made by hand to test a hook with; the row is copied. */
    public static <R extends Record> Inserted<R> of(Table<R> table, R row) {
        Objects.requireNonNull(row, "row");
        return new Inserted<>(GivenRows.of(table, null, row), null);
    }

    /**
     * The row as the statement wrote it and the server returned it. Columns that the database fills (defaults, triggers,
     * generated columns) are null unless jOOQ was told to return them, see
     * {@link org.jooq.conf.Settings#isReturnAllOnUpdatableRecord()}.
     */
    public R row() {
        R result = row;
        return result != null ? result : (row = image().record(attachment));
    }

    /** Whether anything is known of the field in {@link #row()}: where nothing is, it is null there, too. */
    public boolean knows(Field<?> field) {
        return image().knows(field);
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
        return ChangeType.INSERT;
    }

    @Override
    public Optional<RowKey> key() {
        return image().key();
    }

    /** Changes are equal where they tell of the same write: each hook is given one of its own. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Inserted<?> inserted && inserted.versions == versions;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(versions);
    }

    @Override
    public String toString() {
        return "insert " + image();
    }
}
