package dev.commithooks.change;

import dev.commithooks.row.Canonical;
import dev.commithooks.row.RowVersions;
import dev.commithooks.row.TableName;
import dev.commithooks.row.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.UniqueKey;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * The values of one row at one moment, of which records are made on demand.
 *
 * <p>An image is an array of the table's width; a column of which nothing is known holds {@link RowVersions#UNKNOWN}. Immutable by
 * agreement: whoever makes one hands over the array and arrays in it.
 *
 * @param <R> the table's record type
 */
final class RowImage<R extends Record> {

    private static final DSLContext DETACHED = DSL.using(SQLDialect.DEFAULT);

    private final Table<R> table;
    private final String tableName;
    private final @Nullable Object[] values;

    private RowImage(Table<R> table, String tableName, @Nullable Object[] values) {
        this.table = table;
        this.tableName = tableName;
        this.values = values;
    }

    /** The row before it was changed. */
    static <R extends Record> RowImage<R> before(RowVersions row) {
        return of(row, row.before());
    }

    /** The row after it was changed. */
    static <R extends Record> RowImage<R> after(RowVersions row) {
        return of(row, row.after());
    }

    @SuppressWarnings("unchecked") // a change of a table's row is of the table's record type
    private static <R extends Record> RowImage<R> of(RowVersions row, @Nullable Object @Nullable [] values) {
        return new RowImage<>((Table<R>) row.table(), row.tableName(), Objects.requireNonNull(values));
    }

    static <R extends Record> RowImage<R> of(Table<R> table, R row) {
        Objects.requireNonNull(row, "row");
        @Nullable Object[] values = new Object[table.fieldsRow().size()];
        Arrays.setAll(values, i -> {
            Field<?> field = row.field(Objects.requireNonNull(table.field(i)));
            return field == null ? RowVersions.UNKNOWN : Values.copyOf(row.get(field));
        });
        return new RowImage<>(table, TableName.of(table), values);
    }

    Table<R> table() {
        return table;
    }

    @Nullable
    Object[] values() {
        return values;
    }

    Optional<RowKey> key() {
        UniqueKey<R> primary = table.getPrimaryKey();
        return primary == null ? Optional.empty() : Optional.ofNullable(key(primary));
    }

    private @Nullable RowKey key(UniqueKey<R> primary) {
        TableField<R, ?>[] fields = primary.getFieldsArray();
        @Nullable Object[] key = new Object[fields.length];
        for (int i = 0; i < fields.length; i++) {
            Object value = values[table.indexOf(fields[i])];
            if (value == null || value == RowVersions.UNKNOWN) {
                return null;
            }
            key[i] = value;
        }
        return RowKey.named(table, tableName, key);
    }

    boolean knows(Field<?> field) {
        int index = table.indexOf(Objects.requireNonNull(field, "field"));
        return index >= 0 && values[index] != RowVersions.UNKNOWN;
    }

    boolean knowsMoreThanKey() {
        UniqueKey<R> primary = table.getPrimaryKey();
        List<TableField<R, ?>> keyFields = primary == null ? List.of() : primary.getFields();
        for (int i = 0; i < values.length; i++) {
            if (values[i] != RowVersions.UNKNOWN && values[i] != null && !keyFields.contains(table.field(i))) {
                return true;
            }
        }
        return false;
    }

    List<Field<?>> differencesFrom(RowImage<R> other) {
        List<Field<?>> fields = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            Field<?> field = Objects.requireNonNull(table.field(i));
            Object mine = Canonical.of(field.getDataType(), values[i]);
            if (!Objects.equals(mine, Canonical.of(field.getDataType(), other.values[i]))) {
                fields.add(field);
            }
        }
        return fields;
    }

    /**
     * A new record of this image, as if it had just been read: nothing in it is changed, and a later {@code store()} of it
     * is an update. Made by index; neither {@code from} nor {@code into}, which cost a thousand times more on records that
     * are not attached.
     *
     * @param attachment what it is attached to, if anything
     */
    R record(@Nullable Supplier<Configuration> attachment) {
        R record = DETACHED.newRecord(table);
        for (int i = 0; i < values.length; i++) {
            if (values[i] != RowVersions.UNKNOWN) {
                set(record, i, Values.copyOf(values[i]));
            }
        }
        record.changed(false);
        record.attach(attachment == null ? null : attachment.get());
        return record;
    }

    @SuppressWarnings("unchecked") // the i-th value is of the i-th field's type
    private static void set(Record record, int index, @Nullable Object value) {
        record.set((Field<Object>) record.field(index), value);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(tableName).append('(');
        String separator = "";
        for (int i = 0; i < values.length; i++) {
            if (values[i] != RowVersions.UNKNOWN) {
                text.append(separator)
                        .append(Objects.requireNonNull(table.field(i)).getName())
                        .append('=')
                        .append(Values.text(values[i]));
                separator = ", ";
            }
        }
        return text.append(')').toString();
    }
}
