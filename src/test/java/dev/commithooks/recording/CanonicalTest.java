package dev.commithooks.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.row.Canonical;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jooq.Converter;
import org.jooq.DSLContext;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.impl.SQLDataType;
import org.jooq.types.DayToSecond;
import org.jooq.types.YearToMonth;
import org.jooq.types.YearToSecond;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Equal is what the server calls equal: each pair of values is put into two columns, and the server is asked. */
@Database
@Needs(Ability.POSTGRESQL)
class CanonicalTest {

    private static final DataType<String> SHOUTED = SQLDataType.VARCHAR.asConvertedDataType(
            Converter.of(String.class, String.class, s -> s, String::toUpperCase));

    private final DSLContext dsl;

    CanonicalTest(TestDatabase database) {
        dsl = database.dsl();
    }

    static Stream<Arguments> columns() {
        return Stream.of(
                column("char(5)", SQLDataType.CHAR(5), "a", "a ", "a    ", "A", " a", "", "  ", "a\u00a0"),
                column(
                        "char(5)[]",
                        SQLDataType.CHAR(5).array(),
                        strings("a"),
                        strings("a "),
                        strings("b"),
                        strings("a", "b")),
                column("varchar(5)", SQLDataType.VARCHAR(5), "a", "a ", "A", ""),
                column("text", SHOUTED, "a", "A", "b"),
                column(
                        "double precision",
                        SQLDataType.DOUBLE,
                        0.0,
                        -0.0,
                        1.0,
                        0.1,
                        0.1f * 1.0,
                        Double.NaN,
                        1e300,
                        1e18,
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY),
                column("real", SQLDataType.REAL, 0f, -0f, 0.1f, Float.NaN, Float.POSITIVE_INFINITY),
                column(
                        "numeric",
                        SQLDataType.NUMERIC,
                        numbers(
                                "1",
                                "1.0",
                                "1.00",
                                "10",
                                "1E+1",
                                "0.00",
                                "0",
                                "1.005",
                                "-1",
                                "123456789012345678901234567890",
                                "123456789012345678901234567890.0",
                                "1E+40")),
                column(
                        "numeric(10, 2)",
                        SQLDataType.NUMERIC(10, 2),
                        numbers("1", "1.004", "1.005", "1.01", "-1.005", "-1.01", "-1.00", "1.0049999")),
                column("bigint", SQLDataType.BIGINT, 0L, 1L, Long.MAX_VALUE, Long.MIN_VALUE),
                column(
                        "timestamptz",
                        SQLDataType.OFFSETDATETIME(6),
                        moments(nanos ->
                                OffsetDateTime.of(LocalDateTime.of(2024, 2, 29, 12, 0, 0, nanos), ZoneOffset.UTC)),
                        OffsetDateTime.parse("2024-02-29T13:00:00+01:00"),
                        OffsetDateTime.parse("2024-02-29T13:00:00Z")),
                column(
                        "timestamptz(3)",
                        SQLDataType.OFFSETDATETIME(3),
                        moments(nanos -> OffsetDateTime.of(
                                LocalDateTime.of(2024, 2, 29, 12, 0, 0, nanos), ZoneOffset.ofHours(2)))),
                column(
                        "timestamptz",
                        SQLDataType.INSTANT,
                        moments(nanos -> Instant.ofEpochSecond(1_000_000_000, nanos))),
                column(
                        "timestamp",
                        SQLDataType.LOCALDATETIME,
                        moments(nanos -> LocalDateTime.of(2024, 2, 29, 12, 0, 0, nanos)),
                        LocalDateTime.of(1, 1, 1, 0, 0),
                        LocalDateTime.of(2024, 2, 29, 12, 0, 1)),
                column(
                        "timestamp(0)",
                        SQLDataType.LOCALDATETIME(0),
                        moments(nanos -> LocalDateTime.of(2024, 12, 31, 23, 59, 59, nanos)),
                        LocalDateTime.of(2025, 1, 1, 0, 0)),
                column(
                        "timestamp",
                        SQLDataType.TIMESTAMP,
                        moments(nanos -> Timestamp.valueOf(LocalDateTime.of(2024, 2, 29, 12, 0, 0, nanos)))),
                // jOOQ binds and reads whole seconds of these.
                column("time", SQLDataType.LOCALTIME, LocalTime.NOON, LocalTime.of(12, 0, 1), LocalTime.MIDNIGHT),
                column(
                        "timetz",
                        SQLDataType.OFFSETTIME,
                        OffsetTime.of(12, 0, 0, 0, ZoneOffset.UTC),
                        OffsetTime.of(13, 0, 0, 0, ZoneOffset.ofHours(1)),
                        OffsetTime.of(12, 0, 0, 100, ZoneOffset.UTC)),
                column("date", SQLDataType.LOCALDATE, LocalDate.EPOCH, LocalDate.of(2024, 2, 29)),
                column(
                        "date",
                        SQLDataType.DATE,
                        new java.sql.Date(0),
                        new java.sql.Date(1_000),
                        new java.sql.Date(86_400_000L * 3)),
                column(
                        "interval",
                        SQLDataType.INTERVAL,
                        interval(0, 1, 0),
                        interval(0, 0, 30),
                        interval(1, 0, 0),
                        interval(0, 12, 0),
                        interval(0, 0, 360),
                        interval(0, 0, 365),
                        interval(0, 0, 0),
                        new YearToSecond(new YearToMonth(0), new DayToSecond(1)),
                        new YearToSecond(new YearToMonth(0), new DayToSecond(0, 24)),
                        new YearToSecond(new YearToMonth(0), new DayToSecond(0, 24).neg()),
                        new YearToSecond(new YearToMonth(0, 1).neg(), new DayToSecond(30))),
                column("bytea", SQLDataType.BLOB, new byte[0], new byte[] {0}, new byte[] {0, 0}, new byte[] {1}),
                column(
                        "integer[]",
                        SQLDataType.INTEGER.array(),
                        new Integer[] {1},
                        new Integer[] {1, 2},
                        new Integer[0],
                        new Integer[] {2}),
                column("numeric[]", SQLDataType.NUMERIC.array(), new BigDecimal[] {BigDecimal.ONE}, new BigDecimal[] {
                    new BigDecimal("1.0")
                }),
                column("uuid", SQLDataType.UUID, new UUID(0, 0), new UUID(0, 1)),
                column("boolean", SQLDataType.BOOLEAN, true, false),
                column(
                        "jsonb",
                        SQLDataType.JSONB,
                        JSONB.valueOf("{\"a\": 1, \"b\": 2}"),
                        JSONB.valueOf("{\"b\":2,\"a\":1}"),
                        JSONB.valueOf("[]")));
    }

