package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static dev.commithooks.recording.ShopRows.account;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.bookshop.shop.tables.daos.AccountDao;
import dev.commithooks.bookshop.shop.tables.pojos.Account;
import dev.commithooks.bookshop.shop.tables.pojos.Stock;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import dev.commithooks.change.Updated;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import java.math.BigDecimal;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/** The keys that hooks are told of a row, before and after. */
@Database
class KeysOfRowsTest {

    private final TestDatabase database;
    private final Shop shop;

    KeysOfRowsTest(TestDatabase database) {
        this.database = database;
        this.shop = Shop.in(database);
    }

    @Test
    void primaryKeyUpdateHasTheOldKeyAndTheNew() {
        database.dsl().newRecord(STOCK, new Stock("1", 3, "left")).insert();
        DSLContext dsl = shop.dsl(settings -> settings.withUpdatablePrimaryKeys(true));
        StockRecord stock = dsl.fetchSingle(STOCK);
        stock.setIsbn("2");
        stock.store();
        Updated<?> updated = (Updated<?>) shop.only();
        assertThat(updated.oldKey().orElseThrow().values()).containsExactly("1");
        assertThat(updated.key().orElseThrow().values()).containsExactly("2");
        assertThat(updated.oldRow().get(STOCK.SHELF)).isEqualTo("left");
    }

    /** Without updatablePrimaryKeys jOOQ addresses the row by the key that the record holds now. */
    @Test
    void updateThatHitsAnotherRowThanWasReadDoesNotTellThatOnesValues() {
        database.dsl().newRecord(STOCK, new Stock("1", 3, "left")).insert();
        database.dsl().newRecord(STOCK, new Stock("2", 4, "right")).insert();
        StockRecord stock = shop.dsl().fetchSingle(STOCK, STOCK.ISBN.eq("1"));
        stock.setIsbn("2");
        stock.update();
        Updated<?> updated = (Updated<?>) shop.only();
        assertThat(updated.oldKey().orElseThrow().values()).containsExactly("2");
        assertThat(updated.knewOldRow()).isFalse();
    }

    @Test
    void daoUpdateKnowsItsKeyOnly() {
        account(database.dsl(), null, "first").store();
        new AccountDao(shop.dsl().configuration()).update(new Account(1L, "changed", BigDecimal.TEN));
        Updated<?> updated = (Updated<?>) shop.only();
        assertThat(updated.oldKey().orElseThrow().values()).containsExactly(1L);
        assertThat(updated.knewOldRow()).isFalse();
    }

    @Test
    void keyThatTheDatabaseMadeInABatchIsNotKnown() {
        shop.dsl()
                .batchInsert(shop.dsl().newRecord(ACCOUNT, new Account(null, "any", BigDecimal.ONE)))
                .execute();
        assertThat(shop.only().key()).isEmpty();
    }
}
