package dev.commithooks.durable;

import static dev.commithooks.durable.AnyValue.date;
import static dev.commithooks.durable.AnyValue.decimal;
import static dev.commithooks.durable.AnyValue.length;
import static dev.commithooks.durable.AnyValue.moment;
import static dev.commithooks.durable.AnyValue.months;
import static dev.commithooks.durable.AnyValue.oneOf;
import static dev.commithooks.durable.AnyValue.text;
import static dev.commithooks.durable.AnyValue.time;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Date;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.Converter;
import org.jooq.DataType;
import org.jooq.EnumType;
import org.jooq.Field;
import org.jooq.JSON;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.Schema;
import org.jooq.TableField;
import org.jooq.UniqueKey;
import org.jooq.XML;
import org.jooq.impl.DSL;
import org.jooq.impl.EnumConverter;
import org.jooq.impl.Internal;
import org.jooq.impl.SQLDataType;
import org.jooq.impl.TableImpl;
import org.jooq.types.UInteger;
import org.jooq.types.ULong;
import org.jooq.types.UShort;
import org.jooq.types.YearToSecond;
import org.jspecify.annotations.Nullable;

/** A table with a column of every type that jOOQ maps on PostgreSQL, made in the database and filled at random. */
final class EveryType extends TableImpl<Record> {

    private static final long serialVersionUID = 1L;

    /** An enum of the database whose literals are not the names of its constants. */
    enum Mood implements EnumType {
        SO_SO("so so"),
        HAPPY("happy! \"quoted\"");

        private final String literal;

        Mood(String literal) {
            this.literal = literal;
        }

        @Override
        public String getLiteral() {
            return literal;
        }

        @Override
        public String getName() {
            return "mood";
        }

        @Override
        public @Nullable Schema getSchema() {
            return null;
        }
    }

    /** An enum of the application's, stored as text. */
    enum Size {
        SMALL,
        LARGE
    }

    private record Column(String sqlType, DataType<?> type, Function<Random, Object> values) {}

    private static final List<Column> COLUMNS = new ArrayList<>();

    private static <T> void column(String sqlType, DataType<T> type, Function<Random, T> values) {
        COLUMNS.add(new Column(sqlType, type, values::apply));
    }

    private static Place.Row place(Random random) {
        return Place.of(
                random.nextBoolean() ? text(random) : null,
                oneOf(random, Mood.values()),
                random.nextBoolean() ? new Integer[] {random.nextInt(), null} : null,
                random.nextBoolean() ? Place.Spot.of(decimal(random), true) : null);
    }

