package dev.commithooks.storage;

import static dev.commithooks.bookshop.press.Keys.EDITION__EDITION_TITLE_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.EGG__EGG_HEN_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.PRINTING__PRINTING_TITLE_ID_EDITION_NO_FKEY;
import static dev.commithooks.bookshop.press.Keys.TITLE__TITLE_HOUSE_ID_FKEY;
import static dev.commithooks.bookshop.press.Tables.HOUSE;
import static dev.commithooks.bookshop.press.Tables.TITLE;
import static dev.commithooks.storage.AnyDatabase.edition;
import static dev.commithooks.storage.AnyDatabase.house;
import static dev.commithooks.storage.AnyDatabase.title;
import static dev.commithooks.storage.AnyDatabase.titles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.press.tables.records.EditionRecord;
import dev.commithooks.bookshop.press.tables.records.HouseRecord;
import dev.commithooks.bookshop.press.tables.records.PrintingRecord;
import dev.commithooks.bookshop.press.tables.records.TitleRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.TransactionAbortedException;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.exception.DataChangedException;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A graph that is refused or rolled back leaves no row, and its records are what they were. */
@Database
class GraphsNotStoredTest extends GraphFixture {

    GraphsNotStoredTest(TestDatabase database) {
        super(database);
    }

    @ParameterizedTest
    @EnumSource
    void recordsAreWhatTheyWereWhenTheTransactionIsRolledBack(Heard heard) {
        DSLContext where = dsl(heard);
        HouseRecord stored = house("Gollancz");
        Storage.on(where).store(RecordGraph.of(stored));
        stored.setName("Ace");
        List<TitleRecord> titles = titles(2);

        assertThatThrownBy(() -> where.transaction(tx -> {
                    Storage.on(tx).store(RecordGraph.of(stored).with(TITLE__TITLE_HOUSE_ID_FKEY, titles));
                    assertThat(titles.get(0).getId()).isNotNull();
                    throw new IllegalStateException("changed my mind");
                }))
                .hasMessage("changed my mind");

        assertThat(stored.changed(HOUSE.NAME)).isTrue();
        assertThat(stored.original(HOUSE.NAME)).isEqualTo("Gollancz");
        assertThat(stored.configuration()).isSameAs(where.configuration());
        assertThat(titles).allSatisfy(title -> {
            assertThat(title.getId()).isNull();
            assertThat(title.changed(TITLE.NAME)).isTrue();
            assertThat(title.changed(TITLE.ID)).isFalse();
            assertThat(title.configuration()).isNull();
        });

        Storage.on(where).store(RecordGraph.of(stored).with(TITLE__TITLE_HOUSE_ID_FKEY, titles));

        assertThat(database.dsl().fetchSingle(HOUSE).getName()).isEqualTo("Ace");
        assertThat(database.dsl().fetchCount(TITLE)).isEqualTo(2);
    }

    @Test
    void aGraphStoredTwiceInATransactionGoesBackToBeforeTheFirstTime() {
        HouseRecord house = house("Gollancz");

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    Storage.on(tx).store(RecordGraph.of(house));
                    house.setName("Ace");
                    Storage.on(tx).store(RecordGraph.of(house));
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(house.getId()).isNull();
        assertThat(house.getName()).isEqualTo("Gollancz");
    }

    @ParameterizedTest
    @EnumSource
    void aGraphThatFailsIsNotStoredAtAll(Heard heard) {
        HouseRecord house = house("Gollancz");
        TitleRecord nameless = new TitleRecord();
        RecordGraph<HouseRecord> graph =
                RecordGraph.of(house).with(TITLE__TITLE_HOUSE_ID_FKEY, title("Tehanu"), nameless);

        assertThatThrownBy(() -> Storage.on(dsl(heard)).store(graph))
                .isInstanceOf(IntegrityConstraintViolationException.class);

        assertThat(counts()).containsOnly(0);
        assertThat(house.getId()).isNull();
        assertThat(news()).noneMatch(event -> event.startsWith("after"));
    }

