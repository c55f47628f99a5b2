package dev.commithooks.durable;

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
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.EnumType;
import org.jooq.JSON;
import org.jooq.JSONB;
import org.jooq.XML;
import org.jooq.types.DayToSecond;
import org.jooq.types.UByte;
import org.jooq.types.UInteger;
import org.jooq.types.ULong;
import org.jooq.types.UShort;
import org.jooq.types.YearToMonth;
import org.jooq.types.YearToSecond;

/** The text forms of values that JSON has no form of its own for, exact and read back by the value's type alone. */
final class TextForms {

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
            Map.entry(YearToMonth.class, TextForms::yearToMonth),
            Map.entry(DayToSecond.class, TextForms::dayToSecond),
            Map.entry(YearToSecond.class, TextForms::yearToSecond));

    /** Types with forms that are made here, too. */
    private static final Set<Class<?>> OTHERS =
            Set.of(JSON.class, JSONB.class, XML.class, Date.class, Time.class, Timestamp.class);

    private TextForms() {}

    /** Whether values of the type have one. */
    static boolean has(Class<?> type) {
        return BY_TEXT.containsKey(type) || OTHERS.contains(type) || type.isEnum();
    }

    /** The form of a value. */
    static String of(Object value) {
        if (value instanceof EnumType literal) {
            return literal.getLiteral();
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value instanceof JSON || value instanceof JSONB || value instanceof XML) {
            return data(value);
        }
        if (value instanceof Timestamp timestamp) {
            return timestamp.getTime() + "/" + timestamp.getNanos();
        }
        if (value instanceof Date || value instanceof Time) {
            return Long.toString(value instanceof Date date ? date.getTime() : ((Time) value).getTime());
        }
        if (value instanceof YearToSecond both) {
            return months(both.getYearToMonth()) + "/" + time(both.getDayToSecond());
        }
        if (value instanceof YearToMonth months) {
            return months(months);
        }
        if (value instanceof DayToSecond time) {
            return time(time);
        }
        if (BY_TEXT.containsKey(value.getClass()) || value instanceof Number) {
            return value.toString();
        }
        throw new IllegalArgumentException("values of " + value.getClass().getName() + " have no form in JSON");
    }

    private static String months(YearToMonth months) {
        return Integer.toString(months.intValue());
    }

    private static String time(DayToSecond time) {
        return (time.getSign() < 0 ? "-" : "+") + time.getDays() + "/" + time.getHours() + "/" + time.getMinutes() + "/"
                + time.getSeconds() + "/" + time.getNano();
    }

    private static String data(Object document) {
        return document instanceof JSON json
                ? json.data()
                : document instanceof JSONB jsonb ? jsonb.data() : ((XML) document).data();
    }

    /** What a form was made of. */
    static Object read(Class<?> type, String text) {
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

    private static Object constant(Class<?> type, String text) {
        for (Object constant : type.getEnumConstants()) {
            if (text.equals(constant instanceof EnumType e ? e.getLiteral() : ((Enum<?>) constant).name())) {
                return constant;
            }
        }
        throw new IllegalArgumentException("no value of " + type.getName() + " is stored so any more");
    }

    private static Object date(Class<?> type, String text) {
        String[] parts = text.split("/", -1);
        long millis = Long.parseLong(parts[0]);
        if (type == Timestamp.class) {
            Timestamp timestamp = new Timestamp(millis);
            timestamp.setNanos(Integer.parseInt(parts[1]));
            return timestamp;
        }
        return type == Date.class ? new Date(millis) : new Time(millis);
    }

    private static YearToMonth yearToMonth(String text) {
        int months = Integer.parseInt(text);
        YearToMonth length = new YearToMonth(0, Math.abs(months));
        return months < 0 ? length.neg() : length;
    }

    private static DayToSecond dayToSecond(String text) {
        String[] parts = text.substring(1).split("/", -1);
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
