package dev.commithooks.change;

import dev.commithooks.row.RowVersions;
import dev.commithooks.row.TableName;
import java.util.List;
import java.util.Objects;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/** The rows of a change that is made by hand, to test a hook with. */
record GivenRows<R extends Record>(
        Table<R> table, @Nullable RowImage<R> old, @Nullable RowImage<R> image) implements RowVersions {

    static <R extends Record> GivenRows<R> of(Table<R> table, @Nullable R oldRow, @Nullable R row) {
        return new GivenRows<>(
                table,
                oldRow == null ? null : RowImage.of(table, oldRow),
                row == null ? null : RowImage.of(table, row));
    }

    @Override
    public String tableName() {
        return TableName.of(table);
    }

    @Override
    public @Nullable Object @Nullable [] before() {
        return old == null ? null : old.values();
    }

    @Override
    public @Nullable Object @Nullable [] after() {
        return image == null ? null : image.values();
    }

    /** The fields in which the two rows differ. */
    @Override
    public List<Field<?>> changedFields() {
        return Objects.requireNonNull(image).differencesFrom(Objects.requireNonNull(old));
    }
}
