package dev.commithooks.faults;

import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.sql.Connection;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Somebody closes the connection inside of the transaction, with or without a commit before. */
@Database
class ClosedBehindOurBackTest {

    private final TestDatabase database;
    private final Told told = new Told();
    private final DSLContext dsl;

    ClosedBehindOurBackTest(TestDatabase database) {
        this.database = database;
        this.dsl = told.attachTo(database.dsl(database.pool(1)));
    }

    @ParameterizedTest
    @MethodSource("dev.commithooks.faults.WaysToEnd#commits")
    void commitFollowedByACloseIsNotReportedAsRolledBack(WaysToEnd.Way commit) {
        commit.assumeThatItExistsIn(database);
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            commit.in(tx);
            tx.dsl().connection(Connection::close);
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events()).containsExactly("inDoubt INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Test
    void commitAndCloseAfterFurtherWorkIsNotReportedAsRolledBack() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().connection(Connection::commit);
            store(tx, "bob");
            tx.dsl().connection(Connection::close);
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events())
                .containsExactlyInAnyOrder("before INSERT bob", "inDoubt INSERT ann", "inDoubt INSERT bob");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Test
    void closeAloneIsACertainRollback() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().connection(Connection::close);
        }));

        assertThat(thrown).isInstanceOf(DataAccessException.class).hasStackTraceContaining("rolled back");
        assertThat(told.events()).last().isEqualTo("failed INSERT ann COMMIT");
        assertThat(owners(database)).isEmpty();
    }

    /** A pool rolls back what it gets, and its connection is idle then. */
    @Test
    void closeAfterWhichThePoolsConnectionIsIdleIsACertainRollback() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().fetchValue("select 1");
            tx.dsl().connection(Connection::close);
        }));

        assertThat(thrown).isInstanceOf(DataAccessException.class).hasStackTraceContaining("rolled back");
        assertThat(told.events()).last().isEqualTo("failed INSERT ann COMMIT");
        assertThat(owners(database)).isEmpty();
    }

    /** The text may have ended the transaction before it failed: nobody says. */
    @Test
    @Needs(Ability.ABORTED_TRANSACTIONS)
    void closeAfterATextThatMayHaveCommittedIsNotReportedAsRolledBack() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            catchThrowable(() -> tx.dsl().execute("commit; begin; select nothing from nowhere"));
            tx.dsl().connection(Connection::close);
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events()).containsExactly("inDoubt INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Test
    void closeAfterDdlIsReportedAsWhatItIs() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().execute("create table made_inside (id integer)");
            tx.dsl().connection(Connection::close);
        }));

        boolean isCommitted = !database.product().can(Ability.TRANSACTIONAL_DDL);
        assertThat(owners(database)).hasSize(isCommitted ? 1 : 0);
        assertThat(told.events()).last().isEqualTo(isCommitted ? "inDoubt INSERT ann" : "failed INSERT ann COMMIT");
        if (isCommitted) {
            assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        } else {
            assertThat(thrown).hasStackTraceContaining("rolled back");
        }
        database.dsl().execute("drop table if exists made_inside");
    }
}
