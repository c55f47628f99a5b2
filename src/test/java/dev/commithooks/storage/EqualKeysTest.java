package dev.commithooks.storage;

import static dev.commithooks.bookshop.press.Keys.HOUSE_NAME_KEY;
import static dev.commithooks.bookshop.press.Tables.HOUSE;
import static dev.commithooks.bookshop.shop.Keys.BOOK_ISBN_KEY;
import static dev.commithooks.bookshop.shop.Keys.BOOK_PKEY;
import static dev.commithooks.bookshop.shop.Keys.PARCEL_PKEY;
import static dev.commithooks.bookshop.shop.Keys.SALE_PKEY;
import static dev.commithooks.bookshop.shop.Tables.PARCEL;
import static dev.commithooks.bookshop.shop.Tables.SALE;
import static dev.commithooks.storage.AnyDatabase.house;
import static dev.commithooks.storage.Resolved.Origin.CREATED;
import static dev.commithooks.storage.Resolved.Origin.FOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.bookshop.press.tables.records.HouseRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.shop.tables.records.ParcelRecord;
import dev.commithooks.bookshop.shop.tables.records.SaleRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.jooq.UniqueKey;
import org.junit.jupiter.api.Test;

/** The database decides which keys are equal, and keys that it cannot decide on are refused with the reason. */
@Database
class EqualKeysTest extends FindOrCreateFixture {

    EqualKeysTest(TestDatabase database) {
        super(database);
    }

    @Test
    void keysThatTheDatabaseCallsEqualAreOne() {
        SaleRecord one = sale(LocalDate.of(2024, 5, 1), 1);
        SaleRecord same = sale(LocalDate.of(2024, 5, 1), 1);

        List<Resolved<SaleRecord>> resolved = storage.findOrCreateAll(SALE_PKEY, List.of(one, same));

        assertThat(resolved).extracting(Resolved::origin).containsExactly(CREATED, FOUND);
        assertThat(database.dsl().fetchCount(SALE)).isEqualTo(1);
    }

    private static SaleRecord sale(LocalDate day, int receipt) {
        SaleRecord sale = new SaleRecord();
        sale.setSoldOn(day);
        sale.setReceiptNo(receipt);
        sale.setIsbn("978");
        sale.setAmount(BigDecimal.TEN);
        return sale;
    }

    @Test
    void theDatabaseDecidesWhichKeysAreEqual() {
        database.dsl()
                .execute(
                        "create collation nobody_shouts (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
        database.dsl().execute("alter table press.house alter column name type text collate nobody_shouts");
        try {
            storage.findOrCreate(HOUSE_NAME_KEY, house("ACE"));

            List<Resolved<HouseRecord>> resolved = storage.findOrCreateAll(
                    HOUSE_NAME_KEY, List.of(house("ace"), house("Gollancz"), house("GOLLANCZ")));

            assertThat(resolved)
                    .extracting(one -> one.row().getName().toLowerCase(Locale.ROOT))
                    .containsExactly("ace", "gollancz", "gollancz");
            assertThat(resolved.get(1).row().getId())
                    .isEqualTo(resolved.get(2).row().getId());
            assertThat(resolved).extracting(Resolved::origin).containsExactlyInAnyOrder(FOUND, CREATED, FOUND);
            assertThat(database.dsl().fetchCount(HOUSE)).isEqualTo(2);
        } finally {
            database.dsl().execute("alter table press.house alter column name type text collate \"default\"");
        }
    }

    @Test
    void badKeysAreRefusedBeforeAnythingIsSent() {
        assertThatThrownBy(() -> storage.findOrCreate(BOOK_ISBN_KEY, new BookRecord()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("public.book.isbn is null in a candidate")
                .hasMessageContaining("nothing was sent");
        assertThatThrownBy(() -> otherTable(BOOK_PKEY, house("Ace")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("book_pkey is one of public.book, not of press.house");
        assertThat(storage.findOrCreateAll(HOUSE_NAME_KEY, List.of())).isEmpty();
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // what the compiler keeps others from
    private void otherTable(UniqueKey key, HouseRecord candidate) {
        storage.findOrCreate(key, candidate);
    }

    @Test
    void aDeferrableKeyIsRefusedWithTheReason() {
        database.dsl().execute("alter table press.house drop constraint house_name_key");
        database.dsl().execute("alter table press.house add constraint house_name_key unique (name) deferrable");
        try {
            assertThatThrownBy(() -> storage.findOrCreate(HOUSE_NAME_KEY, house("Ace")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("press.house's key house_name_key is deferrable")
                    .hasMessageContaining("IS rolled back");
        } finally {
            database.dsl().execute("alter table press.house drop constraint house_name_key");
            database.dsl().execute("alter table press.house add constraint house_name_key unique (name)");
        }
    }

    @Test
    void aRowThatATriggerSwallowsIsNotWaitedForForever() {
        ParcelRecord parcel = new ParcelRecord();
        parcel.setId(1L);
        parcel.setLabel("swallow");

        assertThatThrownBy(() -> storage.findOrCreate(PARCEL_PKEY, parcel))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("1 of the candidates")
                .hasMessageContaining("A trigger swallows the row");
        assertThat(database.dsl().fetchCount(PARCEL)).isZero();
    }

    @Test
    void anotherKeysConflictIsNotSwallowed() {
        storage.findOrCreate(HOUSE_NAME_KEY, house("Ace"));
        HouseRecord sameId = house("Gollancz");
        sameId.setId(1L);

        assertThatThrownBy(() -> storage.findOrCreate(HOUSE_NAME_KEY, sameId)).hasMessageContaining("house_pkey");
        assertThat(database.dsl().fetchValues(HOUSE.NAME)).containsExactly("Ace");
    }
}
