package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.PARCEL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.shop.tables.records.ParcelRecord;
import dev.commithooks.change.Change;
import dev.commithooks.change.Deleted;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.Updated;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import java.math.BigDecimal;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.conf.UpdateUnchangedRecords;
import org.junit.jupiter.api.Test;

/** What the rows that hooks are given hold. */
@Database
class ImagesTest {

    private final TestDatabase database;
    private final Shop shop;

    ImagesTest(TestDatabase database) {
        this.database = database;
        this.shop = Shop.in(database);
    }

    @Test
    void newImageHoldsWhatWasWrittenAndReturnedAndNothingThatMerelyStoodInTheRecord() {
        AccountRecord account = stored(shop.dsl());
        shop.told().clear();
        account.setOwner("written");
        account.setBalance(BigDecimal.TEN);
        account.store(ACCOUNT.OWNER);
        Updated<?> updated = updated();
        assertThat(updated.row().get(ACCOUNT.OWNER)).isEqualTo("written");
        assertThat(updated.row().get(ACCOUNT.BALANCE)).isNotEqualTo(BigDecimal.TEN);
        assertThat(updated.changedFields()).containsExactly(ACCOUNT.OWNER);
    }

    @Test
    void keyOfTheRowThatARecordWasReadFromIsNotThatOfTheRowItInserts() {
        stored(shop.dsl());
        DSLContext dsl = shop.dsl(settings -> settings.withReturnIdentityOnUpdatableRecord(false));
        AccountRecord account = dsl.fetchSingle(ACCOUNT);
        shop.told().clear();
        account.setOwner("another");
        account.insert();
        assertThat((Object) inserted().row().get(ACCOUNT.ID)).isNotEqualTo(1L);
    }

    @Test
    void partialInsertHoldsOnlyWhatItInserted() {
        AccountRecord account = shop.dsl().newRecord(ACCOUNT);
        account.setOwner("written");
        account.setBalance(BigDecimal.TEN);
        account.insert(ACCOUNT.OWNER);
        Inserted<?> inserted = inserted();
        assertThat(inserted.row().get(ACCOUNT.OWNER)).isEqualTo("written");
        assertThat(inserted.row().get(ACCOUNT.BALANCE)).isNull();
        assertThat(inserted.row().get(ACCOUNT.ID)).isEqualTo(1);
    }

    @Test
    @Needs(Ability.ARRAYS)
    void laterChangesOfTheRecordDoNotShow() {
        String[] tags = {"a", "b"};
        byte[] cover = {1, 2};
        shop.transaction(dsl -> {
            BookRecord book = dsl.newRecord(BOOK);
            book.setTitle("written");
            book.setTags(tags);
            book.setCover(cover);
            book.setMetadata(JSONB.valueOf("{}"));
            book.store();
            tags[0] = "later";
            cover[0] = 9;
            book.setTitle("later");
            book.setMetadata(JSONB.valueOf("{\"later\": 1}"));
        });
        Record row = inserted().row();
        assertThat(row.get(BOOK.TITLE)).isEqualTo("written");
        assertThat(row.get(BOOK.TAGS)).containsExactly("a", "b");
        assertThat(row.get(BOOK.COVER)).containsExactly(1, 2);
        assertThat(row.get(BOOK.METADATA)).isEqualTo(JSONB.valueOf("{}"));
    }

    @Test
    void laterChangesOfWhatAnUpdateWroteDoNotShow() {
        byte[] cover = {1, 2};
        BookRecord book = shop.dsl().newRecord(BOOK);
        book.setTitle("any");
        book.store();
        shop.told().clear();
        shop.transaction(dsl -> {
            book.attach(dsl.configuration());
            book.setCover(cover);
            book.update();
            cover[0] = 9;
        });
        assertThat(shop.after())
                .singleElement()
                .satisfies(change ->
                        assertThat(((Updated<?>) change).row().get(BOOK.COVER)).containsExactly(1, 2));
        assertThat(database.dsl().fetchValue(BOOK.COVER)).containsExactly(1, 2);
    }

    @Test
    @Needs(Ability.ARRAYS)
    void laterChangesOfArraysThatWereReadDoNotShow() {
        BookRecord book = shop.dsl().newRecord(BOOK);
        book.setTitle("any");
        book.setTags(new String[] {"a"});
        book.store();
        shop.told().clear();
        shop.transaction(dsl -> {
            BookRecord read = dsl.fetchSingle(BOOK);
            read.setTitle("changed");
            read.store();
            read.getTags()[0] = "later";
            read.delete();
        });
        List<Change<?>> told = shop.after();
        assertThat(((Updated<?>) told.get(0)).oldRow().get(BOOK.TAGS)).containsExactly("a");
        assertThat(((Updated<?>) told.get(0)).row().get(BOOK.TAGS)).containsExactly("a");
    }

    @Test
    void recordThatIsUsedAgainForAnotherRowLeavesTheFirstOneAlone() {
        shop.transaction(dsl -> {
            AccountRecord account = dsl.newRecord(ACCOUNT);
            account.setOwner("first");
            account.insert();
            account.setId(50L);
            account.setOwner("second");
            account.setBalance(BigDecimal.ONE);
            account.insert();
        });
        assertThat(shop.after())
                .extracting(change -> ((Inserted<?>) change).row().get(ACCOUNT.OWNER))
                .containsExactly("first", "second");
    }

    @Test
    void oldImageOfAnUpdateIsWhatTheRecordHadRead() {
        AccountRecord account = stored(database.dsl());
        account.attach(shop.dsl().configuration());
        account.setOwner("second");
        account.setOwner("third");
        account.store();
        Updated<?> updated = updated();
        assertThat(updated.oldRow().get(ACCOUNT.OWNER)).isEqualTo("first");
        assertThat(updated.row().get(ACCOUNT.OWNER)).isEqualTo("third");
        assertThat(updated.knewOldRow()).isTrue();
    }

