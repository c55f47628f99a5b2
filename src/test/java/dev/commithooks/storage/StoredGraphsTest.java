package dev.commithooks.storage;

import static dev.commithooks.bookshop.press.Keys.CATEGORY__CATEGORY_PARENT_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.EDITION__EDITION_EDITOR_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.EDITION__EDITION_TITLE_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.EDITOR__EDITOR_HOUSE_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.PRINTING__PRINTING_TITLE_ID_EDITION_NO_FKEY;
import static dev.commithooks.bookshop.press.Keys.TITLE__TITLE_HOUSE_ID_FKEY;
import static dev.commithooks.bookshop.press.Tables.CATEGORY;
import static dev.commithooks.bookshop.press.Tables.EDITION;
import static dev.commithooks.bookshop.press.Tables.EDITOR;
import static dev.commithooks.bookshop.press.Tables.HOUSE;
import static dev.commithooks.bookshop.press.Tables.PRINTING;
import static dev.commithooks.bookshop.press.Tables.TITLE;
import static dev.commithooks.storage.AnyDatabase.edition;
import static dev.commithooks.storage.AnyDatabase.house;
import static dev.commithooks.storage.AnyDatabase.title;
import static dev.commithooks.storage.AnyDatabase.titles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.TransactionSession;
import dev.commithooks.bookshop.press.tables.records.CategoryRecord;
import dev.commithooks.bookshop.press.tables.records.EditionRecord;
import dev.commithooks.bookshop.press.tables.records.EditorRecord;
import dev.commithooks.bookshop.press.tables.records.HouseRecord;
import dev.commithooks.bookshop.press.tables.records.PrintingRecord;
import dev.commithooks.bookshop.press.tables.records.TitleRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.JournalEntry;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Graphs are stored parents first, and what hooks hear of them is what the database did. */
@Database
class StoredGraphsTest extends GraphFixture {

    StoredGraphsTest(TestDatabase database) {
        super(database);
    }

    @ParameterizedTest
    @EnumSource
    void aGraphOfFourLevelsWithADiamondIsStored(Heard heard) {
        DSLContext where = dsl(heard);
        HouseRecord house = house("Gollancz");
        List<TitleRecord> titles = titles(60);
        RecordGraph<HouseRecord> graph = RecordGraph.of(house).with(TITLE__TITLE_HOUSE_ID_FKEY, titles);
        List<EditorRecord> editors = List.of(editor("Ann"), editor("Ben"));
        graph.with(EDITOR__EDITOR_HOUSE_ID_FKEY, editors);
        List<PrintingRecord> printings = new ArrayList<>();
        for (TitleRecord title : titles) {
            for (int number = 1; number <= 2; number++) {
                EditionRecord edition = new EditionRecord();
                edition.setEditionNo(number);
                PrintingRecord printing = new PrintingRecord();
                printings.add(printing);
                graph.with(title, EDITION__EDITION_TITLE_ID_FKEY, edition)
                        .with(editors.get(number - 1), EDITION__EDITION_EDITOR_ID_FKEY, edition)
                        .with(edition, PRINTING__PRINTING_TITLE_ID_EDITION_NO_FKEY, printing);
            }
        }

        assertThat(Storage.on(where).store(graph)).isSameAs(house);

        assertThat(counts()).containsExactly(1, 60, 2, 120, 120);
        assertThat(printings).allSatisfy(printing -> {
            assertThat(printing.changed()).isFalse();
            assertThat(where.fetchSingle(PRINTING, PRINTING.ID.eq(printing.getId())))
                    .returns(printing.getTitleId(), PrintingRecord::getTitleId)
                    .returns(printing.getEditionNo(), PrintingRecord::getEditionNo)
                    .returns(100, PrintingRecord::getCopies);
        });
        assertThat(titles)
                .allSatisfy(title -> assertThat(where.fetchSingle(TITLE, TITLE.ID.eq(title.getId())))
                        .returns(title.getName(), TitleRecord::getName));
        assertThat(where.fetchCount(where.select()
                        .from(EDITION)
                        .join(EDITOR)
                        .on(EDITOR.ID.eq(EDITION.EDITOR_ID))
                        .where(EDITION.EDITION_NO.eq(1))
                        .and(EDITOR.NAME.eq("Ann"))))
                .isEqualTo(60);
    }

    @ParameterizedTest
    @EnumSource
    void aTreeInOneTableIsStoredFromTheRoot(Heard heard) {
        DSLContext where = dsl(heard);
        CategoryRecord root = category("0");
        RecordGraph<CategoryRecord> graph = RecordGraph.of(root);
        List<CategoryRecord> parents = List.of(root);
        for (int depth = 0; depth < 4; depth++) {
            List<CategoryRecord> level = new ArrayList<>();
            for (CategoryRecord parent : parents) {
                List<CategoryRecord> children =
                        List.of(category(parent.getName() + ".0"), category(parent.getName() + ".1"));
                graph.with(parent, CATEGORY__CATEGORY_PARENT_ID_FKEY, children);
                level.addAll(children);
            }
            parents = level;
        }

        Storage.on(where).store(graph);

        var parent = CATEGORY.as("parent");
        assertThat(where.select(CATEGORY.NAME, parent.NAME)
                        .from(CATEGORY)
                        .join(parent)
                        .on(parent.ID.eq(CATEGORY.PARENT_ID))
                        .fetch())
                .hasSize(30)
                .allSatisfy(row -> assertThat(row.value1()).isIn(row.value2() + ".0", row.value2() + ".1"));
    }