    @Test
    void aFailureInAJoinedTransactionLetsNothingOfItBeCommitted() {
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    try {
                        Storage.on(tx).store(RecordGraph.of(new TitleRecord()));
                    } catch (DataAccessException swallowed) {
                        // and on it goes
                    }
                }))
                .isInstanceOf(TransactionAbortedException.class);
    }

    @Test
    void aRowThatIsGoneIsNotTakenForStored() {
        HouseRecord house = house("Gollancz");
        Storage.on(dsl).store(RecordGraph.of(house));
        dsl.fetchSingle(HOUSE).delete();
        news();
        house.setName("Ace");

        assertThatThrownBy(() -> Storage.on(dsl).store(RecordGraph.of(house)))
                .isInstanceOf(DataChangedException.class)
                .hasMessageContaining("press.house[1]")
                .hasMessageContaining("its row is gone")
                .hasMessageContaining("IS rolled back");
        assertThatThrownBy(() ->
                        Storage.on(dsl).replace(RecordGraph.of(house).with(TITLE__TITLE_HOUSE_ID_FKEY, List.of())))
                .isInstanceOf(DataChangedException.class);
        assertThat(news()).noneMatch(event -> event.startsWith("after"));
    }

    @Test
    void aRecordThatSomebodyElseHasChangedIsNamed() {
        DSLContext locking = CommitHooks.builder()
                .registerAll(journal)
                .build()
                .attachTo(DSL.using(
                        database.pool(2), SQLDialect.POSTGRES, new Settings().withExecuteWithOptimisticLocking(true)));
        HouseRecord house = house("Gollancz");
        Storage.on(locking).store(RecordGraph.of(house));
        news();
        database.dsl().update(HOUSE).set(HOUSE.NAME, "another's").execute();
        house.setName("Ace");

        assertThatThrownBy(() -> Storage.on(locking).store(RecordGraph.of(house)))
                .isInstanceOf(DataChangedException.class)
                .hasMessageContaining("press.house[1] was not updated: somebody else has changed its row")
                .hasMessageContaining("IS rolled back");
        assertThatThrownBy(() -> Storage.on(locking).delete(RecordGraph.of(house)))
                .isInstanceOf(DataChangedException.class)
                .hasMessageContaining("press.house[1] was not deleted");

        assertThat(house.getName()).isEqualTo("Ace");
        assertThat(house.original(HOUSE.NAME)).isEqualTo("Gollancz");
        assertThat(database.dsl().fetchValues(HOUSE.NAME)).containsExactly("another's");
        told.clear(); // the journal has the update of the other one
    }

    @Test
    void aParentWithoutItsKeyIsRefusedByTheDatabaseAndNothingStays() {
        EditionRecord numberless = new EditionRecord();
        TitleRecord title = title("Tehanu");
        RecordGraph<HouseRecord> graph = RecordGraph.of(house("Gollancz"))
                .with(TITLE__TITLE_HOUSE_ID_FKEY, title)
                .with(title, EDITION__EDITION_TITLE_ID_FKEY, numberless)
                .with(numberless, PRINTING__PRINTING_TITLE_ID_EDITION_NO_FKEY, new PrintingRecord());

        assertThatThrownBy(() -> Storage.on(dsl).store(graph))
                .isInstanceOf(IntegrityConstraintViolationException.class)
                .hasMessageContaining("edition_no");
        assertThat(counts()).containsOnly(0);
        assertThat(title.getId()).isNull();
    }

    @Test
    void badGraphsAreRefusedBeforeAnythingIsWritten() {
        HouseRecord house = house("Gollancz");
        TitleRecord title = title("Tehanu");
        RecordGraph<HouseRecord> graph = RecordGraph.of(house).with(TITLE__TITLE_HOUSE_ID_FKEY, title);

        assertThatThrownBy(() -> graph.with(TITLE__TITLE_HOUSE_ID_FKEY, title))
                .hasMessageContaining("press.title[new] is given twice for the foreign key title_house_id_fkey")
                .hasMessageContaining("nothing was written");
        assertThatThrownBy(() -> graph.with(house("stranger"), TITLE__TITLE_HOUSE_ID_FKEY, title("x")))
                .hasMessageContaining("press.house[new] is not in this graph");
        assertThatThrownBy(() -> otherTable(graph, title))
                .hasMessageContaining("egg_hen_id_fkey is one to press.hen, not to press.house");
        HouseRecord foreign = database.dsl().newRecord(HOUSE);
        assertThatThrownBy(() -> Storage.on(dsl).store(RecordGraph.of(foreign)))
                .hasMessageContaining("press.house[new] is attached to another DSLContext");
        assertThatThrownBy(() -> Storage.on(database.dsl())).hasMessageContaining("no commit hooks");
        assertThat(database.journal()).isEmpty();
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // what the compiler keeps others from
    private static void otherTable(RecordGraph graph, TitleRecord title) {
        graph.with(EGG__EGG_HEN_ID_FKEY, List.of(title));
    }

    @Test
    void aChildWhoseKeyIsItsParentsCannotMove() {
        HouseRecord house = house("Gollancz");
        List<TitleRecord> titles = titles(2);
        EditionRecord edition = edition(1);
        Storage.on(dsl)
                .store(RecordGraph.of(house)
                        .with(TITLE__TITLE_HOUSE_ID_FKEY, titles)
                        .with(titles.get(0), EDITION__EDITION_TITLE_ID_FKEY, edition));

        assertThatThrownBy(() -> Storage.on(dsl)
                        .store(RecordGraph.of(titles.get(1)).with(EDITION__EDITION_TITLE_ID_FKEY, edition)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("press.edition[1, 1] cannot be put under press.title[2]");
    }
}
