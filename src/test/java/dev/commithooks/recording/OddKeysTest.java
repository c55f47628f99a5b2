package dev.commithooks.recording;

import static dev.commithooks.recording.Oddity.ODDITY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.change.Change;
import dev.commithooks.change.ChangeType;
import dev.commithooks.change.Deleted;
import dev.commithooks.change.Updated;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.policy.OldRows;
import dev.commithooks.recording.Oddity.OddityRecord;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.types.DayToSecond;
import org.jooq.types.YearToMonth;
import org.jooq.types.YearToSecond;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys of any type: rows are told apart as the database does it, and no value breaks the pairing. */
@Database
@Needs(Ability.POSTGRESQL)
class OddKeysTest {

    private final TestDatabase database;
    private final Shop shop;

    OddKeysTest(TestDatabase database) {
        this.database = database;
        database.dsl().execute(Oddity.DDL);
        this.shop = Shop.in(database, builder -> builder.buckets(BucketMode.NET).oldRows(OldRows.FROM_DATABASE));
    }

    private static OddityRecord row(int quantity, Consumer<OddityRecord> key) {
        OddityRecord row = new OddityRecord().ordinary(quantity);
        key.accept(row);
        return row;
    }

    private List<String> operations() {
        return database.journal().stream()
                .map(entry -> entry.operation().name())
                .toList();
    }

    static Stream<Arguments> keysThatNoJavaNumberIs() {
        return Stream.of(
                key("NaN", row -> row.set(ODDITY.measure, Double.NaN)),
                key("infinite", row -> row.set(ODDITY.measure, Double.NEGATIVE_INFINITY)),
                key(
                        "a negative interval",
                        row -> row.set(
                                ODDITY.span,
                                new YearToSecond(new YearToMonth(1, 2).neg(), new DayToSecond(3, 4, 5, 6, 700).neg()))),
                key("the last moment", row -> row.set(ODDITY.local, LocalDateTime.of(294_276, 12, 31, 23, 59, 59))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("keysThatNoJavaNumberIs")
    void rowWithAKeyThatIsNoJavaNumberIsTold(String name, Consumer<OddityRecord> key) {
        shop.transaction(dsl -> {
            OddityRecord row = row(1, key);
            row.attach(dsl.configuration());
            row.store();
            row.set(ODDITY.quantity, 2);
            row.store();
        });

        assertThat(operations()).containsExactly("INSERT", "UPDATE");
        assertThat(shop.after())
                .singleElement()
                .satisfies(change -> assertThat(change.type()).isEqualTo(ChangeType.INSERT))
                .satisfies(change -> assertThat(change.toString()).contains("quantity=2"));
    }

    static Stream<Arguments> spellings() {
        return Stream.of(
                pair("blanks", row -> row.set(ODDITY.code, "a    "), row -> row.set(ODDITY.code, "a")),
                pair("signed zero", row -> row.set(ODDITY.measure, 0.0), row -> row.set(ODDITY.measure, -0.0)),
                pair(
                        "another offset",
                        row -> row.set(ODDITY.at, OffsetDateTime.parse("2024-02-29T12:00:00Z")),
                        row -> row.set(ODDITY.at, OffsetDateTime.parse("2024-02-29T14:00:00+02:00"))),
                pair(
                        "nanoseconds",
                        row -> row.set(ODDITY.local, LocalDateTime.parse("2024-02-29T12:00:00.000001")),
                        row -> row.set(ODDITY.local, LocalDateTime.parse("2024-02-29T12:00:00.000001400"))),
                pair(
                        "a month of 30 days",
                        row -> row.set(ODDITY.span, new YearToSecond(new YearToMonth(0, 1), new DayToSecond(0))),
                        row -> row.set(ODDITY.span, new YearToSecond(new YearToMonth(0), new DayToSecond(30)))),
                pair(
                        "another scale",
                        row -> row.set(ODDITY.amount, new BigDecimal("2")),
                        row -> row.set(ODDITY.amount, new BigDecimal("2.00"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("spellings")
    void rowIsTheSameHoweverItsKeyIsSpelled(String name, Consumer<OddityRecord> first, Consumer<OddityRecord> second) {
        database.dsl().executeInsert(row(1, first));

        shop.transaction(dsl -> {
            update(dsl, first, 2);
            update(dsl, second, 3);
        });

        assertThat(operations()).containsExactly("INSERT", "UPDATE", "UPDATE");
        assertThat(shop.after())
                .as("two updates of one row are one")
                .singleElement()
                .satisfies(change -> assertThat(((Updated<?>) change).oldRow().get(ODDITY.quantity))
                        .isEqualTo(1))
                .satisfies(change -> assertThat(((Updated<?>) change).row().get(ODDITY.quantity))
                        .isEqualTo(3));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("spellings")
    void rowThatCameAndWentIsNothing(String name, Consumer<OddityRecord> first, Consumer<OddityRecord> second) {
        shop.transaction(dsl -> {
            OddityRecord row = row(1, first);
            row.attach(dsl.configuration());
            row.insert();
            OddityRecord same = row(1, second);
            same.changed(false);
            same.attach(dsl.configuration());
            same.delete();
        });

        assertThat(operations()).containsExactly("INSERT", "DELETE");
        assertThat(shop.after()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("spellings")
    void batchFindsTheOldRowHoweverItsKeyIsSpelled(
            String name, Consumer<OddityRecord> first, Consumer<OddityRecord> second) {
        database.dsl().executeInsert(row(7, first));

        shop.transaction(dsl -> dsl.batchDelete(attached(dsl, row(0, second))).execute());

        List<Change<?>> told = shop.after();
        assertThat(operations()).containsExactly("INSERT", "DELETE");
        assertThat(told)
                .singleElement()
                .satisfies(change -> assertThat(((Deleted<?>) change).oldRow().get(ODDITY.quantity))
                        .isEqualTo(7));
    }

    private static OddityRecord attached(DSLContext dsl, OddityRecord row) {
        row.changed(false);
        row.attach(dsl.configuration());
        return row;
    }

    private static void update(DSLContext dsl, Consumer<OddityRecord> key, int quantity) {
        OddityRecord row = attached(dsl, row(0, key));
        row.set(ODDITY.quantity, quantity);
        assertThat(row.update()).isEqualTo(1);
    }

    private static Arguments key(String name, Consumer<OddityRecord> key) {
        return Arguments.of(name, key);
    }

    private static Arguments pair(String name, Consumer<OddityRecord> first, Consumer<OddityRecord> second) {
        return Arguments.of(name, first, second);
    }
}
