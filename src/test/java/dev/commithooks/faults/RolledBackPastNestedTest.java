package dev.commithooks.faults;

import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import java.sql.Connection;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/**
 * A nested transaction in which somebody rolls back to a savepoint that was set before it: its own is gone then, but on H2, which
 * keeps it and takes it for a number of rows.
 */
@Database
class RolledBackPastNestedTest {

    private final TestDatabase database;
    private final Told told = new Told();
    private final DSLContext dsl;

    RolledBackPastNestedTest(TestDatabase database) {
        this.database = database;
        this.dsl = told.attachTo(database.dsl(database.pool(1)));
    }

    @Test
    void nestedTransactionThatEndsNormally() {
        catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "zoe");
            rollBackPastNested(tx, false);
            store(tx, "dan");
        }));

        assertTruth("ann", "bob");
    }

    @Test
    void nestedTransactionThatFails() {
        catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "zoe");
            catchThrowable(() -> rollBackPastNested(tx, true));
            catchThrowable(() -> store(tx, "dan"));
        }));

        assertTruth("ann", "bob");
        assertThat(owners(database)).isEmpty();
    }

    @Test
    void nestedTransactionThatFailsAfterSeveralRows() {
        catchThrowable(() -> dsl.transaction(tx -> {
            tx.dsl().execute("savepoint s");
            store(tx, "ann");
            store(tx, "bea");
            catchThrowable(() -> tx.dsl().transaction(nested -> {
                nested.dsl().execute("rollback to savepoint s");
                store(nested, "cid");
                store(nested, "cleo");
                store(nested, "carl");
                throw new IllegalStateException("nested");
            }));
        }));

        assertTruth("ann", "bea");
        assertThat(owners(database)).isEmpty();
    }

    @Test
    void savepointSetByHandAfterTheOneRolledBackTo() {
        catchThrowable(() -> dsl.transaction(tx -> {
            tx.dsl().execute("savepoint a");
            store(tx, "ann");
            tx.dsl().execute("savepoint b");
            store(tx, "bob");
            tx.dsl().execute("rollback to savepoint a");
            store(tx, "cid");
            store(tx, "cleo");
            catchThrowable(() -> tx.dsl().execute("rollback to savepoint b"));
            catchThrowable(() -> store(tx, "dan"));
        }));

        assertTruth("ann", "bob");
    }

    @Test
    void nestedTransactionInWhichDdlHasCommittedBeforeAnythingCouldBeTold() {
        catchThrowable(() -> dsl.transaction(tx -> {
            tx.dsl().insertInto(STOCK).set(STOCK.ISBN, "1").execute();
            tx.dsl().insertInto(STOCK).set(STOCK.ISBN, "2").execute();
            catchThrowable(() -> tx.dsl().transaction(nested -> {
                nested.dsl().execute("create table made_inside (id integer)");
                store(nested, "cid");
                store(nested, "cleo");
                store(nested, "carl");
                throw new IllegalStateException("nested");
            }));
        }));

        assertTruth();
        assertThat(owners(database)).isEmpty();
        database.dsl().execute("drop table if exists made_inside");
    }

    @Test
    void nestedTransactionInWhichSomebodyCommits() {
        catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "zoe");
            store(tx, "zack");
            catchThrowable(() -> tx.dsl().transaction(nested -> {
                store(nested, "ann");
                nested.dsl().connection(Connection::commit);
                store(nested, "cid");
                store(nested, "cleo");
                store(nested, "carl");
                throw new IllegalStateException("nested");
            }));
            catchThrowable(() -> store(tx, "dan"));
        }));

        assertTruth();
    }

    @Test
    void savepointSetByHandBeforeSomebodyCommits() {
        catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "zoe");
            tx.dsl().execute("savepoint s");
            tx.dsl().connection(Connection::commit);
            store(tx, "cid");
            store(tx, "cleo");
            catchThrowable(() -> tx.dsl().execute("rollback to savepoint s"));
            catchThrowable(() -> store(tx, "dan"));
        }));

        assertTruth();
    }

    private void rollBackPastNested(Configuration tx, boolean fails) {
        tx.dsl().execute("savepoint s");
        store(tx, "ann");
        tx.dsl().transaction(nested -> {
            store(nested, "bob");
            nested.dsl().execute("rollback to savepoint s");
            store(nested, "cid");
            if (fails) {
                throw new IllegalStateException("nested");
            }
        });
    }

    /** Those told of as committed are there, those told of as failed are not, whatever is in doubt. */
    private void assertTruth(String... surelyGone) {
        List<String> there = owners(database);
        assertThat(there).containsAll(ofPhase("after")).isSubsetOf(ofPhase("after|inDoubt"));
        assertThat(ofPhase("failed")).noneMatch(there::contains).containsAll(List.of(surelyGone));
    }

    private List<String> ofPhase(String phase) {
        return told.events().stream()
                .filter(event -> event.split(" ")[0].matches(phase))
                .map(event -> event.split(" ")[2])
                .toList();
    }
}
