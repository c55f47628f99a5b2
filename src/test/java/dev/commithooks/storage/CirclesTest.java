package dev.commithooks.storage;

import static dev.commithooks.bookshop.press.Keys.EGG__EGG_HEN_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.HEN__HEN_EGG_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.HOUSE__HOUSE_FLAGSHIP_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.PAGE__PAGE_FACING_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.TITLE__TITLE_HOUSE_ID_FKEY;
import static dev.commithooks.bookshop.press.Tables.EGG;
import static dev.commithooks.bookshop.press.Tables.HEN;
import static dev.commithooks.bookshop.press.Tables.HOUSE;
import static dev.commithooks.bookshop.press.Tables.PAGE;
import static dev.commithooks.bookshop.press.Tables.TITLE;
import static dev.commithooks.storage.AnyDatabase.house;
import static dev.commithooks.storage.AnyDatabase.title;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.bookshop.press.tables.records.EggRecord;
import dev.commithooks.bookshop.press.tables.records.HenRecord;
import dev.commithooks.bookshop.press.tables.records.HouseRecord;
import dev.commithooks.bookshop.press.tables.records.PageRecord;
import dev.commithooks.bookshop.press.tables.records.TitleRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records that refer to each other are stored and deleted where a key of the circle can wait. */
@Database
class CirclesTest extends GraphFixture {

    CirclesTest(TestDatabase database) {
        super(database);
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

    private static PageRecord page(String content) {
        PageRecord page = new PageRecord();
        page.setContent(content);
        return page;
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
}
