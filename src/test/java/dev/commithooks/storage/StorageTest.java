package dev.commithooks.storage;

import static dev.commithooks.bookshop.press.Keys.CATEGORY__CATEGORY_PARENT_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.EDITION__EDITION_EDITOR_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.EDITION__EDITION_TITLE_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.EDITOR__EDITOR_HOUSE_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.EGG__EGG_HEN_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.HEN__HEN_EGG_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.HOUSE__HOUSE_FLAGSHIP_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.PAGE__PAGE_FACING_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.PRINTING__PRINTING_TITLE_ID_EDITION_NO_FKEY;
import static dev.commithooks.bookshop.press.Keys.TITLE__TITLE_HOUSE_ID_FKEY;
import static dev.commithooks.bookshop.press.Tables.CATEGORY;
import static dev.commithooks.bookshop.press.Tables.EDITION;
import static dev.commithooks.bookshop.press.Tables.EDITOR;
import static dev.commithooks.bookshop.press.Tables.EGG;
import static dev.commithooks.bookshop.press.Tables.HEN;
import static dev.commithooks.bookshop.press.Tables.HOUSE;
import static dev.commithooks.bookshop.press.Tables.PAGE;
import static dev.commithooks.bookshop.press.Tables.PRINTING;
import static dev.commithooks.bookshop.press.Tables.TITLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.TransactionSession;
import dev.commithooks.bookshop.press.tables.records.CategoryRecord;
import dev.commithooks.bookshop.press.tables.records.EditionRecord;
import dev.commithooks.bookshop.press.tables.records.EditorRecord;
import dev.commithooks.bookshop.press.tables.records.EggRecord;
import dev.commithooks.bookshop.press.tables.records.HenRecord;
import dev.commithooks.bookshop.press.tables.records.HouseRecord;
import dev.commithooks.bookshop.press.tables.records.PageRecord;
import dev.commithooks.bookshop.press.tables.records.PrintingRecord;
import dev.commithooks.bookshop.press.tables.records.TitleRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.JournalEntry;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.Recording;
import dev.commithooks.transaction.TransactionAbortedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.exception.DataChangedException;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jooq.impl.DSL;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Graphs are stored parents first, deleted children first, and what hooks hear of them is what the database did. */
@Database
class StorageTest {

    private final TestDatabase database;
    private final HookJournal journal = new HookJournal();
    private final List<String> told = new ArrayList<>();
    private final DSLContext dsl;

    StorageTest(TestDatabase database) {
        this.database = database;
        this.dsl = CommitHooks.builder()
                .registerAll(journal)
                .build()
                .attachTo(DSL.using(database.pool(3), SQLDialect.POSTGRES));
    }

    /** Who hears of the records, which decides how they go to the database. */
    enum Heard {
        BY_A_HOOK,
        BY_A_HOOK_AS_RECORDS,
        BY_NOBODY
    }

    private DSLContext dsl(Heard heard) {
        CommitHooksBuilder hooks = CommitHooks.builder();
        return switch (heard) {
            case BY_A_HOOK -> dsl;
            case BY_A_HOOK_AS_RECORDS -> attached(hooks.registerAll(journal).recording(Recording.RECORDS_ONLY));
            case BY_NOBODY -> attached(hooks);
        };
    }

    private DSLContext attached(CommitHooksBuilder hooks) {
        return hooks.build().attachTo(DSL.using(database.pool(3), SQLDialect.POSTGRES));
    }

    /** What hooks were told since the last time. */
    private List<String> news() {
        List<String> news = journal.drain();
        told.addAll(news);
        return news;
    }

