package dev.commithooks.storage;

import static dev.commithooks.bookshop.press.Keys.CATEGORY__CATEGORY_PARENT_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.EDITION__EDITION_EDITOR_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.EDITION__EDITION_TITLE_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.EDITOR__EDITOR_HOUSE_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.EGG__EGG_HEN_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.HEN__HEN_EGG_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.HOUSE__HOUSE_FLAGSHIP_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.PRINTING__PRINTING_TITLE_ID_EDITION_NO_FKEY;
import static dev.commithooks.bookshop.press.Keys.TITLE__TITLE_HOUSE_ID_FKEY;
import static dev.commithooks.bookshop.press.Tables.CATEGORY;
import static dev.commithooks.bookshop.press.Tables.EDITION;
import static dev.commithooks.bookshop.press.Tables.EDITOR;
import static dev.commithooks.bookshop.press.Tables.EGG;
import static dev.commithooks.bookshop.press.Tables.HEN;
import static dev.commithooks.bookshop.press.Tables.HOUSE;
import static dev.commithooks.bookshop.press.Tables.PRINTING;
import static dev.commithooks.bookshop.press.Tables.TITLE;
import static dev.commithooks.storage.AnyDatabase.edition;
import static dev.commithooks.storage.AnyDatabase.editor;
import static dev.commithooks.storage.AnyDatabase.house;
import static dev.commithooks.storage.AnyDatabase.title;
import static dev.commithooks.storage.AnyDatabase.titles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.bookshop.press.tables.records.CategoryRecord;
import dev.commithooks.bookshop.press.tables.records.EditionRecord;
import dev.commithooks.bookshop.press.tables.records.EditorRecord;
import dev.commithooks.bookshop.press.tables.records.EggRecord;
import dev.commithooks.bookshop.press.tables.records.HenRecord;
import dev.commithooks.bookshop.press.tables.records.HouseRecord;
import dev.commithooks.bookshop.press.tables.records.PrintingRecord;
import dev.commithooks.bookshop.press.tables.records.TitleRecord;
import dev.commithooks.fixture.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jooq.exception.DataChangedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What holds of graphs on every database. */
abstract class GraphContract {

    private final AnyDatabase any;
    private final DSLContext dsl;

    GraphContract(TestDatabase database) {
        this.any = new AnyDatabase(database);
        this.dsl = any.dsl;
    }

    @AfterEach
    void hooksWereToldWhatWasWritten() {
        any.assertHooksWereToldWhatWasWritten();
    }

    private List<Integer> counts() {
        return List.of(HOUSE, TITLE, EDITOR, EDITION, PRINTING).stream()
                .map(table -> any.database.dsl().fetchCount(table))
                .toList();
    }

    @Test
    void fourLevelsWithADiamondAndACompositeKeyAreStored() {
        HouseRecord house = house("Gollancz");
        List<TitleRecord> titles = titles(5);
        List<EditorRecord> editors = List.of(editor("Ann"), editor("Ben"));
        RecordGraph<HouseRecord> graph = RecordGraph.of(house)
                .with(TITLE__TITLE_HOUSE_ID_FKEY, titles)
                .with(EDITOR__EDITOR_HOUSE_ID_FKEY, editors);
        List<PrintingRecord> printings = new ArrayList<>();
        for (TitleRecord title : titles) {
            for (int number = 1; number <= 2; number++) {
                EditionRecord edition = edition(number);
                PrintingRecord printing = new PrintingRecord();
                printings.add(printing);
                graph.with(title, EDITION__EDITION_TITLE_ID_FKEY, edition)
                        .with(editors.get(number - 1), EDITION__EDITION_EDITOR_ID_FKEY, edition)
                        .with(edition, PRINTING__PRINTING_TITLE_ID_EDITION_NO_FKEY, printing);
            }
        }

        Storage.on(dsl).store(graph);

        assertThat(counts()).containsExactly(1, 5, 2, 10, 10);
        assertThat(printings)
                .allSatisfy(printing -> assertThat(dsl.fetchSingle(PRINTING, PRINTING.ID.eq(printing.getId())))
                        .returns(printing.getTitleId(), PrintingRecord::getTitleId)
                        .returns(printing.getEditionNo(), PrintingRecord::getEditionNo));
        assertThat(dsl.selectCount()
                        .from(EDITION)
                        .join(EDITOR)
                        .on(EDITOR.ID.eq(EDITION.EDITOR_ID))
                        .where(EDITION.EDITION_NO.eq(1))
                        .and(EDITOR.NAME.eq("Ann"))
                        .fetchSingle()
                        .value1())
                .isEqualTo(5);

        assertThat(Storage.on(dsl).delete(graph)).isEqualTo(28);
        assertThat(counts()).containsOnly(0);
    }

