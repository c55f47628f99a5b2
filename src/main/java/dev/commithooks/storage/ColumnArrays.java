package dev.commithooks.storage;

import java.lang.reflect.Array;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/**
 * The values of many rows as an array for each column, of which PostgreSQL makes rows again: one bind value a column instead of
 * one a cell.
 *
 * <p>Only for types whose text is exact in both directions. An array is of the column's type without its length, since a cast to
 * {@code varchar(5)[]} would cut off in silence what an INSERT refuses.
 */
final class ColumnArrays {

    private static final String JOOQ = "org.jooq.impl.";

    /** The types by their names in the database. */
    private static final Map<String, DataType<?>> TYPES = Map.ofEntries(
            Map.entry("bigint", SQLDataType.BIGINT),
            Map.entry("integer", SQLDataType.INTEGER),
            Map.entry("smallint", SQLDataType.SMALLINT),
            Map.entry("numeric", SQLDataType.NUMERIC),
            Map.entry("double precision", SQLDataType.DOUBLE),
            Map.entry("boolean", SQLDataType.BOOLEAN),
            Map.entry("text", SQLDataType.CLOB),
            Map.entry("character varying", SQLDataType.CLOB),
            Map.entry("uuid", SQLDataType.UUID),
            Map.entry("date", SQLDataType.LOCALDATE),
            Map.entry("timestamp without time zone", SQLDataType.LOCALDATETIME),
            Map.entry("timestamp with time zone", SQLDataType.OFFSETDATETIME));

    private final List<Field<?>> arrays;

    private ColumnArrays(List<Field<?>> arrays) {
        this.arrays = arrays;
    }

    /**
     * The columns' arrays; null if one of the values would not be the same in an array.
     *
     * @param typeOf the name of a column's type in the database, if that is known
     */
    @Nullable
    static ColumnArrays of(
            List<Field<?>> columns, List<? extends Record> rows, Function<Field<?>, @Nullable String> typeOf) {
        List<Field<?>> arrays = new ArrayList<>(columns.size());
        for (Field<?> column : columns) {
            String name = typeOf.apply(column);
            DataType<?> type = name == null ? null : TYPES.get(name);
            Field<?> array = type == null || !isPlain(column, type) ? null : array(column, type, rows);
            if (array == null) {
                return null;
            }
            arrays.add(array);
        }
        return new ColumnArrays(arrays);
    }

    /** Whether values go to the database as they are, by no converter or binding of the user's. */
    private static boolean isPlain(Field<?> column, DataType<?> type) {
        return column.getType() == type.getType()
                && column.getBinding().getClass().getName().startsWith(JOOQ)
                && column.getConverter().getClass().getName().startsWith(JOOQ);
    }

    private static <T> @Nullable Field<T[]> array(Field<?> column, DataType<T> type, List<? extends Record> rows) {
        @SuppressWarnings("unchecked") // of the elements' type
        @Nullable
        T[] values = (T[]) Array.newInstance(type.getType(), rows.size());
        for (int i = 0; i < values.length; i++) {
            T value = type.getType().cast(rows.get(i).get(column));
            if (value instanceof TemporalAccessor moment && !isExact(moment)) {
                return null;
            }
            values[i] = value;
        }
        return DSL.val(values, type.array());
    }

    /** Drivers round what is finer than a microsecond, and have names of their own for the ends of time. */
    private static boolean isExact(TemporalAccessor moment) {
        int year = moment.get(ChronoField.YEAR);
        return year > 0
                && year < 10_000
                && (!moment.isSupported(ChronoField.NANO_OF_SECOND)
                        || moment.get(ChronoField.NANO_OF_SECOND) % 1_000 == 0);
    }

    /** The rows. */
    Select<Record> rows() {
        StringBuilder places = new StringBuilder();
        for (int i = 0; i < arrays.size(); i++) {
            places.append(i == 0 ? "{" : ", {").append(i).append('}');
        }
        return DSL.select(List.of(DSL.asterisk()))
                .from(DSL.table("unnest(" + places + ")", arrays.toArray(Field<?>[]::new)));
    }
}
