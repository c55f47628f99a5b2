package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.PURCHASE_LINE;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.bookshop.shop.tables.daos.AccountDao;
import dev.commithooks.bookshop.shop.tables.pojos.Account;
import dev.commithooks.bookshop.shop.tables.pojos.Stock;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import dev.commithooks.change.Change;
import dev.commithooks.change.Deleted;
import dev.commithooks.change.Updated;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.OldRows;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/** {@code oldRows(FROM_DATABASE)}: old rows are the database's truth, whatever the record knew. */
@Database
class OldRowsTest {

    private final TestDatabase database;
    private final Shop exact;

    OldRowsTest(TestDatabase database) {
        this.database = database;
        this.exact = Shop.in(database, builder -> builder.oldRows(OldRows.FROM_DATABASE));
    }

    @Test
    void oldRowsFromTheDatabaseAreTheDatabasesTruth() {
        stored(database.dsl());
        exact.transaction(dsl -> {
            new AccountDao(dsl.configuration()).update(new Account(1L, "changed", BigDecimal.TEN));
            new AccountDao(dsl.configuration()).delete(new Account(1L, null, null));
        });
        List<Change<?>> told = exact.after();
        Updated<?> updated = (Updated<?>) told.get(0);
        assertThat(updated.oldRow().get(ACCOUNT.OWNER)).isEqualTo("first");
        assertThat(updated.oldRow().get(ACCOUNT.BALANCE)).isEqualByComparingTo("0");
        assertThat(((Deleted<?>) told.get(1)).oldRow().get(ACCOUNT.OWNER)).isEqualTo("changed");
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void oldRowsOfABatchAreReadInOneStatement() {
        List<StockRecord> stocks = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            database.dsl().newRecord(STOCK, new Stock("" + i, i, "left")).insert();
            stocks.add(exact.dsl().newRecord(STOCK, new Stock("" + i, 10 * i, "right")));
        }
        exact.transaction(dsl -> dsl.batchUpdate(stocks).execute());
        assertThat(exact.after())
                .extracting(change -> ((Updated<?>) change).oldRow().get(STOCK.QUANTITY))
                .containsExactly(1, 2, 3, 4, 5);
        assertThat(exact.statements()).hasSize(2).last().asString().endsWith("for no key update");
    }

    @Test
    void oldRowOfARowThatABatchWritesTwiceIsWhatTheFirstWriteMadeOfIt() {
        database.dsl().newRecord(STOCK, new Stock("1", 1, "left")).insert();
        exact.transaction(dsl -> dsl.batchUpdate(
                        dsl.newRecord(STOCK, new Stock("none", 9, "nowhere")),
                        dsl.newRecord(STOCK, new Stock("1", 2, "right")),
                        dsl.newRecord(STOCK, new Stock("1", 3, "centre")))
                .execute());
        assertThat(exact.after())
                .extracting(change -> ((Updated<?>) change).oldRow().get(STOCK.SHELF))
                .containsExactly("left", "right");
    }

    @Test
    void oldRowsOfCompositeKeysInABatch() {
        ShopRows.prepare(database.dsl());
        exact.transaction(dsl -> {
            var stale = dsl.newRecord(PURCHASE_LINE);
            stale.setPurchaseId(1L);
            stale.setLineNo(1);
            stale.setQuantity(8);
            dsl.batchUpdate(stale).execute();
        });
        Updated<?> updated = (Updated<?>) exact.after().get(0);
        assertThat(updated.oldRow().get(PURCHASE_LINE.QUANTITY)).isEqualTo(1);
    }

    @Test
    void oldRowsOutsideATransactionAreThoseOfTheStatementsOwn() {
        stored(exact.dsl());
        new AccountDao(exact.dsl().configuration()).update(new Account(1L, "changed", BigDecimal.TEN));
        assertThat(((Updated<?>) exact.after().get(1)).knewOldRow()).isTrue();
    }

    /** One question a table, and each statement's own; jOOQ's are prepared beside them and not sent. */
    @Test
    @Needs(Ability.POSTGRESQL)
    void serversThatTellOldRowsAreNotAskedForThemBefore() {
        stored(exact.dsl());
        exact.transaction(dsl -> {
            AccountRecord account = dsl.newRecord(ACCOUNT);
            account.setId(1L);
            account.setOwner("changed");
            account.update();
            account.changed(ACCOUNT.ID, true);
            account.setOwner("again");
            account.merge();
            account.delete();
        });
        assertThat(exact.statements().stream().filter(sql -> sql.contains("for no key update")))
                .hasSize(tellsOldRows() ? 0 : 2);
        exact.assertThatWhatWasToldIsWhatWasWritten();
        List<Change<?>> told = exact.after();
        assertThat(((Updated<?>) told.get(1)).oldRow().get(ACCOUNT.OWNER)).isEqualTo("first");
        assertThat(((Updated<?>) told.get(2)).oldRow().get(ACCOUNT.OWNER)).isEqualTo("changed");
        assertThat(((Deleted<?>) told.get(3)).oldRow().get(ACCOUNT.OWNER)).isEqualTo("again");
    }

    private boolean tellsOldRows() {
        return database.postgresVersion() >= 18;
    }

    private static AccountRecord stored(DSLContext dsl) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setOwner("first");
        account.store();
        return account;
    }
}
