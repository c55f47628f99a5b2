package dev.commithooks.durable;

import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.change.Change;
import dev.commithooks.change.Deleted;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.Updated;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.jooq.Converter;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.Test;

@Database
class ChangeCodecTest {

    private static final int ROWS = 60;

    private final TestDatabase database;

    ChangeCodecTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    void everyTypeComesBackAsTheDatabaseGaveItThroughTextAndThroughJsonb() {
        EveryType table = new EveryType();
        DSLContext dsl = database.dsl();
        table.ddl().forEach(dsl::execute);
        ChangeCodec codec = new ChangeCodec(table, Map.of());
        assertThat(codec.unfit()).isEmpty();
        assertThat(EveryType.columns()).isEqualTo(54);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        SoftAssertions softly = new SoftAssertions();
        Record before = table.row(0, random);

        for (int i = 0; i < ROWS; i++) {
            dsl.insertInto(table).set(table.row(i, random)).execute();
            if (i % 10 == 0) {
                dsl.execute(
                        EveryType.update(List.of("infinity", "-infinity", "0044-03-15 BC")
                                        .get(i / 10 % 3)) + " where id = ?",
                        i);
            }
            Record stored = dsl.fetchSingle(table, table.id.eq(i));
            for (String text : bothWays(json(codec, Updated.of(table, before, stored)))) {
                Updated<?> back = (Updated<?>) read(codec, text);
                compare(softly, "before, seed " + seed, back.oldRow(), before);
                compare(softly, "after, seed " + seed, back.row(), stored);
            }
            before = stored;
        }
        softly.assertAll();
    }

    /** As it is, and after jsonb has had it. */
    private List<String> bothWays(String json) {
        return List.of(
                json,
                database.dsl()
                        .fetchSingle("select ?::jsonb", JSONB.valueOf(json))
                        .get(0, JSONB.class)
                        .data());
    }

    private static void compare(SoftAssertions softly, String which, Record back, Record image) {
        for (Field<?> field : image.fields()) {
            softly.assertThat(EveryType.same(back.get(field), image.get(field)))
                    .as(
                            "%s, %s %s: %s came back as %s",
                            which, field, field.getDataType(), image.get(field), back.get(field))
                    .isTrue();
        }
    }

    @Test
    void unknownIsNotNull() {
        ChangeCodec codec = new ChangeCodec(BOOK, Map.of());
        Record known = database.dsl().newRecord(BOOK.ID, BOOK.TITLE);
        known.set(BOOK.ID, 7L);
        Change<?> change = Inserted.of(BOOK, known.into(BOOK));
        String json = "{\"op\":\"u\",\"table\":\"public.book\",\"before\":{\"id\":7},"
                + "\"after\":{\"id\":7,\"title\":null},\"changed\":[\"title\"]}";

        Updated<?> updated = (Updated<?>) read(codec, json);

        assertThat(updated.knows(BOOK.TITLE)).isTrue();
        assertThat(updated.row().get(BOOK.TITLE)).isNull();
        assertThat(updated.knows(BOOK.PRICE)).isFalse();
        assertThat(updated.knewOld(BOOK.TITLE)).isFalse();
        assertThat(updated.changedFields()).containsExactly(BOOK.TITLE);
        assertThat(json(codec, updated)).isEqualTo(json);
        assertThat(json(codec, change)).contains("\"title\":null");
    }

    @Test
    void updatesAndDeletesComeBackWithBothImagesKeysAndTheirTablesName() {
        ChangeCodec codec = new ChangeCodec(BOOK, Map.of());
        BookRecord before = book("The Dispossessed");
        BookRecord after = book("Tehanu");

        Updated<?> updated = (Updated<?>) read(codec, json(codec, Updated.of(BOOK, before, after)));
        Deleted<?> deleted =
                (Deleted<?>) read(codec, json(codec, Deleted.of(BOOK, before)).replace("public.book", "tenant.book"));

        assertThat(updated.oldRow()).isEqualTo(before);
        assertThat(updated.row()).isEqualTo(after);
        assertThat(updated.changedFields()).containsExactly(BOOK.TITLE);
        assertThat(deleted.oldRow()).isEqualTo(before);
        assertThat(deleted.key().orElseThrow()).hasToString("tenant.book[7]");
    }

    @Test
    void columnThatIsGoneIsToldAndOneOfAnotherNameIsFoundByItsFormerOne() {
        String json =
                "{\"op\":\"c\",\"table\":\"public.book\",\"after\":{\"id\":7,\"colour\":\"red\",\"name\":\"Tehanu\"}}";
        Set<String> gone = new HashSet<>();

        Inserted<?> change = (Inserted<?>) new ChangeCodec(BOOK, Map.of("name", BOOK.TITLE))
                .read(Json.parse(json), gone)
                .toChange(null);

        assertThat(gone).containsExactly("colour");
        assertThat(change.row().get(BOOK.TITLE)).isEqualTo("Tehanu");
    }

    @Test
    void valueOfAnotherTypeIsRefusedAndNotCoerced() {
        ChangeCodec codec = new ChangeCodec(BOOK, Map.of());
        for (String wrong : List.of("\"id\":\"x\"", "\"id\":7.5", "\"id\":true", "\"title\":7", "\"price\":9.5")) {
            assertThatThrownBy(() -> read(codec, "{\"op\":\"c\",\"table\":\"public.book\",\"after\":{" + wrong + "}}"))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("What was stored of column");
        }
    }

    @Test
    void valueWhoseConverterGivesTheDatabaseNoTextIsRefusedWithoutQuotingIt() {
        Field<URI> field = DSL.field(
                DSL.name("link"),
                SQLDataType.OTHER.asConvertedDataType(
                        Converter.of(Object.class, URI.class, URI.class::cast, uri -> uri)));

        assertThatThrownBy(
                        () -> ColumnValues.write(new StringBuilder(), field, URI.create("https://example.org/secret")))
                .hasMessage(
                        "A value of column \"link\" cannot be stored exactly; nothing was stored, and the transaction IS"
                                + " rolled back")
                .hasRootCauseMessage("it is a java.net.URI and no text");
    }

    @Test
    void literalThatIsGoneIsRefused() {
        EveryType table = new EveryType();
        Field<?> mood = table.fieldStream()
                .filter(field -> field.getType() == EveryType.Mood.class)
                .findFirst()
                .orElseThrow();

        assertThatThrownBy(() -> ColumnValues.read(mood, "sad"))
                .hasMessageContaining(mood.toString())
                .hasRootCauseMessage("no value of " + EveryType.Mood.class.getName() + " is stored so any more");
    }

    @Test
    void whatIsNoJsonIsRefusedWithoutQuotingIt() {
        for (String text :
                List.of("", "{", "{\"a\":1,\"a\":2}", "[1,]", "01", "1 2", "\"a", "tru", "{\"a\" 1}", "+1", "NaN")) {
            assertThatThrownBy(() -> Json.parse(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("not the JSON of a parcel, at character ");
        }
    }

    private static BookRecord book(String title) {
        BookRecord book = new BookRecord();
        book.setId(7L);
        book.setTitle(title);
        book.changed(false);
        return book;
    }

    private static String json(ChangeCodec codec, Change<?> change) {
        StringBuilder out = new StringBuilder();
        codec.write(out, change);
        return out.toString();
    }

    private static Change<?> read(ChangeCodec codec, String json) {
        return codec.read(Json.parse(json), new HashSet<>()).toChange(null);
    }
}
