package dev.commithooks.storage;

import static dev.commithooks.bookshop.press.Keys.TITLE__TITLE_HOUSE_ID_FKEY;
import static dev.commithooks.bookshop.press.Tables.TITLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.press.tables.records.HouseRecord;
import dev.commithooks.bookshop.press.tables.records.TitleRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.Converter;
import org.jooq.DSLContext;
import org.jooq.DataType;
import org.jooq.ExecuteListener;
import org.jooq.Field;
import org.jooq.Insert;
import org.jooq.InsertValuesStepN;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows that go to the database as arrays are the same in it as if each value were bound. */
@Database
@Needs(Ability.POSTGRESQL)
class ColumnArraysTest {

    private static final Table<Record> SAMPLE = DSL.table(DSL.name("sample"));
    private static final Field<Long> LARGE = column("large", SQLDataType.BIGINT);
    private static final Field<Integer> MIDDLE = column("middle", SQLDataType.INTEGER);
    private static final Field<Short> SMALL = column("small", SQLDataType.SMALLINT);
    private static final Field<BigDecimal> MONEY = column("money", SQLDataType.NUMERIC(12, 2));
    private static final Field<Double> FLOAT = column("float", SQLDataType.DOUBLE);
    private static final Field<Boolean> YES = column("yes", SQLDataType.BOOLEAN);
    private static final Field<String> TEXT = column("text", SQLDataType.CLOB);
    private static final Field<String> SHORT_TEXT = column("short_text", SQLDataType.VARCHAR(5));
    private static final Field<UUID> ID = column("id", SQLDataType.UUID);
    private static final Field<LocalDate> DAY = column("day", SQLDataType.LOCALDATE);
    private static final Field<LocalDateTime> LOCAL = column("local", SQLDataType.LOCALDATETIME(3));
    private static final Field<OffsetDateTime> MOMENT = column("moment", SQLDataType.OFFSETDATETIME);

    private static final Map<Field<?>, String> TYPES = Map.ofEntries(
            Map.entry(LARGE, "bigint"),
            Map.entry(MIDDLE, "integer"),
            Map.entry(SMALL, "smallint"),
            Map.entry(MONEY, "numeric"),
            Map.entry(FLOAT, "double precision"),
            Map.entry(YES, "boolean"),
            Map.entry(TEXT, "text"),
            Map.entry(SHORT_TEXT, "character varying"),
            Map.entry(ID, "uuid"),
            Map.entry(DAY, "date"),
            Map.entry(LOCAL, "timestamp without time zone"),
            Map.entry(MOMENT, "timestamp with time zone"));

    private static final List<Field<?>> COLUMNS =
            List.of(LARGE, MIDDLE, SMALL, MONEY, FLOAT, YES, TEXT, SHORT_TEXT, ID, DAY, LOCAL, MOMENT);

    private final TestDatabase database;
    private DSLContext dsl;

    ColumnArraysTest(TestDatabase database) {
        this.database = database;
        this.dsl = database.dsl();
    }

    private static <T> Field<T> column(String name, DataType<T> type) {
        return DSL.field(DSL.name(name), type);
    }

    @BeforeEach
    void makeTable() {
        dsl = database.dsl();
        dsl.execute("drop table if exists sample");
        dsl.execute("create table sample (large bigint, middle integer, small smallint, money numeric(12, 2),"
                + " \"float\" double precision, yes boolean, \"text\" text, short_text varchar(5), id uuid, day date,"
                + " local timestamp(3), moment timestamptz)");
    }

    @AfterEach
    void dropTable() {
        dsl.execute("drop table sample");
    }

    @Test
    void rowsAreTheSameAsBoundOneByOne() {
        Random random = new Random(16);
        List<Record> rows = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            rows.add(row(random));
        }
        List<String> bound = stored(byValues(rows));
        List<String> sent = stored(byArrays(rows));

