package dev.commithooks.durable;

import dev.commithooks.durable.Json.Digits;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Date;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Year;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.Converter;
import org.jooq.DataType;
import org.jooq.EnumType;
import org.jooq.Field;
import org.jooq.JSON;
import org.jooq.JSONB;
import org.jooq.UDTRecord;
import org.jooq.XML;
import org.jooq.types.DayToSecond;
import org.jooq.types.UByte;
import org.jooq.types.UInteger;
import org.jooq.types.ULong;
import org.jooq.types.UShort;
import org.jooq.types.YearToMonth;
import org.jooq.types.YearToSecond;
import org.jspecify.annotations.Nullable;

/**
 * Values of columns as JSON, exactly: what a column's converter gives to the database is written by its Java type, and read
 * back by that type alone. Nothing is guessed, rounded or coerced; what cannot be read is refused.
 */
final class ColumnValues {

    /** Types whose {@code toString} is read back by a function. */
    private static final Map<Class<?>, Function<String, Object>> BY_TEXT = Map.ofEntries(
            Map.entry(String.class, text -> text),
            Map.entry(BigDecimal.class, BigDecimal::new),
            Map.entry(BigInteger.class, BigInteger::new),
            Map.entry(UByte.class, UByte::valueOf),
            Map.entry(UShort.class, UShort::valueOf),
            Map.entry(UInteger.class, UInteger::valueOf),
            Map.entry(ULong.class, ULong::valueOf),
            Map.entry(UUID.class, UUID::fromString),
            Map.entry(LocalDate.class, LocalDate::parse),
            Map.entry(LocalTime.class, LocalTime::parse),
            Map.entry(LocalDateTime.class, LocalDateTime::parse),
            Map.entry(OffsetTime.class, OffsetTime::parse),
            Map.entry(OffsetDateTime.class, OffsetDateTime::parse),
            Map.entry(Instant.class, Instant::parse),
            Map.entry(Year.class, Year::parse),
            Map.entry(YearToMonth.class, ColumnValues::yearToMonth),
            Map.entry(DayToSecond.class, ColumnValues::dayToSecond),
            Map.entry(YearToSecond.class, ColumnValues::yearToSecond));

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
                || BY_TEXT.containsKey(type)
                || BY_DIGITS.containsKey(type)
                || type == Boolean.class
                || type == JSON.class
                || type == JSONB.class
                || type == XML.class
                || java.util.Date.class.isAssignableFrom(type)
                || type.isEnum()
                || UDTRecord.class.isAssignableFrom(type);
    }

    // ---------------------------------------------------------------- writing

    /** Appends a value of a column. */
    static void write(StringBuilder out, Field<?> field, @Nullable Object value) {
        try {
            write(out, toDatabase(field.getDataType().getConverter(), value));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "A value of column " + field + " cannot be stored for a durable hook", e);
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
            Json.quote(out, text(value));
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

    private static String text(Object value) {
        if (value instanceof EnumType literal) {
            return literal.getLiteral();
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value instanceof JSON || value instanceof JSONB || value instanceof XML) {
            return data(value);
        }
        if (value instanceof java.util.Date old) {
            return old instanceof Timestamp t ? t.getTime() + "/" + t.getNanos() : Long.toString(old.getTime());
        }
        if (value instanceof YearToSecond both) {
            return text(both.getYearToMonth()) + "/" + text(both.getDayToSecond());
        }
        if (value instanceof YearToMonth months) {
            return Integer.toString(months.intValue());
        }
        if (value instanceof DayToSecond time) {
            return (time.getSign() < 0 ? "-" : "+") + time.getDays() + "/" + time.getHours() + "/" + time.getMinutes()
                    + "/" + time.getSeconds() + "/" + time.getNano();
        }
        if (BY_TEXT.containsKey(value.getClass()) || BY_DIGITS.containsKey(value.getClass())) {
            return value.toString();
        }
        throw new IllegalArgumentException("values of " + value.getClass().getName() + " have no form in JSON");
    }

    private static String data(Object document) {
        return document instanceof JSON json
                ? json.data()
                : document instanceof JSONB jsonb ? jsonb.data() : ((XML) document).data();
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
        if (json instanceof Boolean truth && (type == Boolean.class || type == Object.class)) {
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
        if (type == Float.class || type == Double.class) {
            return Objects.requireNonNull(BY_DIGITS.get(type)).apply(text);
        }
        Function<String, Object> reader = BY_TEXT.get(type);
        if (reader != null) {
            return reader.apply(text);
        }
        if (type.isEnum()) {
            return constant(type, text);
        }
        return type == JSON.class
                ? JSON.json(text)
                : type == JSONB.class ? JSONB.jsonb(text) : type == XML.class ? XML.xml(text) : date(type, text);
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

    private static Object constant(Class<?> type, String text) {
        for (Object constant : type.getEnumConstants()) {
            if (text.equals(constant instanceof EnumType e ? e.getLiteral() : ((Enum<?>) constant).name())) {
                return constant;
            }
        }
        throw new IllegalArgumentException("no value of " + type.getName() + " is stored so any more");
    }

    private static Object date(Class<?> type, String text) {
        String[] parts = text.split("/");
        long millis = Long.parseLong(parts[0]);
        if (type == Timestamp.class) {
            Timestamp timestamp = new Timestamp(millis);
            timestamp.setNanos(Integer.parseInt(parts[1]));
            return timestamp;
        }
        return type == Date.class
                ? new Date(millis)
                : type == Time.class ? new Time(millis) : new java.util.Date(millis);
    }

    private static YearToMonth yearToMonth(String text) {
        int months = Integer.parseInt(text);
        YearToMonth length = new YearToMonth(0, Math.abs(months));
        return months < 0 ? length.neg() : length;
    }

    private static DayToSecond dayToSecond(String text) {
        String[] parts = text.substring(1).split("/");
        DayToSecond length = new DayToSecond(
                Integer.parseInt(parts[0]),
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]),
                Integer.parseInt(parts[3]),
                Integer.parseInt(parts[4]));
        return text.charAt(0) == '-' ? length.neg() : length;
    }

    private static YearToSecond yearToSecond(String text) {
        int middle = text.indexOf('/');
        return new YearToSecond(yearToMonth(text.substring(0, middle)), dayToSecond(text.substring(middle + 1)));
    }
}