    @ParameterizedTest(name = "{0} as {1}")
    @MethodSource("columns")
    void valuesAreEqualExactlyIfTheServerSaysSo(String sqlType, DataType<Object> type, List<Object> values) {
        dsl.execute("drop table if exists pair");
        dsl.execute("create table pair (a integer, b integer, x " + sqlType + ", y " + sqlType + ")");
        Field<Object> x = field(name("x"), type);
        Field<Object> y = field(name("y"), type);
        var pairs = dsl.insertInto(table("pair"), field("a"), field("b"), x, y);
        for (int a = 0; a < values.size(); a++) {
            for (int b = 0; b < values.size(); b++) {
                pairs = pairs.values(a, b, values.get(a), values.get(b));
            }
        }
        pairs.execute();
        dsl.select(field("a", Integer.class), field("b", Integer.class), field("x = y", Boolean.class))
                .from("pair")
                .forEach(row -> {
                    Object first = values.get(row.value1());
                    Object second = values.get(row.value2());
                    Object form = Canonical.of(type, first);
                    assertThat(form)
                            .isNotNull()
                            .matches(
                                    it -> it.equals(Canonical.of(type, second)) == row.value3(),
                                    "equal is " + row.value3() + " of " + first + " and " + second)
                            .matches(
                                    it -> !row.value3()
                                            || it.hashCode()
                                                    == Canonical.of(type, second)
                                                            .hashCode(),
                                    "hashes alike");
                    if (Canonical.isPlain(type)) {
                        assertThat(first.equals(second)).isEqualTo(row.value3());
                    }
                });
    }

    private static Arguments column(String sqlType, DataType<?> type, Object... values) {
        List<Object> flat = new ArrayList<>();
        for (Object value : values) {
            flat.addAll(value instanceof List<?> several ? several : List.of(value));
        }
        return Arguments.of(sqlType, type, flat);
    }

    private static List<BigDecimal> numbers(String... texts) {
        return Arrays.stream(texts).map(BigDecimal::new).toList();
    }

    private static String[] strings(String... values) {
        return values;
    }

    private static YearToSecond interval(int years, int months, int days) {
        return new YearToSecond(new YearToMonth(years, months), new DayToSecond(days));
    }

    /** Some that differ beyond microseconds, halves among them, and some at random. */
    private static <T> List<T> moments(Function<Integer, T> ofNanos) {
        List<Integer> nanos = new ArrayList<>(List.of(
                0,
                1,
                499,
                501,
                999,
                1_000,
                1_499,
                1_501,
                123_456_000,
                123_456_400,
                123_456_499,
                123_000_000,
                123_499_999,
                123_500_000,
                500_000_000,
                499_999_499,
                999_999_400,
                999_999_999));
        new Random(7).ints(10, 0, 3_000).forEach(nanos::add);
        return nanos.stream().map(ofNanos).toList();
    }
}