        assertThat(sent).hasSize(500).containsExactlyElementsOf(bound);
    }

    private Record row(Random random) {
        Record row = dsl.newRecord(COLUMNS);
        row.set(LARGE, orNull(random, random.nextLong()));
        row.set(MIDDLE, orNull(random, random.nextInt()));
        row.set(SMALL, orNull(random, (short) random.nextInt()));
        row.set(
                MONEY,
                orNull(
                        random,
                        new BigDecimal(random.nextLong(-999_999_999L, 999_999_999L))
                                .scaleByPowerOfTen(-random.nextInt(6))));
        row.set(
                FLOAT,
                orNull(
                        random,
                        oneOf(
                                random,
                                random.nextDouble(),
                                Double.NaN,
                                Double.NEGATIVE_INFINITY,
                                Double.MIN_VALUE,
                                -0.0,
                                1e300)));
        row.set(YES, orNull(random, random.nextBoolean()));
        row.set(
                TEXT,
                orNull(
                        random,
                        oneOf(
                                random,
                                "",
                                "null",
                                "NULL",
                                "{a,b}",
                                "\"quoted\"",
                                "it's",
                                "back\\slash",
                                "a,b",
                                " lead and trail ",
                                "\n\t",
                                "\ud83d\udcda books",
                                "${x} {0} ?")));
        row.set(SHORT_TEXT, orNull(random, oneOf(random, "", "a", "abcde", "{}", "null", "abcde    ")));
        row.set(ID, orNull(random, new UUID(random.nextLong(), random.nextLong())));
        LocalDate day = LocalDate.of(1 + random.nextInt(9_999), 1 + random.nextInt(12), 1 + random.nextInt(28));
        LocalTime time = LocalTime.ofNanoOfDay(random.nextLong(86_400_000_000L) * 1_000);
        row.set(DAY, orNull(random, day));
        row.set(LOCAL, orNull(random, day.atTime(time)));
        row.set(MOMENT, orNull(random, day.atTime(time).atOffset(ZoneOffset.ofHours(random.nextInt(-12, 13)))));
        return row;
    }

    private static <T> T orNull(Random random, T value) {
        return random.nextInt(8) == 0 ? null : value;
    }

    @SafeVarargs
    private static <T> T oneOf(Random random, T... values) {
        return values[random.nextInt(values.length)];
    }

    private Insert<?> byValues(List<Record> rows) {
        InsertValuesStepN<Record> insert = dsl.insertInto(SAMPLE).columns(COLUMNS);
        for (Record row : rows) {
            insert = insert.values(row.intoArray());
        }
        return insert;
    }

    private Insert<?> byArrays(List<Record> rows) {
        ColumnArrays arrays = ColumnArrays.of(COLUMNS, rows, TYPES::get);
        assertThat(arrays).isNotNull();
        return dsl.insertInto(SAMPLE).columns(COLUMNS).select(arrays.rows());
    }

    private List<String> stored(Insert<?> insert) {
        dsl.execute("truncate sample");
        insert.execute();
        return dsl.fetch("select sample::text from sample").getValues(0, String.class);
    }

    @Test
    void textThatIsTooLongIsRefusedAndNotCutOff() {
        Record row = dsl.newRecord(COLUMNS);
        row.set(SHORT_TEXT, "abcdef");

        assertThatThrownBy(() -> byArrays(List.of(row)).execute())
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("too long");
    }

    static List<Object> momentsThatDriversRoundOrName() {
        return List.of(
                LocalDate.MAX,
                LocalDate.of(-43, 3, 15),
                LocalDateTime.of(2024, 5, 1, 12, 0, 0, 123_456_789),
                OffsetDateTime.MIN,
                OffsetDateTime.of(2024, 5, 1, 12, 0, 0, 1, ZoneOffset.UTC));
    }

    @ParameterizedTest
    @MethodSource
    void momentsThatDriversRoundOrName(Object moment) {
        Record row = dsl.newRecord(COLUMNS);
        put(row, moment instanceof LocalDate ? DAY : moment instanceof LocalDateTime ? LOCAL : MOMENT, moment);

        assertThat(ColumnArrays.of(COLUMNS, List.of(row), TYPES::get)).isNull();
    }

    @SuppressWarnings("unchecked") // the field was chosen by the value
    private static void put(Record row, Field<?> field, Object value) {
        row.set((Field<Object>) field, value);
    }

    @Test
    void manyRecordsOfALevelAreSentSoAndAreTold() {
        List<String> inserts = new ArrayList<>();
        List<Object> told = new ArrayList<>();
        DSLContext hooked = CommitHooks.builder()
                .on(
                        TITLE,
                        on -> on.afterCommitInsert((title, ctx) -> told.add(
                                List.of(title.row().getId(), title.row().getName()))))
                .build()
                .attachTo(dsl.configuration()
                        .deriveAppending(ExecuteListener.onRenderEnd(ctx -> inserts.add(String.valueOf(ctx.sql()))))
                        .dsl());
        HouseRecord house = new HouseRecord();
        house.setName("Gollancz");
        List<TitleRecord> titles = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            titles.add(new TitleRecord());
            titles.get(i).setName("title " + i);
        }

        Storage.on(hooked).store(RecordGraph.of(house).with(TITLE__TITLE_HOUSE_ID_FKEY, titles));

        assertThat(inserts).filteredOn(sql -> sql.contains("from unnest(")).hasSize(1);
        assertThat(told)
                .hasSize(250)
                .containsExactlyElementsOf(titles.stream()
                        .map(title -> (Object) List.of(title.getId(), title.getName()))
                        .toList());
        assertThat(dsl.fetch(TITLE).intoMap(TITLE.ID, TITLE.NAME))
                .hasSize(250)
                .containsAllEntriesOf(
                        titles.stream().collect(Collectors.toMap(TitleRecord::getId, TitleRecord::getName)));
    }

    @Test
    void valuesOfOtherTypesAndOfConvertersAreBound() {
        Field<Integer> negated = DSL.field(
                DSL.name("middle"),
                SQLDataType.INTEGER.asConvertedDataType(
                        Converter.of(Integer.class, Integer.class, read -> -read, written -> -written)));
        Record row = dsl.newRecord(negated);

        assertThat(ColumnArrays.of(List.of(negated), List.of(row), column -> "integer"))
                .isNull();
        assertThat(ColumnArrays.of(List.of(MIDDLE), List.of(row), column -> "a_domain"))
                .isNull();
        assertThat(ColumnArrays.of(List.of(MIDDLE), List.of(row), column -> null))
                .isNull();
        assertThat(ColumnArrays.of(List.of(TEXT), List.of(row), column -> "uuid"))
                .isNull();
        assertThat(ColumnArrays.of(List.of(MIDDLE), List.of(row), column -> "integer"))
                .isNotNull();
    }
}
