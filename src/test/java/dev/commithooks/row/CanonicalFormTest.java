package dev.commithooks.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jooq.impl.SQLDataType.BIGINT;
import static org.jooq.impl.SQLDataType.BLOB;
import static org.jooq.impl.SQLDataType.CHAR;
import static org.jooq.impl.SQLDataType.DATE;
import static org.jooq.impl.SQLDataType.DOUBLE;
import static org.jooq.impl.SQLDataType.INSTANT;
import static org.jooq.impl.SQLDataType.INTEGER;
import static org.jooq.impl.SQLDataType.INTERVAL;
import static org.jooq.impl.SQLDataType.LOCALDATETIME;
import static org.jooq.impl.SQLDataType.LOCALTIME;
import static org.jooq.impl.SQLDataType.NCHAR;
import static org.jooq.impl.SQLDataType.NUMERIC;
import static org.jooq.impl.SQLDataType.OFFSETDATETIME;
import static org.jooq.impl.SQLDataType.OFFSETTIME;
import static org.jooq.impl.SQLDataType.REAL;
import static org.jooq.impl.SQLDataType.SMALLINT;
import static org.jooq.impl.SQLDataType.TIME;
import static org.jooq.impl.SQLDataType.TIMESTAMP;
import static org.jooq.impl.SQLDataType.TINYINT;
import static org.jooq.impl.SQLDataType.UUID;
import static org.jooq.impl.SQLDataType.VARCHAR;

import java.math.BigDecimal;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jooq.Converter;
import org.jooq.DataType;
import org.jooq.types.DayToSecond;
import org.jooq.types.Interval;
import org.jooq.types.YearToMonth;
import org.jooq.types.YearToSecond;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Values that a server calls equal have equal forms, all others have not. What a server calls equal is known from
 * {@code CanonicalTest}, which asks one; this test needs none.
 */
class CanonicalFormTest {

    private static final DataType<String> SHOUTED =
            VARCHAR.asConvertedDataType(Converter.of(String.class, String.class, s -> s, String::toUpperCase));

    private static final LocalDateTime NOON = LocalDateTime.of(2024, 2, 29, 12, 0);