    static {
        DataType<Mood> mood = SQLDataType.VARCHAR.asEnumDataType(Mood.class);
        DataType<URI> uri = SQLDataType.CLOB.asConvertedDataType(uriConverter());
        DataType<Size> size = SQLDataType.CLOB.asConvertedDataType(new EnumConverter<>(String.class, Size.class));
        column("boolean", SQLDataType.BOOLEAN, Random::nextBoolean);
        column("smallint", SQLDataType.SMALLINT, r -> oneOf(r, Short.MIN_VALUE, Short.MAX_VALUE, (short) r.nextInt(9)));
        column("integer", SQLDataType.INTEGER, Random::nextInt);
        column("bigint", SQLDataType.BIGINT, r -> oneOf(r, Long.MIN_VALUE, Long.MAX_VALUE, r.nextLong()));
        column("integer", SQLDataType.INTEGERUNSIGNED, r -> UInteger.valueOf(r.nextInt(1 << 30)));
        column("bigint", SQLDataType.BIGINTUNSIGNED, r -> ULong.valueOf(r.nextInt(1 << 30)));
        column("integer", SQLDataType.SMALLINTUNSIGNED, r -> UShort.valueOf(r.nextInt(1 << 16)));
        column(
                "real",
                SQLDataType.REAL,
                r -> oneOf(r, Float.NaN, Float.NEGATIVE_INFINITY, -0.0f, Float.MIN_VALUE, 1e10f, r.nextFloat()));
        column(
                "double precision",
                SQLDataType.DOUBLE,
                r -> oneOf(r, Double.NaN, Double.POSITIVE_INFINITY, -0.0, Double.MIN_VALUE, 1e300, r.nextDouble()));
        column("numeric", SQLDataType.NUMERIC, AnyValue::decimal);
        column("numeric(12, 4)", SQLDataType.NUMERIC(12, 4), r -> new BigDecimal("1.5000"));
        column("numeric(40)", SQLDataType.DECIMAL_INTEGER, r -> new BigInteger(120, r));
        column("text", SQLDataType.CLOB, AnyValue::text);
        column("varchar(100)", SQLDataType.VARCHAR(100), AnyValue::text);
        column("char(8)", SQLDataType.CHAR(8), r -> "blanks  ");
        column("uuid", SQLDataType.UUID, r -> new UUID(r.nextLong(), r.nextLong()));
        column("date", SQLDataType.LOCALDATE, AnyValue::date);
        column("time", SQLDataType.LOCALTIME, AnyValue::time);
        column("timestamp", SQLDataType.LOCALDATETIME, r -> date(r).atTime(time(r)));
        column("timetz", SQLDataType.OFFSETTIME, r -> time(r).atOffset(ZoneOffset.ofHours(r.nextInt(9) - 4)));
        column("timestamptz", SQLDataType.OFFSETDATETIME, AnyValue::moment);
        column("timestamptz", SQLDataType.INSTANT, r -> moment(r).toInstant());
        column("date", SQLDataType.DATE, r -> Date.valueOf("2024-02-29"));
        column("time", SQLDataType.TIME, r -> Time.valueOf("23:59:58"));
        column("timestamp", SQLDataType.TIMESTAMP, r -> Timestamp.valueOf("1969-12-31 23:59:59.123456"));
        column("interval", SQLDataType.INTERVALDAYTOSECOND, AnyValue::length);
        column("interval", SQLDataType.INTERVALYEARTOMONTH, AnyValue::months);
        column("interval", SQLDataType.INTERVAL, r -> new YearToSecond(months(r), length(r)));
        column("bytea", SQLDataType.BLOB, r -> text(r).getBytes(StandardCharsets.UTF_8));
        column("json", SQLDataType.JSON, r -> JSON.json(oneOf(r, "{\"a\": 1, \"a\": 2}", "null", "[1.50]", "\"x\"")));
        column("jsonb", SQLDataType.JSONB, r -> JSONB.jsonb(oneOf(r, "{\"a\": null}", "null", "1.50", "\"x\"")));
        column("xml", SQLDataType.XML, r -> XML.xml("<a b=\"1\">text</a>"));
        column("mood", mood, r -> oneOf(r, Mood.values()));
        column("text", uri, AnyValue::uri);
        column("text", size, r -> oneOf(r, Size.values()));
        column("text[]", SQLDataType.CLOB.array(), r -> new String[] {text(r), null, text(r)});
        column(
                "integer[]",
                SQLDataType.INTEGER.array(),
                r -> r.nextBoolean() ? new Integer[0] : new Integer[] {1, null});
        column("bigint[]", SQLDataType.BIGINT.array(), r -> new Long[] {r.nextLong()});
        column("boolean[]", SQLDataType.BOOLEAN.array(), r -> new Boolean[] {true, null, false});
        column("numeric[]", SQLDataType.NUMERIC.array(), r -> new BigDecimal[] {decimal(r)});
        column("uuid[]", SQLDataType.UUID.array(), r -> new UUID[] {new UUID(r.nextLong(), 1)});
        column("timestamp[]", SQLDataType.LOCALDATETIME.array(), r -> new LocalDateTime[] {date(r).atTime(time(r))});
        column("date[]", SQLDataType.LOCALDATE.array(), r -> new LocalDate[] {LocalDate.of(2024, 2, 29)});
        column("mood[]", mood.array(), r -> Mood.values());
        column("text", SQLDataType.NCLOB, AnyValue::text);
        column("double precision[]", SQLDataType.DOUBLE.array(), r -> new Double[] {Double.NaN, -0.0, 1.5});
        column("jsonb[]", SQLDataType.JSONB.array(), r -> new JSONB[] {JSONB.jsonb("{\"a\": 1}")});
        column("bytea[]", SQLDataType.BLOB.array(), r -> new byte[][] {text(r).getBytes(StandardCharsets.UTF_8)});
        column("timestamptz", SQLDataType.TIMESTAMPWITHTIMEZONE, AnyValue::moment);
        column("place", Place.PLACE.getDataType(), EveryType::place);
        column("place[]", Place.PLACE.getDataType().array(), r -> new Place.Row[] {place(r), null, place(r)});
        column("short_text", domain("short_text", SQLDataType.CLOB), r -> oneOf(r, "", "short"));
        column(
                "inet",
                SQLDataType.OTHER.asConvertedDataType(new AddressBinding()),
                r -> new AddressBinding.Address("10.0.0." + r.nextInt(256)));
        column("uri_text", domain("uri_text", SQLDataType.CLOB).asConvertedDataType(uriConverter()), AnyValue::uri);
    }