    @Test
    void oldImageOfADeleteIsWhatTheRecordHadReadHoweverItWasChangedSince() {
        stored(database.dsl());
        AccountRecord account = shop.dsl().fetchSingle(ACCOUNT);
        account.setOwner("never written");
        account.delete();
        assertThat(deleted().oldRow().get(ACCOUNT.OWNER)).isEqualTo("first");
    }

    @Test
    void versionIsTheOneThatWasWritten() {
        shop.transaction(dsl -> {
            BookRecord book = dsl.newRecord(BOOK);
            book.setTitle("any");
            book.store();
            book.setTitle("changed");
            book.store();
            dsl.batchUpdate(book).execute();
            book.setTitle("in a batch");
            dsl.batchUpdate(book).execute();
        });
        List<Change<?>> told = shop.after();
        assertThat(((Inserted<?>) told.get(0)).row().get(BOOK.VERSION)).isEqualTo(1);
        assertThat(((Updated<?>) told.get(1)).row().get(BOOK.VERSION)).isEqualTo(2);
        assertThat(((Updated<?>) told.get(2)).row().get(BOOK.VERSION)).isEqualTo(3);
        assertThat(told).hasSize(3);
    }

    @Test
    void columnsAreThoseOfEachStatementHoweverTheyChange() {
        shop.transaction(dsl -> {
            AccountRecord account = dsl.newRecord(ACCOUNT);
            account.setOwner("first");
            account.setBalance(BigDecimal.ONE);
            account.store();
            AccountRecord another = dsl.newRecord(ACCOUNT);
            another.setOwner("second");
            another.store();
            account.setOwner("renamed");
            account.store();
            account.setBalance(BigDecimal.TEN);
            account.store();
            account.setOwner("renamed again");
            account.setBalance(BigDecimal.ZERO);
            account.store();
        });
        List<Change<?>> told = shop.after();
        assertThat(((Inserted<?>) told.get(0)).row().get(ACCOUNT.BALANCE)).isEqualTo(BigDecimal.ONE);
        assertThat(((Inserted<?>) told.get(1)).row().get(ACCOUNT.OWNER)).isEqualTo("second");
        assertThat(((Inserted<?>) told.get(1)).row().get(ACCOUNT.BALANCE)).isNull();
        assertThat(told.subList(2, 5))
                .map(change -> ((Updated<?>) change).changedFields())
                .containsExactly(
                        List.of(ACCOUNT.OWNER), List.of(ACCOUNT.BALANCE), List.of(ACCOUNT.OWNER, ACCOUNT.BALANCE));
        assertThat(told.subList(2, 5))
                .map(change -> ((Updated<?>) change).row().get(ACCOUNT.OWNER))
                .containsExactly("renamed", "renamed", "renamed again");
        assertThat(told.subList(2, 5))
                .map(change -> ((Updated<?>) change).row().get(ACCOUNT.BALANCE))
                .containsExactly(BigDecimal.ONE, BigDecimal.TEN, BigDecimal.ZERO);
        assertThat(told).hasSize(5);
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void defaultsAndTriggersShowWhereJooqReturnsThem() {
        DSLContext dsl = shop.dsl(settings -> settings.withReturnAllOnUpdatableRecord(true));
        ParcelRecord parcel = dsl.newRecord(PARCEL);
        parcel.setLabel("alter me");
        parcel.store();
        Inserted<?> inserted = inserted();
        assertThat(inserted.row().get(PARCEL.LABEL)).isEqualTo("me");
        assertThat(inserted.row().get(PARCEL.WEIGHT)).isEqualTo(0);

        parcel.setLabel("alter you");
        parcel.store();
        Updated<?> updated = updated();
        assertThat(updated.row().get(PARCEL.LABEL)).isEqualTo("you");
        assertThat(updated.oldRow().get(PARCEL.LABEL)).isEqualTo("me");
    }

    @Test
    void columnsThatAreSetToThemselvesAreNotChanged() {
        stored(database.dsl());
        for (UpdateUnchangedRecords mode : List.of(
                UpdateUnchangedRecords.SET_PRIMARY_KEY_TO_ITSELF,
                UpdateUnchangedRecords.SET_NON_PRIMARY_KEY_TO_THEMSELVES)) {
            shop.dsl(settings -> settings.withUpdateUnchangedRecords(mode))
                    .fetchSingle(ACCOUNT)
                    .update();
            Updated<?> updated = updated();
            assertThat(updated.changedFields()).isEmpty();
            assertThat(updated.row().get(ACCOUNT.OWNER)).isEqualTo("first");
        }
    }

    @Test
    void noStatementOfOursRunsUnlessAskedFor() {
        shop.transaction(dsl -> {
            AccountRecord account = stored(dsl);
            account.setOwner("changed");
            account.store();
            account.delete();
        });
        assertThat(shop.statements())
                .filteredOn(sql -> !sql.contains("last_insert_rowid()")) // by which jOOQ reads keys on SQLite
                .filteredOn(sql -> !sql.contains("information_schema.engines")) // asked once, for MyISAM
                .hasSize(3);
    }

    private Inserted<?> inserted() {
        return (Inserted<?>) shop.only();
    }

    private Updated<?> updated() {
        return (Updated<?>) shop.only();
    }

    private Deleted<?> deleted() {
        return (Deleted<?>) shop.only();
    }

    private static AccountRecord stored(DSLContext dsl) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setOwner("first");
        account.store();
        return account;
    }
}