    @AfterEach
    void hooksWereToldWhatTheDatabaseDid() {
        news();
        List<String> after = told.stream()
                .filter(event -> event.startsWith("after "))
                .map(event -> event.substring("after ".length(), event.indexOf('[')))
                .toList();
        if (!after.isEmpty()) { // nothing is told of what a DSLContext without hooks writes
            assertThat(after)
                    .containsExactlyInAnyOrderElementsOf(database.journal().stream()
                            .map(row -> row.operation().name().toLowerCase(Locale.ROOT) + " " + row.table())
                            .toList());
        }
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

    private List<Integer> counts() {
        return List.of(HOUSE, TITLE, EDITOR, EDITION, PRINTING).stream()
                .map(table -> database.dsl().fetchCount(table))
                .toList();
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
    void aCircleIsBrokenAtTheNullableKey() {
        HouseRecord house = house("Gollancz");
        TitleRecord title = title("Tehanu");

        Storage.on(dsl)
                .store(RecordGraph.of(house)
                        .with(TITLE__TITLE_HOUSE_ID_FKEY, title)
                        .with(title, HOUSE__HOUSE_FLAGSHIP_ID_FKEY, house));

        assertThat(database.dsl().fetchSingle(HOUSE).getFlagshipId()).isEqualTo(title.getId());
        assertThat(database.dsl().fetchSingle(TITLE).getHouseId()).isEqualTo(house.getId());
        assertThat(house.changed()).isFalse();
    }

    @Test
    void aCircleIsDeletedToo() {
        HouseRecord house = house("Gollancz");
        TitleRecord title = title("Tehanu");
        RecordGraph<HouseRecord> graph = RecordGraph.of(house)
                .with(TITLE__TITLE_HOUSE_ID_FKEY, title)
                .with(title, HOUSE__HOUSE_FLAGSHIP_ID_FKEY, house);
        Storage.on(dsl).store(graph);

        assertThat(Storage.on(dsl).delete(graph)).isEqualTo(2);

        assertThat(counts()).containsOnly(0);
    }

    @ParameterizedTest
    @EnumSource
    void aCircleIsBrokenAtTheDeferrableKey(Heard heard) {
        PageRecord left = page("left");
        PageRecord right = page("right");

        Storage.on(dsl(heard))
                .store(RecordGraph.of(left)
                        .with(PAGE__PAGE_FACING_ID_FKEY, right)
                        .with(right, PAGE__PAGE_FACING_ID_FKEY, left));

        assertThat(database.dsl().fetch(PAGE).intoMap(PAGE.ID, PAGE.FACING_ID))
                .containsEntry(left.getId(), right.getId())
                .containsEntry(right.getId(), left.getId());
    }

    @Test
    void aCircleThatCannotBeBrokenIsShownBeforeAnythingIsWritten() {
        HenRecord hen = dsl.newRecord(HEN);
        EggRecord egg = dsl.newRecord(EGG);
        RecordGraph<HenRecord> graph =
                RecordGraph.of(hen).with(EGG__EGG_HEN_ID_FKEY, egg).with(egg, HEN__HEN_EGG_ID_FKEY, hen);

        assertThatThrownBy(() -> Storage.on(dsl).store(graph))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("in a circle")
                .hasMessageContaining("nothing was written")
                .hasMessageContaining("press.egg[new] -egg_hen_id_fkey-> press.hen[new]")
                .hasMessageContaining("press.hen[new] -hen_egg_id_fkey-> press.egg[new]");
        assertThat(news()).isEmpty();
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

    private static HouseRecord house(String name) {
        HouseRecord house = new HouseRecord();
        house.setName(name);
        return house;
    }

    private static EditorRecord editor(String name) {
        EditorRecord editor = new EditorRecord();
        editor.setName(name);
        return editor;
    }

    private static TitleRecord title(String name) {
        TitleRecord title = new TitleRecord();
        title.setName(name);
        return title;
    }

    private static List<TitleRecord> titles(int count) {
        List<TitleRecord> titles = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            titles.add(title("title " + i));
        }
        return titles;
    }

    private static EditionRecord edition(int number) {
        EditionRecord edition = new EditionRecord();
        edition.setEditionNo(number);
        return edition;
    }

    private static CategoryRecord category(String name) {
        CategoryRecord category = new CategoryRecord();
        category.setName(name);
        return category;
    }

    private static PageRecord page(String content) {
        PageRecord page = new PageRecord();
        page.setContent(content);
        return page;
    }
}
