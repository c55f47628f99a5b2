package dev.commithooks.faults;

import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.TransactionSession;
import dev.commithooks.Transactions;
import dev.commithooks.faults.FailingConnections.Point;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.TransactionAbortedException;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;

/** A rollback that fails, of all or to a savepoint: it never becomes a commit, and nothing is left open. */
class FailuresOfRollbackTest extends FailuresFixture {

    FailuresOfRollbackTest(TestDatabase database) {
        super(database);
    }

    @Test
    void failedRollbackIsSuppressedAndNeverBecomesACommit() {
        DSLContext dsl = dsl();
        connections.failAt(Point.ROLLBACK);
        IllegalStateException work = new IllegalStateException("work");

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    store(tx, "ann");
                    throw work;
                }))
                .isSameAs(work);

        assertThat(work.getSuppressed()).isNotEmpty();
        assertThat(told.events()).containsExactly("failed INSERT ann WORK");
        assertThat(owners(database)).isEmpty();
        connections.recover();
        assertIsAsGoodAsNew(dsl);
    }

    @Test
    void outcomeIsObservedOnceWhenARollbackFails() {
        DSLContext dsl = dsl();
        for (boolean error : new boolean[] {false, true}) {
            if (error) {
                connections.failWithErrorAt(Point.ROLLBACK);
            } else {
                connections.failAt(Point.ROLLBACK);
            }
            assertThat(catchThrowable(() -> dsl.transaction(tx -> {
                        store(tx, "ann");
                        throw new IllegalStateException("work");
                    })))
                    .isNotNull();
            connections.recover();
            assertThat(outcomes).containsExactly("ROLLED_BACK WORK");
            outcomes.clear();
        }
        assertThat(owners(database)).isEmpty();
    }

    @Test
    void outcomeIsObservedOnceWhenTheRollbackOfAVetoedTransactionFails() {
        told.doing((event, ctx) -> {
            if (event.startsWith("before")) {
                throw new IllegalStateException("veto");
            }
        });
        DSLContext dsl = dsl();
        connections.failAt(Point.ROLLBACK);

        assertThatThrownBy(() -> dsl.transaction(tx -> store(tx, "ann"))).hasMessage("veto");

        assertThat(outcomes).containsExactly("ROLLED_BACK BEFORE_HOOK");
        assertThat(told.events()).containsExactly("before INSERT ann", "failed INSERT ann BEFORE_HOOK");
        assertThat(owners(database)).isEmpty();
        connections.recover();
    }

    @Test
    void outcomeIsObservedOnceWhenTheRollbackOfAMarkedTransactionFails() {
        DSLContext dsl = dsl();
        connections.failAt(Point.ROLLBACK);

        assertThat(catchThrowable(() -> dsl.transaction(tx -> {
                    store(tx, "ann");
                    CommitHooks.current(tx).setRollbackOnly();
                })))
                .isInstanceOf(DataAccessException.class)
                .hasNoSuppressedExceptions();

        assertThat(outcomes).containsExactly("ROLLED_BACK ROLLBACK_ONLY");
        assertThat(told.events()).containsExactly("failed INSERT ann ROLLBACK_ONLY");
        assertThat(owners(database)).isEmpty();
        connections.recover();
        assertIsAsGoodAsNew(dsl);
    }

    @Test
    void errorOutOfRollbackLeavesNothingOpen() {
        DSLContext dsl = dsl();
        connections.failWithErrorAt(Point.ROLLBACK);

        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            throw new IllegalStateException("work");
        }));

        assertThat(thrown).isNotNull();
        assertThat(told.events()).containsExactly("failed INSERT ann WORK");
        assertThat(owners(database)).isEmpty();
        connections.recover();
        assertIsAsGoodAsNew(dsl);
    }

    @Test
    void failedRollbackToASavepointRollsTheWholeTransactionBack() {
        DSLContext dsl = dsl();

        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            connections.failAt(Point.ROLLBACK_TO_SAVEPOINT);
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        store(nested, "bob");
                        throw new IllegalStateException("nested");
                    }))
                    .hasMessage("nested");
        }));

        assertThat(thrown).isNotNull();
        assertThat(told.events())
                .filteredOn(event -> event.contains("ann"))
                .hasSize(1)
                .allMatch(event -> event.startsWith("failed"));
        assertThat(told.events())
                .filteredOn(event -> event.contains("bob"))
                .hasSize(1)
                .allMatch(event -> event.startsWith("failed"));
        assertThat(owners(database)).isEmpty();
        connections.recover();
        assertIsAsGoodAsNew(dsl);
    }

    @Test
    void failedReleaseOfASavepointIsIgnoredAsJooqDoes() {
        DSLContext dsl = dsl();
        connections.failAt(Point.RELEASE_OF_SAVEPOINT);

        dsl.transaction(tx -> tx.dsl().transaction(nested -> store(nested, "ann")));

        assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Test
    void connectionOfASessionWhoseBeginFailsIsGivenBack() {
        CommitHooks hooks = CommitHooks.builder().build();
        DSLContext dsl = hooks.attachTo(database.dsl(connections));
        try (TransactionSession session = hooks.open(dsl)) {
            connections.failAt(Point.AUTOCOMMIT_OFF);
            assertThatThrownBy(() -> session.dsl().selectOne().fetch()).isInstanceOf(DataAccessException.class);
            connections.recover();

            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
    }

    @Test
    void sessionWhoseNestedTransactionCouldNotBeRolledBackIsRolledBack() {
        DSLContext dsl = dsl();
        try (TransactionSession session = Transactions.with(dsl).open()) {
            store(session.dsl().configuration(), "ann");
            connections.failAt(Point.ROLLBACK_TO_SAVEPOINT);
            catchThrowable(() -> session.dsl().transaction(nested -> {
                store(nested, "bob");
                throw new IllegalStateException("nested");
            }));
            connections.recover();

            assertThatThrownBy(session::commit)
                    .isInstanceOf(TransactionAbortedException.class)
                    .hasMessageContaining("IS rolled back");
        }

        assertThat(told.events()).containsExactly("failed INSERT ann ROLLBACK_ONLY", "failed INSERT bob ROLLBACK_ONLY");
        assertThat(owners(database)).isEmpty();
        assertIsAsGoodAsNew(dsl);
    }
}
