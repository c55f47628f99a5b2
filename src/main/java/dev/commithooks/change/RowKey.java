package dev.commithooks.change;

import dev.commithooks.row.Canonical;
import dev.commithooks.row.TableName;
import dev.commithooks.row.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.UniqueKey;
import org.jspecify.annotations.Nullable;

/**
 * A row's identity: its table and the values of its primary key.
 *
 * <p>Two keys are equal when they name the same row. Their values are compared as PostgreSQL compares those of the columns:
 * numbers by value whatever their type and scale, moments whatever their offset and as precise as the column is, arrays by
 * content, a {@code char(n)} without the blanks at its end. What a collation of the database ignores, upper and lower case for
 * instance, is not known here. The table is the one that SQL names, so that the tables which a run-time schema mapping tells
 * apart are told apart here. Immutable.
 */
public final class RowKey {

    private final Table<?> table;
    private final String tableName;
    private final @Nullable Object[] values;

    /** Made when it is first compared. */
    private @Nullable Object @Nullable [] canonical;

    private RowKey(Table<?> table, String tableName, @Nullable Object[] values) {
        this.table = table;
        this.tableName = tableName;
        this.values = values;
    }

    /** The key of the row of the given table with the given primary-key values, in the key's column order. */
    public static RowKey of(Table<?> table, Object... values) {
        return named(table, TableName.of(table), values.clone());
    }

    /** The key of a row of a table that goes by another name in SQL, by run-time schema mapping; the array is handed over. */
    public static RowKey named(Table<?> table, String tableName, @Nullable Object[] values) {
        UniqueKey<?> key = table.getPrimaryKey();
        if (key == null || key.getFieldsArray().length != values.length) {
            throw new IllegalArgumentException("Table " + tableName + " has "
                    + (key == null ? "no primary key" : key.getFieldsArray().length + " primary-key columns") + ", "
                    + values.length + " values were given");
        }
        return new RowKey(table, tableName, values);
    }

    /** The table, as generated. */
    public Table<?> table() {
        return table;
    }

    /** The table's name in SQL, with its schema, after any run-time schema mapping. */
    public String tableName() {
        return tableName;
    }

    /** The values, in the order of the primary key's columns; arrays are copies. */
    public List<@Nullable Object> values() {
        List<@Nullable Object> copy = new ArrayList<>(values.length);
        for (Object value : values) {
            copy.add(Values.copyOf(value));
        }
        return Collections.unmodifiableList(copy);
    }

    /** The value of one primary-key column; arrays are copies. */
    public <T> T get(TableField<? extends Record, ? extends @Nullable T> field) {
        Field<?>[] fields = keyFieldsOf(table);
        for (int i = 0; i < fields.length; i++) {
            if (fields[i].equals(field)) {
                @SuppressWarnings("unchecked") // the key's i-th value is of the key's i-th field
                T value = (T) Objects.requireNonNull(Values.copyOf(values[i]));
                return value;
            }
        }
        throw new IllegalArgumentException(field + " is no primary-key column of " + tableName);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RowKey that
                && tableName.equals(that.tableName)
                && Arrays.equals(canonical(), that.canonical());
    }

    @Override
    public int hashCode() {
        return 31 * tableName.hashCode() + Arrays.hashCode(canonical());
    }

    private @Nullable Object[] canonical() {
        @Nullable Object[] result = canonical;
        if (result == null) {
            Field<?>[] fields = keyFieldsOf(table);
            result = new Object[values.length];
            for (int i = 0; i < result.length; i++) {
                result[i] = Canonical.of(fields[i].getDataType(), values[i]);
            }
            canonical = result;
        }
        return result;
    }

    private static Field<?>[] keyFieldsOf(Table<?> table) {
        return Objects.requireNonNull(table.getPrimaryKey()).getFieldsArray();
    }

    @Override
    public String toString() {
        return tableName + Arrays.stream(values).map(Values::text).toList();
    }
}
