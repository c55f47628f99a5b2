package dev.commithooks.storage;

import static dev.commithooks.bookshop.press.Keys.TITLE__TITLE_HOUSE_ID_FKEY;
import static dev.commithooks.bookshop.press.Tables.HOUSE;
import static dev.commithooks.bookshop.press.Tables.TITLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.press.tables.records.HouseRecord;
import dev.commithooks.bookshop.press.tables.records.TitleRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/** One bad item does not poison the others, and each is told what became of it. */
@Database
class StoreEachTest {

    private final TestDatabase database;
    private final HookJournal journal = new HookJournal();
    private final DSLContext dsl;

    StoreEachTest(TestDatabase database) {
        this.database = database;
        this.dsl = CommitHooks.builder()
                .registerAll(journal)
                .build()
                .attachTo(DSL.using(database.pool(3), SQLDialect.POSTGRES));
    }

    @Test
    void theGoodAreStoredAndTheBadAreToldWhy() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 1_200; i++) {
            lines.add(
                    switch (i) {
                        case 7, 8, 600, 1_199 -> "without name";
                        case 300 -> "no graph";
                        case 900 -> "house 0";
                        default -> "house " + i;
                    });
        }

        List<StoreResult<String>> results = Storage.on(dsl).storeEach(lines, StoreEachTest::graph);

        Set<Integer> bad = new TreeSet<>();
        for (int i = 0; i < lines.size(); i++) {
            assertThat(results.get(i).item()).isSameAs(lines.get(i));
            if (!results.get(i).isStored()) {
                bad.add(i);
            }
        }
        assertThat(bad).containsExactly(7, 8, 300, 600, 900, 1_199);
        assertThat(results.get(7).failure().orElseThrow()).isInstanceOf(IntegrityConstraintViolationException.class);
        assertThat(results.get(300).failure().orElseThrow()).hasMessage("cannot be read");
        assertThat(results.get(900).failure().orElseThrow()).hasMessageContaining("house_name_key");
        assertThat(database.dsl().fetchCount(HOUSE)).isEqualTo(1_194);
        assertThat(database.dsl().fetchCount(TITLE)).isEqualTo(1_194);
        assertThat(journal.events())
                .filteredOn(event -> event.startsWith("after"))
                .hasSize(2 * 1_194)
                .doesNotHaveDuplicates();
    }

    private static RecordGraph<HouseRecord> graph(String line) {
        if (line.equals("no graph")) {
            throw new IllegalStateException("cannot be read");
        }
        TitleRecord title = new TitleRecord();
        title.setName("of " + line);
        return RecordGraph.of(house(line)).with(TITLE__TITLE_HOUSE_ID_FKEY, title);
    }

    private static HouseRecord house(String line) {
        HouseRecord house = new HouseRecord();
        if (!line.equals("without name")) {
            house.setName(line);
        }
        return house;
    }

    @Test
    void recordsOfTheStoredHaveKeysAndThoseOfTheOthersHaveNone() {
        List<HouseRecord> houses = List.of(house("a"), house("without name"), house("b"));

        List<StoreResult<HouseRecord>> results = Storage.on(dsl).storeEach(houses);

        assertThat(results).extracting(StoreResult::isStored).containsExactly(true, false, true);
        assertThat(houses.get(1).getId()).isNull();
        assertThat(database.dsl().fetch(HOUSE).intoMap(HOUSE.ID, HOUSE.NAME))
                .containsEntry(houses.get(0).getId(), "a")
                .containsEntry(houses.get(2).getId(), "b")
                .hasSize(2);
    }

    @Test
    void theSurroundingTransactionGoesOnAndDecides() {
        List<HouseRecord> houses = List.of(house("a"), house("without name"));

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    assertThat(Storage.on(tx).storeEach(houses))
                            .extracting(StoreResult::isStored)
                            .containsExactly(true, false);
                    assertThat(tx.dsl().fetchCount(HOUSE)).isEqualTo(1);
                    throw new IllegalStateException("not today");
                }))
                .hasMessage("not today");

        assertThat(database.dsl().fetchCount(HOUSE)).isZero();
        assertThat(houses).allSatisfy(house -> assertThat(house.getId()).isNull());
        assertThat(journal.events()).noneMatch(event -> event.startsWith("after"));
    }

    @Test
    @NeedsRealCommits("ends the connection")
    void aLostConnectionIsNoItemsFault() {
        int[] graphs = new int[1];

        assertThatThrownBy(() -> dsl.transaction(tx -> Storage.on(tx).storeEach(List.of("a", "b", "c"), line -> {
                    if (++graphs[0] == 3) {
                        int pid = tx.dsl()
                                .fetchSingle(DSL.field("pg_backend_pid()", Integer.class))
                                .value1();
                        database.dsl().fetch("select pg_terminate_backend(?, 5000)", pid);
                    }
                    return graph(line);
                })))
                .isInstanceOf(DataAccessException.class);

        assertThat(graphs[0]).isEqualTo(3);
        assertThat(database.dsl().fetchCount(HOUSE)).isZero();
    }
}