    @Test
    void treeInOneTableIsStoredFromTheRoot() {
        CategoryRecord root = category("0");
        CategoryRecord child = category("0.0");
        CategoryRecord grandchild = category("0.0.0");

        Storage.on(dsl)
                .store(RecordGraph.of(root)
                        .with(CATEGORY__CATEGORY_PARENT_ID_FKEY, child)
                        .with(child, CATEGORY__CATEGORY_PARENT_ID_FKEY, grandchild));

        assertThat(any.database.dsl().fetch(CATEGORY).intoMap(CATEGORY.NAME, CATEGORY.PARENT_ID))
                .containsEntry("0", null)
                .containsEntry("0.0", root.getId())
                .containsEntry("0.0.0", child.getId());
    }

    private static CategoryRecord category(String name) {
        CategoryRecord category = new CategoryRecord();
        category.setName(name);
        return category;
    }

    @Test
    void circleIsBrokenAtTheNullableKey() {
        HouseRecord house = house("Gollancz");
        TitleRecord title = title("Tehanu");
        RecordGraph<HouseRecord> graph = RecordGraph.of(house)
                .with(TITLE__TITLE_HOUSE_ID_FKEY, title)
                .with(title, HOUSE__HOUSE_FLAGSHIP_ID_FKEY, house);

        Storage.on(dsl).store(graph);

        assertThat(any.database.dsl().fetchSingle(HOUSE).getFlagshipId()).isEqualTo(title.getId());
        assertThat(any.database.dsl().fetchSingle(TITLE).getHouseId()).isEqualTo(house.getId());
        assertThat(Storage.on(dsl).delete(graph)).isEqualTo(2);
        assertThat(counts()).containsOnly(0);
    }

    @Test
    void newRecordInACircleIsNotInsertedToBeDeleted() {
        CategoryRecord category = category("its own parent");

        assertThat(Storage.on(dsl).delete(RecordGraph.of(category).with(CATEGORY__CATEGORY_PARENT_ID_FKEY, category)))
                .isZero();

        assertThat(any.database.journal()).isEmpty();
    }

    @Test
    void recordThatItsTableMadeBelongsToNobodyElse() {
        CategoryRecord category = CATEGORY.newRecord();
        category.setName("0");

        Storage.on(dsl).store(RecordGraph.of(category));

        assertThat(any.database.dsl().fetchValues(CATEGORY.NAME)).containsExactly("0");
    }

    @Test
    void circleThatCannotBeBrokenIsShownBeforeAnythingIsWritten() {
        HenRecord hen = dsl.newRecord(HEN);
        EggRecord egg = dsl.newRecord(EGG);
        RecordGraph<HenRecord> graph =
                RecordGraph.of(hen).with(EGG__EGG_HEN_ID_FKEY, egg).with(egg, HEN__HEN_EGG_ID_FKEY, hen);

        assertThatThrownBy(() -> Storage.on(dsl).store(graph))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("in a circle")
                .hasMessageContaining("nothing was written");
    }

    @Test
    void replacingUpdatesWhatIsNamedAndDeletesTheRest() {
        HouseRecord house = house("Gollancz");
        List<TitleRecord> titles = titles(3);
        Storage.on(dsl)
                .store(RecordGraph.of(house)
                        .with(TITLE__TITLE_HOUSE_ID_FKEY, titles)
                        .with(titles.get(0), EDITION__EDITION_TITLE_ID_FKEY, edition(1), edition(2)));
        titles.get(0).setName("changed");
        EditionRecord again = edition(1);

        Storage.on(dsl)
                .replace(RecordGraph.of(house)
                        .with(TITLE__TITLE_HOUSE_ID_FKEY, titles.get(0), title("added"))
                        .with(titles.get(0), EDITION__EDITION_TITLE_ID_FKEY, again));

        assertThat(any.database.dsl().fetchValues(TITLE.NAME)).containsExactlyInAnyOrder("changed", "added");
        assertThat(any.database.dsl().fetchValues(EDITION.EDITION_NO)).containsExactly(1);
    }

