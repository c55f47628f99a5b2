package dev.commithooks.row;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jooq.Converter;
import org.jooq.DataType;
import org.jooq.impl.IdentityConverter;
import org.jooq.impl.SQLDataType;
import org.jooq.types.DayToSecond;
import org.jooq.types.Interval;
import org.jooq.types.YearToMonth;
import org.jooq.types.YearToSecond;
import org.jspecify.annotations.Nullable;

/**
 * The form of a column's value that is equal, as Java has it, to that of another value exactly if the database calls the two
 * values equal.
 *
 * <p>The rules are PostgreSQL's: blanks at the end of a {@code char(n)} say nothing; zero has no sign; NaN equals itself; moments
 * are compared whatever their offset, in microseconds; of an interval a month has 30 days and a day 24 hours; a value is rounded
 * as its column rounds it. What only the server knows, a collation that ignores case for instance, is not known here.
 */
public final class Canonical {

    /** Types whose {@code equals} is the database's, unless the column says more. */
    private static final Set<Class<?>> PLAIN = Set.of(Long.class, Integer.class, Short.class, String.class, UUID.class);

    private static final int DIGITS_OF_MICROS = 6;
    private static final int DIGITS_OF_A_LONG = 18;
    private static final long DAYS_OF_A_MONTH = 30;

    private Canonical() {}

    /** Whether each value of the column is its own canonical form. */
    public static boolean isPlain(DataType<?> type) {
        return PLAIN.contains(type.getType()) && !isBlankPadded(type) && !isConverted(type);
    }

    /** The canonical form of a value of the column. Throws nothing: nor do its {@code equals} and
     * {@code hashCode}: a value of which nothing is known stands for itself. */
    public static @Nullable Object of(DataType<?> type, @Nullable Object value) {
        if (value == null || value instanceof UUID) {
            return value;
        }
        try {
            return form(type, stored(type, value));
        } catch (RuntimeException e) {
            return new Opaque(value);
        }
    }

    /** A value of a type that is unknown here, and whose {@code equals} and {@code hashCode} may throw. */
    private static final class Opaque {

        private final Object value;

        private Opaque(Object value) {
            this.value = value;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            try {
                return other instanceof Opaque that && value.equals(that.value);
            } catch (RuntimeException e) {
                return other == this;
            }
        }

        @Override
        public int hashCode() {
            try {
                return value.hashCode();
            } catch (RuntimeException e) {
                return 0;
            }
        }
    }

    /** The value as a converter of the user's gives it to the database, which compares that. */
    private static Object stored(DataType<?> type, Object value) {
        return isConverted(type) ? unconverted(type.getConverter(), value) : value;
    }

    private static <U> Object unconverted(Converter<?, U> converter, Object value) {
        Class<U> type = converter.toType();
        Object stored = type.isInstance(value) ? converter.to(type.cast(value)) : null;
        return stored == null ? value : stored;
    }

    private static boolean isConverted(DataType<?> type) {
        return !(type.getConverter() instanceof IdentityConverter);
    }

    private static boolean isBlankPadded(DataType<?> type) {
        DataType<?> standard = type.getSQLDataType();
        return standard == SQLDataType.CHAR || standard == SQLDataType.NCHAR;
    }

    private static Object form(DataType<?> type, Object value) {
        if (value instanceof String text) {
            return isBlankPadded(type) ? withoutTrailingBlanks(text) : text;
        }
        if (value instanceof Interval interval) {
            return Set.of(microsOf(interval)); // equal to no number
        }
        if (value instanceof Number number) {
            return number(type, number);
        }
        if (value instanceof byte[] bytes) {
            return ByteBuffer.wrap(bytes);
        }
        return value.getClass().isArray() ? elements(type, value) : moment(type, value);
    }

    private static String withoutTrailingBlanks(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }

    private static List<@Nullable Object> elements(DataType<?> type, Object array) {
        DataType<?> component = type.getArrayComponentDataType();
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = 0; i < Array.getLength(array); i++) {
            elements.add(of(component == null ? type : component, Array.get(array, i)));
        }
        return elements;
    }

    // ---------------------------------------------------------------- numbers

    private static Number number(DataType<?> type, Number number) {
        if (isWhole(number)) {
            return number.longValue();
        }
        if ((number instanceof Double || number instanceof Float) && !Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        return decimal(type, new BigDecimal(number.toString()));
    }

    private static boolean isWhole(Number number) {
        return number instanceof Long || number instanceof Integer || number instanceof Short || number instanceof Byte;
    }

    private static Number decimal(DataType<?> type, BigDecimal number) {
        BigDecimal decimal = type.scaleDefined() && number.scale() > type.scale()
                ? number.setScale(type.scale(), RoundingMode.HALF_UP)
                : number;
        decimal = decimal.stripTrailingZeros();
        return decimal.scale() <= 0 && decimal.precision() - decimal.scale() <= DIGITS_OF_A_LONG
                ? (Number) decimal.longValueExact()
                : decimal;
    }

    // ---------------------------------------------------------------- time

    private static long microsOf(Interval interval) {
        if (interval instanceof YearToSecond both) {
            return microsOf(both.getYearToMonth()) + microsOf(both.getDayToSecond());
        }
        if (interval instanceof YearToMonth months) {
            return TimeUnit.DAYS.toMicros(DAYS_OF_A_MONTH * months.intValue());
        }
        DayToSecond time = (DayToSecond) interval;
        return time.getSign()
                * (TimeUnit.DAYS.toMicros(time.getDays())
                        + TimeUnit.HOURS.toMicros(time.getHours())
                        + TimeUnit.MINUTES.toMicros(time.getMinutes())
                        + TimeUnit.SECONDS.toMicros(time.getSeconds())
                        + roundedMicros(time.getNano()));
    }

    /** A moment rounded, whatever its type, offset and calendar; anything else as it is. */
    private static Object moment(DataType<?> type, Object value) {
        if (value instanceof LocalDateTime local) {
            return rounded(type, local);
        }
        if (value instanceof OffsetDateTime moment) {
            return rounded(type, moment.toInstant());
        }
        if (value instanceof Instant moment) {
            return rounded(type, moment);
        }
        if (value instanceof LocalTime time) {
            return rounded(type, time.atDate(LocalDate.EPOCH)); // rounded, the last of a day is no time of it
        }
        if (value instanceof OffsetTime time) { // to the server, times of different offsets are never equal
            return List.of(rounded(type, time.toLocalTime().atDate(LocalDate.EPOCH)), time.getOffset());
        }
        if (value instanceof Timestamp old) {
            return rounded(type, old.toLocalDateTime());
        }
        if (value instanceof java.sql.Date old) {
            return old.toLocalDate();
        }
        return value instanceof Time old
                ? new Timestamp(old.getTime()).toLocalDateTime().toLocalTime()
                : value;
    }

    private static Temporal rounded(DataType<?> type, Temporal moment) {
        int nanos = moment.get(ChronoField.NANO_OF_SECOND);
        long micros = roundedMicros(nanos);
        if (type.precisionDefined() && type.precision() < DIGITS_OF_MICROS) {
            long unit = (long) Math.pow(10, DIGITS_OF_MICROS - type.precision());
            micros = (micros + unit / 2) / unit * unit;
        }
        return moment.with(ChronoField.NANO_OF_SECOND, 0).plus(micros, ChronoUnit.MICROS);
    }

    /** Rounded by the arithmetic of PostgreSQL, which reads the digits as a floating-point number. */
    private static long roundedMicros(int nanos) {
        return (long) Math.rint(nanos / 1e9 * 1e6);
    }
}
