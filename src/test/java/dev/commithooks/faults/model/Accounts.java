package dev.commithooks.faults.model;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;

import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.change.Change;
import java.math.BigDecimal;
import org.jooq.Configuration;

/** Records for a tree's rows, which have ids of their own in the table. */
final class Accounts {

    private final long firstId;
    private int updates;

    /** Those of a tree whose row 0 would have this id. */
    Accounts(long firstId) {
        this.firstId = firstId;
    }

    /** The row that a change is of. */
    int row(Change<AccountRecord> change) {
        return (int) (change.key().orElseThrow().get(ACCOUNT.ID) - firstId);
    }

    /** A record that knows its key. */
    AccountRecord known(Configuration configuration, int row) {
        AccountRecord account = configuration.dsl().newRecord(ACCOUNT);
        account.setId(firstId + row);
        return account;
    }

    /** A record to be inserted. */
    AccountRecord created(Configuration configuration, int row) {
        AccountRecord account = known(configuration, row);
        account.setOwner("row " + row);
        return account;
    }

    /** A record to be updated: its row gets the number of the update. */
    AccountRecord updated(Configuration configuration, int row) {
        AccountRecord account = known(configuration, row);
        account.changed(ACCOUNT.ID, false);
        updates++;
        account.setBalance(BigDecimal.valueOf(updates));
        return account;
    }
}
