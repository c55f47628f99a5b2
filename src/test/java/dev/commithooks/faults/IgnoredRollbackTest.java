package dev.commithooks.faults;

import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import org.junit.jupiter.api.Test;

/** A rollback to a savepoint that a driver may ignore, in a transaction that is committed: no row is told of as failed that is there. */
@Database
class IgnoredRollbackTest {

    private final TestDatabase database;
    private final Told told = new Told();

    IgnoredRollbackTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    void tellsNoRowAsFailedThatIsCommitted() {
        catchThrowable(() -> told.attachTo(database.dsl(database.pool(1))).transaction(tx -> {
            store(tx, "ann");
            tx.dsl().execute("savepoint s");
            store(tx, "bob");
            catchThrowable(() -> tx.dsl().execute("delete from stock; rollback to savepoint s"));
        }));

        assertThat(told.events())
                .filteredOn(event -> event.startsWith("failed"))
                .noneMatch(event -> owners(database).contains(event.split(" ")[2]));
        assertThat(told.events())
                .filteredOn(event -> event.startsWith("after"))
                .allMatch(event -> owners(database).contains(event.split(" ")[2]));
        assertThat(told.events()).anyMatch(event -> event.matches("(after|failed|inDoubt) INSERT bob.*"));
    }
}