    private static <T> DataType<T> domain(String name, DataType<T> type) {
        return Internal.createDomain(DSL.schema(DSL.name("public")), DSL.name(name), type)
                .getDataType();
    }

    private static Converter<String, URI> uriConverter() {
        return Converter.ofNullable(String.class, URI.class, URI::create, URI::toString);
    }

    final TableField<Record, Integer> id;

    EveryType() {
        super(DSL.name("every_type"), null);
        id = createField(DSL.name("id"), SQLDataType.INTEGER.notNull(), this);
        for (int i = 0; i < COLUMNS.size(); i++) {
            createField(DSL.name("c" + (i + 1)), COLUMNS.get(i).type(), this);
        }
    }

    @Override
    public UniqueKey<Record> getPrimaryKey() {
        return Internal.createUniqueKey(this, id);
    }

    List<String> ddl() {
        List<String> columns = new ArrayList<>(List.of("id integer primary key"));
        for (int i = 0; i < COLUMNS.size(); i++) {
            columns.add("c" + (i + 1) + " " + COLUMNS.get(i).sqlType());
        }
        return List.of(
                "create type mood as enum ('so so', 'happy! \"quoted\"')",
                "create type spot as (latitude numeric, known boolean)",
                "create type place as (name text, mood mood, houses integer[], spot spot)",
                "create domain short_text as text check (length(value) < 9)",
                "create domain uri_text as text",
                "create table every_type (" + String.join(", ", columns) + ")");
    }

    /** Sets the columns of each type of moment to what jOOQ can read but not write. */
    static String update(String moment) {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < COLUMNS.size(); i++) {
            if (COLUMNS.get(i).sqlType().matches("date|timestamp")) {
                columns.add("c" + (i + 1) + " = '" + moment + "'");
            }
        }
        return "update every_type set " + String.join(", ", columns);
    }

    /** A row at random; each fifth value is null. */
    Record row(int number, Random random) {
        Record row = DSL.using(org.jooq.SQLDialect.POSTGRES).newRecord(this);
        row.set(id, number);
        for (int i = 0; i < COLUMNS.size(); i++) {
            set(
                    row,
                    field(i + 1),
                    random.nextInt(5) == 0 ? null : COLUMNS.get(i).values().apply(random));
        }
        return row;
    }

    @SuppressWarnings("unchecked") // the column's generator makes values of the column's type
    private static void set(Record row, Field<?> field, @Nullable Object value) {
        row.set((Field<Object>) field, value);
    }

    static int columns() {
        return COLUMNS.size();
    }

    static boolean same(@Nullable Object one, @Nullable Object other) {
        return Arrays.deepEquals(new Object[] {one}, new Object[] {other});
    }
}