    @Test
    void recordsAreWhatTheyWereWhenTheTransactionIsRolledBack() {
        HouseRecord stored = house("Gollancz");
        Storage.on(dsl).store(RecordGraph.of(stored));
        stored.setName("Ace");
        List<TitleRecord> titles = titles(2);
        RecordGraph<HouseRecord> graph = RecordGraph.of(stored).with(TITLE__TITLE_HOUSE_ID_FKEY, titles);

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    Storage.on(tx).store(graph);
                    assertThat(titles.get(0).getId()).isNotNull();
                    throw new IllegalStateException("changed my mind");
                }))
                .hasMessage("changed my mind");

        assertThat(stored.original(HOUSE.NAME)).isEqualTo("Gollancz");
        assertThat(titles).allSatisfy(title -> assertThat(title.getId()).isNull());

        Storage.on(dsl).store(graph);

        assertThat(any.database.dsl().fetchValues(HOUSE.NAME)).containsExactly("Ace");
        assertThat(any.database.dsl().fetchCount(TITLE)).isEqualTo(2);
    }

    @Test
    void rowThatIsGoneIsNotTakenForStored() {
        HouseRecord house = house("Gollancz");
        Storage.on(dsl).store(RecordGraph.of(house));
        dsl.fetchSingle(HOUSE).delete();
        house.setName("Ace");

        assertThatThrownBy(() -> Storage.on(dsl).store(RecordGraph.of(house)))
                .isInstanceOf(DataChangedException.class)
                .hasMessageContaining("house[1] was not updated: its row is gone");
        assertThat(house.changed(HOUSE.NAME)).isTrue();
    }

    /** Not every driver tells a key that is no identity. */
    @Test
    void parentWhoseKeyTheDatabaseMadeAndDidNotTellIsRefusedByName() {
        EditorRecord keyless = new EditorRecord();
        keyless.setName("Ann");
        EditionRecord edition = edition(1);
        TitleRecord title = title("Tehanu");
        RecordGraph<HouseRecord> graph = RecordGraph.of(house("Gollancz"))
                .with(TITLE__TITLE_HOUSE_ID_FKEY, title)
                .with(EDITOR__EDITOR_HOUSE_ID_FKEY, keyless)
                .with(title, EDITION__EDITION_TITLE_ID_FKEY, edition)
                .with(keyless, EDITION__EDITION_EDITOR_ID_FKEY, edition);
        try {
            Storage.on(dsl).store(graph);
        } catch (IllegalArgumentException notTold) {
            assertThat(notTold)
                    .hasMessageContaining("editor[new] has no id")
                    .hasMessageContaining("the transaction IS rolled back");
            assertThat(counts()).containsOnly(0);
            return;
        }
        assertThat(keyless.getId()).isNotNull();
        assertThat(any.database.dsl().fetchSingle(EDITION).getEditorId()).isEqualTo(keyless.getId());
    }

    @Test
    void goodItemsAreStoredAndBadOnesAreToldWhy() {
        List<HouseRecord> houses = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            houses.add(i == 7 ? new HouseRecord() : house(i == 20 ? "house 0" : "house " + i));
        }

        List<StoreResult<HouseRecord>> results = Storage.on(dsl).storeEach(houses);

        List<Integer> bad = new ArrayList<>();
        for (int i = 0; i < houses.size(); i++) {
            if (!results.get(i).isStored()) {
                bad.add(i);
                assertThat(results.get(i).failure().orElseThrow()).isInstanceOf(DataAccessException.class);
                assertThat(houses.get(i).getId()).isNull();
            } else {
                assertThat(any.database
                                .dsl()
                                .fetchSingle(HOUSE, HOUSE.ID.eq(houses.get(i).getId()))
                                .getName())
                        .isEqualTo("house " + i);
            }
        }
        assertThat(bad).containsExactly(7, 20);
        assertThat(any.database.dsl().fetchCount(HOUSE)).isEqualTo(28);
    }
}
