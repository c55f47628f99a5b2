package dev.commithooks.durable;

import dev.commithooks.durable.Json.Digits;
import java.lang.reflect.Array;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jooq.Converter;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.UDTRecord;
import org.jspecify.annotations.Nullable;

/**
 * Values of columns as JSON, exactly: what a column's converter gives to the database is written by its Java type, and read
 * back by that type alone. Nothing is guessed, rounded or coerced; what cannot be read is refused.
 */
final class ColumnValues {

    /** Types that are numbers or truth values in JSON, too. */
    private static final Map<Class<?>, Function<String, Object>> BY_DIGITS = Map.of(
            Byte.class, Byte::valueOf,
            Short.class, Short::valueOf,
            Integer.class, Integer::valueOf,
            Long.class, Long::valueOf,
            Float.class, Float::valueOf,
            Double.class, Double::valueOf);

    private ColumnValues() {}

    /** Whether values of the type can be carried; of a converter to {@link Object} only its values will tell. */
    static boolean canCarry(DataType<?> type) {
        Class<?> base = type.getConverter().fromType();
        return base == Object.class ? type.getType() != Object.class : canCarry(base);
    }

    private static boolean canCarry(Class<?> type) {
        return type == byte[].class
                || (type.isArray() && canCarry(type.getComponentType()))
                || TextForms.has(type)
                || BY_DIGITS.containsKey(type)
                || type == Boolean.class
                || UDTRecord.class.isAssignableFrom(type);
    }

    // ---------------------------------------------------------------- writing

    /** Appends a value of a column. */
    static void write(StringBuilder out, Field<?> field, @Nullable Object value) {
        try {
            Converter<?, ?> converter = field.getDataType().getConverter();
            Object stored = toDatabase(converter, value);
            if (converter.fromType() == Object.class && stored != null && !(stored instanceof String)) {
                throw new IllegalArgumentException(
                        "it is a " + stored.getClass().getName() + " and no text");
            }
            write(out, stored);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "A value of column " + field + " cannot be stored exactly; " + ParcelTable.NOT_STORED, e);
        }
    }

    private static <T, U> @Nullable T toDatabase(Converter<T, U> converter, @Nullable Object value) {
        return converter.to(converter.toType().cast(value));
    }

    private static void write(StringBuilder out, @Nullable Object value) {
        if (value == null || value instanceof Boolean || isExactInJson(value)) {
            out.append(value);
        } else if (value instanceof byte[] bytes) {
            Json.quote(out, Base64.getEncoder().encodeToString(bytes));
        } else if (value.getClass().isArray()) {
            writeArray(out, value);
        } else if (value instanceof UDTRecord<?> record) {
            writeRecord(out, record);
        } else {
            Json.quote(out, TextForms.of(value));
        }
    }

    /** A jsonb forgets the sign of zero, and knows no infinity. */
    private static boolean isExactInJson(Object value) {
        if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            return Double.isFinite(number) && !(number == 0 && 1 / number < 0);
        }
        return BY_DIGITS.containsKey(value.getClass());
    }

    private static void writeArray(StringBuilder out, Object array) {
        out.append('[');
        for (int i = 0; i < Array.getLength(array); i++) {
            write(out.append(i == 0 ? "" : ","), Array.get(array, i));
        }
        out.append(']');
    }

    private static void writeRecord(StringBuilder out, UDTRecord<?> record) {
        out.append('[');
        for (int i = 0; i < record.size(); i++) {
            write(out.append(i == 0 ? "" : ","), Objects.requireNonNull(record.field(i)), record.get(i));
        }
        out.append(']');
    }

    // ---------------------------------------------------------------- reading

    /**
     * A value of a column.
     *
     * @throws IllegalArgumentException when it is none, of a column that has another type now, for instance
     */
    static @Nullable Object read(Field<?> field, @Nullable Object json) {
        try {
            return fromDatabase(field.getDataType().getConverter(), json);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "What was stored of column " + field + " is no value of its type "
                            + field.getDataType().getTypeName() + " ("
                            + field.getType().getName() + ")",
                    e);
        }
    }

    private static <T, U> @Nullable U fromDatabase(Converter<T, U> converter, @Nullable Object json) {
        Class<T> type = converter.fromType();
        return converter.from(type.cast(read(type, json)));
    }

    private static @Nullable Object read(Class<?> type, @Nullable Object json) {
        if (json == null) {
            return null;
        }
        if (type == byte[].class) {
            return Base64.getDecoder().decode((String) json);
        }
        if (type.isArray()) {
            return array(type.getComponentType(), (List<?>) json);
        }
        if (UDTRecord.class.isAssignableFrom(type)) {
            return record(type, (List<?>) json);
        }
        if (json instanceof Boolean truth && type == Boolean.class) {
            return truth;
        }
        if (json instanceof Digits digits) {
            return Objects.requireNonNull(BY_DIGITS.get(type)).apply(digits.text());
        }
        return ofText(type, (String) json);
    }

    private static Object ofText(Class<?> type, String text) {
        if (type == Object.class) {
            return text;
        }
        return type == Float.class || type == Double.class
                ? Objects.requireNonNull(BY_DIGITS.get(type)).apply(text)
                : TextForms.read(type, text);
    }

    private static Object array(Class<?> component, List<?> json) {
        Object array = Array.newInstance(component, json.size());
        for (int i = 0; i < json.size(); i++) {
            Array.set(array, i, read(component, json.get(i)));
        }
        return array;
    }

    private static Object record(Class<?> type, List<?> json) {
        try {
            UDTRecord<?> record = (UDTRecord<?>) type.getDeclaredConstructor().newInstance();
            if (record.size() != json.size()) {
                throw new IllegalArgumentException("a value of " + json.size() + " attributes for " + record.size());
            }
            for (int i = 0; i < json.size(); i++) {
                set(record, Objects.requireNonNull(record.field(i)), json.get(i));
            }
            record.changed(false);
            return record;
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type.getName() + " has no constructor to make one with", e);
        }
    }

    @SuppressWarnings("unchecked") // read by the field's own type
    private static void set(UDTRecord<?> record, Field<?> field, @Nullable Object json) {
        record.set((Field<Object>) field, read(field, json));
    }
}
