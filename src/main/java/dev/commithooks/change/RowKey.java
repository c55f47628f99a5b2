package dev.commithooks.change;

import java.lang.reflect.Array;
import java.math.BigDecimal;
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
 * <p>Two keys are equal when they name the same row: numbers are compared by value whatever their type and scale
 * ({@code compareTo}), arrays by content, and the table is the one that SQL names, so that the tables which a run-time
 * schema mapping tells apart are told apart here. Immutable.
 */
public final class RowKey {

    private final Table<?> table;
    private final String tableName;
    private final @Nullable Object[] values;

    private RowKey(Table<?> table, String tableName, @Nullable Object[] values) {
        this.table = table;
        this.tableName = tableName;
        this.values = values;
    }

    /** The key of the row of the given table with the given primary-key values, in the key's column order. */
    public static RowKey of(Table<?> table, Object... values) {
        return named(table, RowImage.nameOf(table), values.clone());
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
            copy.add(RowImage.copyOf(value));
        }
        return Collections.unmodifiableList(copy);
    }

    /** The value of one primary-key column; arrays are copies. */
    public <T> T get(TableField<? extends Record, T> field) {
        Field<?>[] fields = Objects.requireNonNull(table.getPrimaryKey()).getFieldsArray();
        for (int i = 0; i < fields.length; i++) {
            if (fields[i].equals(field)) {
                @SuppressWarnings("unchecked") // the key's i-th value is of the key's i-th field
                T value = (T) Objects.requireNonNull(RowImage.copyOf(values[i]));
                return value;
            }
        }
        throw new IllegalArgumentException(field + " is no primary-key column of " + tableName);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof RowKey that) || values.length != that.values.length) {
            return false;
        }
        if (!tableName.equals(that.tableName)) {
            return false;
        }
        for (int i = 0; i < values.length; i++) {
            if (!sameValue(values[i], that.values[i])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = tableName.hashCode();
        for (Object value : values) {
            hash = 31 * hash + hashOf(value);
        }
        return hash;
    }

    @Override
    public String toString() {
        return tableName + Arrays.deepToString(values);
    }

    /** Whether two column values are the same to the database. */
    static boolean sameValue(@Nullable Object a, @Nullable Object b) {
        if (a == b) {
            return true;
        }
        if (a == null || b == null) {
            return false;
        }
        if (a instanceof Number x
                && b instanceof Number y
                && (a.getClass() != b.getClass() || a instanceof BigDecimal)) {
            return decimal(x).compareTo(decimal(y)) == 0;
        }
        return a.getClass().isArray() ? Arrays.deepEquals(new Object[] {a}, new Object[] {b}) : a.equals(b);
    }

    private static int hashOf(@Nullable Object value) {
        if (value == null) {
            return 0;
        }
        if (value instanceof Number number) {
            return hashOfNumber(number);
        }
        return value.getClass().isArray() ? hashOfArray(value) : value.hashCode();
    }

    /** Whole numbers hash alike in every type; others by their value without trailing zeros. */
    private static int hashOfNumber(Number number) {
        if (number instanceof Long || number instanceof Integer || number instanceof Short || number instanceof Byte) {
            return Long.hashCode(number.longValue());
        }
        BigDecimal decimal = decimal(number).stripTrailingZeros();
        return decimal.scale() <= 0 && decimal.precision() - decimal.scale() <= 18
                ? Long.hashCode(decimal.longValueExact())
                : decimal.hashCode();
    }

    private static int hashOfArray(Object array) {
        int hash = 1;
        for (int i = 0; i < Array.getLength(array); i++) {
            hash = 31 * hash + hashOf(Array.get(array, i));
        }
        return hash;
    }

    private static BigDecimal decimal(Number number) {
        return number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString());
    }
}
