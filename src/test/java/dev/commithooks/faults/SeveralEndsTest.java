package dev.commithooks.faults;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.sql.Connection;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/** A transaction that is ended behind the hooks' back more than once: what was written before each end is in doubt by itself. */
@Database
class SeveralEndsTest {

    private final TestDatabase database;
    private final Told told = new Told();
    private final DSLContext dsl;

    SeveralEndsTest(TestDatabase database) {
        this.database = database;
        this.dsl = told.attachTo(database.dsl(database.pool(1)));
    }

    @Test
    void deletionThatIsRolledBackDoesNotHideTheInsertThatWasCommitted() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            AccountRecord ann = store(tx, "ann");
            tx.dsl().connection(Connection::commit);
            ann.delete();
            tx.dsl().connection(Connection::rollback);
        }));

        assertThat(owners(database)).containsExactly("ann");
        assertThat(told.events()).containsExactly("inDoubt INSERT ann", "inDoubt DELETE ann");
        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class).hasMessageContaining("the 2 changes");
    }

    @Test
    void rowUnderTheKeyOfOneThatWasRolledBackIsAnother() {
        catchThrowable(() -> dsl.transaction(tx -> {
            storeAs(tx, 100, "ann");
            tx.dsl().connection(Connection::rollback);
            storeAs(tx, 100, "bob");
            tx.dsl().connection(Connection::commit);
        }));

        assertThat(owners(database)).containsExactly("bob");
        assertThat(told.events()).containsExactly("inDoubt INSERT ann", "inDoubt INSERT bob");
    }

    private static void storeAs(Configuration tx, long id, String owner) {
        AccountRecord account = tx.dsl().newRecord(ACCOUNT);
        account.setId(id);
        account.setOwner(owner);
        account.store();
    }
}