    /** The values of a column, in groups of equal ones. */
    static Stream<Arguments> columns() {
        return Stream.of(
                column(CHAR(5), List.of("a", "a ", "a    "), List.of(" a"), List.of("", "  "), List.of("A")),
                column(NCHAR(5), List.of("a", "a "), List.of("b")),
                column(VARCHAR(5), List.of("a"), List.of("a "), List.of("A"), List.of("")),
                column(CHAR(5).array(), List.of(texts("a"), texts("a ")), List.of((Object) texts("b")), List.of((Object)
                        texts("a", "b"))),
                column(SHOUTED, List.of("a", "A"), List.of("b")),
                column(
                        DOUBLE,
                        List.of(0.0, -0.0),
                        List.of(1.0, 1f),
                        List.of(0.1),
                        List.of(Double.NaN, Float.NaN),
                        List.of(Double.POSITIVE_INFINITY),
                        List.of(Double.NEGATIVE_INFINITY)),
                column(REAL, List.of(0f, -0f), List.of(0.1f), List.of(Float.NaN), List.of(Float.POSITIVE_INFINITY)),
                column(
                        NUMERIC,
                        decimals("1", "1.0", "1.00"),
                        decimals("10", "1E+1"),
                        decimals("0", "0.00"),
                        decimals("1.005"),
                        decimals("-1"),
                        decimals("123456789012345678901234567890", "123456789012345678901234567890.0"),
                        decimals("1E+17", "100000000000000000"),
                        decimals("1E+18", "1000000000000000000.0"),
                        decimals("1E+40")),
                column(
                        NUMERIC(10, 2),
                        decimals("1", "1.004", "1.0049999"),
                        decimals("1.005", "1.01"),
                        decimals("-1.005", "-1.01"),
                        decimals("-1.00")),
                column(BIGINT, List.of(1L, 1, (short) 1, (byte) 1), List.of(2L), List.of(Long.MIN_VALUE)),
                column(
                        OFFSETDATETIME(6),
                        List.of(
                                NOON.atOffset(ZoneOffset.UTC),
                                NOON.plusNanos(499).atOffset(ZoneOffset.UTC),
                                OffsetDateTime.parse("2024-02-29T13:00:00+01:00")),
                        List.of(
                                NOON.plusNanos(501).atOffset(ZoneOffset.UTC),
                                NOON.plusNanos(1_499).atOffset(ZoneOffset.UTC)),
                        List.of(NOON.atOffset(ZoneOffset.ofHours(1)))),
                column(
                        OFFSETDATETIME(3),
                        List.of(
                                NOON.atOffset(ZoneOffset.UTC),
                                NOON.plusNanos(400_000).atOffset(ZoneOffset.UTC)),
                        List.of(
                                NOON.plusNanos(500_000).atOffset(ZoneOffset.UTC),
                                NOON.plusNanos(1_000_000).atOffset(ZoneOffset.UTC)),
                        List.of(NOON.plusNanos(2_000_000).atOffset(ZoneOffset.UTC))),
                column(
                        INSTANT,
                        List.of(Instant.EPOCH, Instant.EPOCH.plusNanos(1)),
                        List.of(Instant.EPOCH.plusNanos(1_000)),
                        List.of(Instant.EPOCH.plusSeconds(1))),
                column(
                        LOCALDATETIME(0),
                        List.of(NOON.minusNanos(400_000_000), NOON),
                        List.of(NOON.minusSeconds(1), NOON.minusNanos(600_000_000))),
                column(LOCALDATETIME, List.of(NOON, NOON.plusNanos(1)), List.of(NOON.plusNanos(1_000))),
                column(
                        TIMESTAMP,
                        List.of(Timestamp.valueOf(NOON), Timestamp.valueOf(NOON.plusNanos(1))),
                        List.of(Timestamp.valueOf(NOON.plusNanos(1_000)))),
                column(
                        LOCALTIME,
                        List.of(LocalTime.NOON, LocalTime.NOON.plusNanos(1)),
                        List.of(LocalTime.MIDNIGHT),
                        List.of(LocalTime.MAX)),
                column(
                        OFFSETTIME,
                        List.of(
                                OffsetTime.of(12, 0, 0, 0, ZoneOffset.UTC),
                                OffsetTime.of(12, 0, 0, 100, ZoneOffset.UTC)),
                        List.of(OffsetTime.of(13, 0, 0, 0, ZoneOffset.ofHours(1))),
                        List.of(OffsetTime.of(13, 0, 0, 0, ZoneOffset.UTC))),
                column(DATE, List.of(day(1), new java.sql.Date(day(1).getTime() + 1_000)), List.of(day(3))),
                column(
                        TIME,
                        List.of(new Time(0), new Time(86_400_000)),
                        List.of(new Time(1_000)),
                        List.of(new Time(2_000))),
                column(
                        INTERVAL,
                        List.of(months(1), both(months(1), days(0)), days(30), both(months(0), days(30))),
                        List.of(months(12), both(months(11), days(30)), days(360)),
                        List.of(days(365)),
                        List.of(days(0), both(months(1).neg(), days(30))),
                        List.of(days(1), new DayToSecond(0, 24)),
                        List.of(days(1).neg(), new DayToSecond(0, 24).neg()),
                        List.of(new DayToSecond(0, 1), new DayToSecond(0, 0, 60)),
                        List.of(new DayToSecond(0, 0, 1), new DayToSecond(0, 0, 0, 60)),
                        List.of(new DayToSecond(0, 0, 0, 1)),
                        List.of(new DayToSecond(0, 0, 0, 0, 1_000), new DayToSecond(0, 0, 0, 0, 1_400)),
                        List.of(1L)), // a number is no interval
                column(BLOB, List.of(bytes(), bytes()), List.of(bytes(0)), List.of(bytes(0, 0)), List.of(bytes(1))),
                column(
                        INTEGER.array(),
                        List.of(new Integer[] {1}, new Integer[] {1}),
                        List.of(new Integer[] {1, 2}, new Integer[] {1, 2}),
                        List.of(new Integer[] {1, null}, new Integer[] {1, null}),
                        List.of((Object) new Integer[0])),
                column(
                        NUMERIC.array(),
                        List.of(new BigDecimal[] {BigDecimal.ONE}, new BigDecimal[] {new BigDecimal("1.0")})));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("columns")
    void equalValuesHaveEqualForms(DataType<?> type, List<List<Object>> groups) {
        for (List<Object> group : groups) {
            for (Object value : group) {
                Object form = Canonical.of(type, value);
                for (List<Object> others : groups) {
                    for (Object other : others) {
                        Object otherForm = Canonical.of(type, other);
                        if (others == group) {
                            assertThat(otherForm).isEqualTo(form).hasSameHashCodeAs(form);
                        } else {
                            assertThat(otherForm).isNotEqualTo(form);
                        }
                    }
                }
            }
        }
    }

    @Test
    void partsOfAnIntervalAreAddedUp() {
        long micros = 1_000_000L * (((24 + 2) * 60 + 3) * 60 + 4) + 5;
        DayToSecond time = new DayToSecond(1, 2, 3, 4, 5_000);

        assertThat(Canonical.of(INTERVAL, time)).isEqualTo(Set.of(micros));
        assertThat(Canonical.of(INTERVAL, time.neg())).isEqualTo(Set.of(-micros));
        assertThat(Canonical.of(INTERVAL, both(months(2), time))).isEqualTo(Set.of(60 * 86_400_000_000L + micros));
    }

    @Test
    void numbersThatFitAreLongs() {
        assertThat(Canonical.of(NUMERIC, new BigDecimal("999999999999999999"))).isEqualTo(999_999_999_999_999_999L);
        assertThat(Canonical.of(NUMERIC, new BigDecimal("1000000000000000000"))).isInstanceOf(BigDecimal.class);
        assertThat(Canonical.of(NUMERIC, new BigDecimal("1.50"))).isEqualTo(new BigDecimal("1.5"));
        assertThat(Canonical.of(NUMERIC(10, 1), new BigDecimal("1.5"))).isEqualTo(new BigDecimal("1.5"));
        assertThat(List.of(
                        Canonical.of(INTEGER, 7), Canonical.of(SMALLINT, (short) 7), Canonical.of(TINYINT, (byte) 7)))
                .containsOnly(7L);
    }

    @Test
    void nothingIsNothingAndAnIdIsItself() {
        var id = new java.util.UUID(1, 2);

        assertThat(Canonical.of(UUID, null)).isNull();
        assertThat(Canonical.of(UUID, id)).isSameAs(id);
        assertThat(Canonical.of(VARCHAR, "a")).isEqualTo("a");
    }

    @Test
    void valueThatThrowsStandsForItself() {
        DataType<Object> broken = VARCHAR.asConvertedDataType(Converter.of(String.class, Object.class, s -> s, o -> {
            throw new IllegalStateException("no");
        }));
        Object[] values = {new Grim(), new Grim()};
        Object form = Canonical.of(broken, values[0]);

        assertThat(form).isNotNull();
        assertThat(form.equals(form)).isTrue();
        assertThat(form.equals(Canonical.of(broken, values[1]))).isFalse();
        assertThat(form.hashCode()).isZero();
        assertThat(Canonical.of(broken, "a"))
                .isEqualTo(Canonical.of(broken, "a"))
                .isNotEqualTo(Canonical.of(broken, "b"))
                .isNotEqualTo("a")
                .hasSameHashCodeAs("a");
    }

    /** Throws whatever it is asked. */
    private static final class Grim {

        @Override
        public boolean equals(Object other) {
            throw new IllegalStateException("no");
        }

        @Override
        public int hashCode() {
            throw new IllegalStateException("no");
        }
    }

    @Test
    void plainAreTheTypesWhoseEqualsIsTheDatabases() {
        assertThat(Stream.of(BIGINT, INTEGER, SMALLINT, VARCHAR, UUID)).allMatch(Canonical::isPlain);
        assertThat(Stream.of(CHAR(3), NCHAR(3), SHOUTED, NUMERIC, TIMESTAMP, BLOB, INTEGER.array()))
                .noneMatch(Canonical::isPlain);
    }

    private static Arguments column(DataType<?> type, List<?>... groups) {
        return Arguments.of(type, Arrays.asList(groups));
    }

    private static List<BigDecimal> decimals(String... texts) {
        return Arrays.stream(texts).map(BigDecimal::new).toList();
    }

    private static String[] texts(String... texts) {
        return texts;
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static java.sql.Date day(int day) {
        return java.sql.Date.valueOf(NOON.toLocalDate().withDayOfMonth(day));
    }

    private static YearToMonth months(int months) {
        return new YearToMonth(0, months);
    }

    private static DayToSecond days(int days) {
        return new DayToSecond(days);
    }

    private static Interval both(YearToMonth months, DayToSecond days) {
        return new YearToSecond(months, days);
    }
}
