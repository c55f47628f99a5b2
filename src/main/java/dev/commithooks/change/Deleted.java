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
 * A row that was deleted.
 *
 * @param <R> the table's record type
 */
public final class Deleted<R extends Record> implements Change<R> {

    private final RowVersions versions;
    private final @Nullable Supplier<Configuration> attachment;
    private @Nullable R row;

    Deleted(RowVersions versions, @Nullable Supplier<Configuration> attachment) {
        this.versions = versions;
        this.attachment = attachment;
    }

    /** A delete of the given row, made by hand to test a hook with; the row is copied. */
    public static <R extends Record> Deleted<R> of(Table<R> table, R oldRow) {
        Objects.requireNonNull(oldRow, "oldRow");
        return new Deleted<>(GivenRows.of(table, oldRow, null), null);
    }

    /**
     * The row as the deleted record knew it: what it had been read with, and the key it was addressed by. Where the table's
     * old rows come from the database, what the database held.
     */
    public R oldRow() {
        R result = row;
        return result != null ? result : (row = image().record(attachment));
    }

    /** Whether anything is known of the field in {@link #oldRow()}: where nothing is, it is null there, too. */
    public boolean knew(Field<?> field) {
        return image().knows(field);
    }

    private RowImage<R> image() {
        return RowImage.before(versions);
    }

    @Override
    public Table<R> table() {
        return image().table();
    }

    @Override
    public ChangeType type() {
        return ChangeType.DELETE;
    }

    @Override
    public Optional<RowKey> key() {
        return image().key();
    }

    /** Changes are equal where they tell of the same write: each hook is given one of its own. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Deleted<?> deleted && deleted.versions == versions;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(versions);
    }

    @Override
    public String toString() {
        return "delete " + image();
    }
}
