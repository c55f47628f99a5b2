package dev.commithooks.durable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Random;
import org.jooq.types.DayToSecond;
import org.jooq.types.YearToMonth;

/** Values at random, those among them that are easily got wrong. */
final class AnyValue {

    private AnyValue() {}

    @SafeVarargs
    static <T> T oneOf(Random random, T... values) {
        return values[random.nextInt(values.length)];
    }

    static String text(Random random) {
        return random.nextBoolean() ? anyText(random) : awkwardText(random);
    }

    /** Any characters that PostgreSQL takes: all but the zero and halves of pairs. */
    static String anyText(Random random) {
        return random.ints(random.nextInt(12), 1, Character.MAX_CODE_POINT + 1)
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 'x' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    static String awkwardText(Random random) {
        return oneOf(
                random,
                "",
                "plain",
                "\"quotes\" and \\ and / and \u0001\n\t",
                "π ≠ 😀 日本",
                "null",
                "' ; --",
                " ",
                "}{][");
    }

    static LocalDate date(Random random) {
        return oneOf(
                random,
                LocalDate.of(2024, 2, 29),
                LocalDate.of(1, 1, 1),
                LocalDate.of(9998, 6, 7),
                LocalDate.ofEpochDay(random.nextInt(40_000)));
    }

    static LocalTime time(Random random) {
        return oneOf(random, LocalTime.MIDNIGHT, LocalTime.of(23, 59, 59, 999_999_000), LocalTime.of(1, 2, 3, 4_000));
    }

    static OffsetDateTime moment(Random random) {
        return LocalDate.ofEpochDay(random.nextInt(40_000)).atTime(time(random)).atOffset(ZoneOffset.UTC);
    }

    static DayToSecond length(Random random) {
        DayToSecond length = new DayToSecond(random.nextInt(40), random.nextInt(24), random.nextInt(60), 5, 6_000);
        return random.nextBoolean() ? length : length.neg();
    }

    static YearToMonth months(Random random) {
        YearToMonth months = new YearToMonth(random.nextInt(5), random.nextInt(12));
        return random.nextBoolean() ? months : months.neg();
    }

    static BigDecimal decimal(Random random) {
        return new BigDecimal(new BigInteger(120, random), random.nextInt(10)).negate();
    }

    static URI uri(Random random) {
        return URI.create("https://example.org/?q=" + random.nextInt());
    }
}