    @Test
    void aStoredRecordIsUpdatedAndOneThatHasNotChangedIsLeftAlone() {
        HouseRecord house = house("Gollancz");
        TitleRecord title = title("Tehanu");
        Storage.on(dsl).store(RecordGraph.of(house).with(TITLE__TITLE_HOUSE_ID_FKEY, title));
        news();
        title.setName("Lavinia");

        Storage.on(dsl).store(RecordGraph.of(house).with(TITLE__TITLE_HOUSE_ID_FKEY, title, title("Voices")));

        assertThat(news())
                .containsExactly(
                        "before insert title[2]",
                        "before update title[1]",
                        "after insert title[2]",
                        "after update title[1]");
        assertThat(dsl.fetchValues(TITLE.NAME)).containsExactlyInAnyOrder("Lavinia", "Voices");
    }

    @Test
    void aChildMovesToAnotherParent() {
        HouseRecord one = house("Gollancz");
        HouseRecord other = house("Ace");
        TitleRecord title = title("Tehanu");
        Storage.on(dsl).store(RecordGraph.of(one).with(TITLE__TITLE_HOUSE_ID_FKEY, title));

        Storage.on(dsl).store(RecordGraph.of(other).with(TITLE__TITLE_HOUSE_ID_FKEY, title));

        assertThat(database.dsl().fetchSingle(TITLE).getHouseId()).isEqualTo(other.getId());
    }

    @Test
    void aPrintingHasBothColumnsOfItsEditionsKey() {
        HouseRecord house = house("Gollancz");
        List<TitleRecord> titles = titles(2);
        EditionRecord edition = edition(1);
        PrintingRecord printing = new PrintingRecord();
        RecordGraph<HouseRecord> graph = RecordGraph.of(house)
                .with(TITLE__TITLE_HOUSE_ID_FKEY, titles)
                .with(titles.get(0), EDITION__EDITION_TITLE_ID_FKEY, edition)
                .with(edition, PRINTING__PRINTING_TITLE_ID_EDITION_NO_FKEY, printing);

        Storage.on(dsl).store(graph);

        assertThat(printing.getTitleId()).isEqualTo(titles.get(0).getId());
        assertThat(database.journal())
                .filteredOn(row -> row.operation() == JournalEntry.Operation.UPDATE)
                .isEmpty();
    }

    @Test
    @NeedsRealCommits("looks on from another connection")
    void aSessionAndAThreadLocalTransactionAreJoined() {
        CommitHooks hooks = CommitHooks.builder().registerAll(journal).build();
        DSLContext attached = hooks.attachTo(DSL.using(database.pool(2), SQLDialect.POSTGRES));
        HouseRecord house = attached.newRecord(HOUSE);
        house.setName("Gollancz");
        try (TransactionSession session = hooks.open(attached)) {
            Storage.on(session.dsl()).store(RecordGraph.of(house).with(TITLE__TITLE_HOUSE_ID_FKEY, titles(2)));
            assertThat(database.dsl().fetchCount(TITLE)).isZero();
            session.commit();
        }
        assertThat(database.dsl().fetchCount(TITLE)).isEqualTo(2);

        Configuration bound = new DefaultConfiguration()
                .set(SQLDialect.POSTGRES)
                .set(CommitHooks.threadLocalTransactionProvider(
                        new DataSourceConnectionProvider(database.simpleDataSource())));
        hooks.install(bound);
        DSLContext threadLocal = bound.dsl();
        Storage storage = Storage.on(threadLocal);
        assertThatThrownBy(() -> threadLocal.transaction(() -> {
                    storage.store(RecordGraph.of(house("Ace")));
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(database.dsl().fetchCount(HOUSE)).isEqualTo(1);
    }

    @Test
    void replacingDeletesTheChildrenThatAreNotNamed() {
        HouseRecord house = house("Gollancz");
        List<TitleRecord> titles = titles(3);
        Storage.on(dsl).store(RecordGraph.of(house).with(TITLE__TITLE_HOUSE_ID_FKEY, titles));
        news();
        titles.get(0).setName("kept and changed");

        Storage.on(dsl).replace(RecordGraph.of(house).with(TITLE__TITLE_HOUSE_ID_FKEY, titles.get(0), title("added")));

        assertThat(database.dsl().fetchValues(TITLE.NAME)).containsExactlyInAnyOrder("kept and changed", "added");
        assertThat(news())
                .contains(
                        "after insert title[4]",
                        "after update title[1]",
                        "after delete title[2]",
                        "after delete title[3]");

        Storage.on(dsl).replace(RecordGraph.of(house).with(TITLE__TITLE_HOUSE_ID_FKEY, List.of()));

        assertThat(database.dsl().fetchCount(TITLE)).isZero();
    }

    @Test
    void replacingUpdatesTheRowWhoseKeyANewRecordHas() {
        HouseRecord house = house("Gollancz");
        TitleRecord title = title("Tehanu");
        EditorRecord editor = editor("Ann");
        Storage.on(dsl)
                .store(RecordGraph.of(house)
                        .with(TITLE__TITLE_HOUSE_ID_FKEY, title)
                        .with(EDITOR__EDITOR_HOUSE_ID_FKEY, editor)
                        .with(title, EDITION__EDITION_TITLE_ID_FKEY, edition(1), edition(2)));
        EditionRecord first = edition(1);
        first.setEditorId(editor.getId());
        news();

        Storage.on(dsl).replace(RecordGraph.of(title).with(EDITION__EDITION_TITLE_ID_FKEY, first));

        assertThat(database.dsl().fetchSingle(EDITION).getEditorId()).isEqualTo(editor.getId());
        assertThat(news())
                .contains("after update edition[1, 1]", "after delete edition[1, 2]")
                .noneMatch(event -> event.contains("insert"));
    }
}
