package dev.commithooks.faults;

import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.TransactionAbortedException;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.sql.Connection;
import java.sql.Savepoint;
import java.sql.Statement;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Somebody ends the transaction inside of it: that is never reported as a plain success. */
@Database
class BehindOurBackTest {

    private final TestDatabase database;
    private final Told told = new Told();
    private final DSLContext dsl;

    BehindOurBackTest(TestDatabase database) {
        this.database = database;
        this.dsl = told.attachTo(database.dsl(database.pool(1)));
    }

    @ParameterizedTest
    @MethodSource("dev.commithooks.faults.WaysToEnd#commits")
    void commitLeavesDoubt(WaysToEnd.Way commit) {
        commit.assumeThatItExistsIn(database);
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            commit.in(tx);
        }));

        assertThat(thrown)
                .isInstanceOfSatisfying(
                        TransactionInDoubtException.class,
                        doubt -> assertThat(doubt.transaction())
                                .hasValueSatisfying(info -> assertThat(doubt).hasMessageContaining(info.id())));
        assertThat(told.events()).containsExactly("inDoubt INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    @ParameterizedTest
    @MethodSource("dev.commithooks.faults.WaysToEnd#rollbacks")
    void rollbackLeavesDoubt(WaysToEnd.Way rollback) {
        rollback.assumeThatItExistsIn(database);
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            rollback.in(tx);
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events()).containsExactly("inDoubt INSERT ann");
        assertThat(owners(database)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.commithooks.faults.WaysToEnd#commits")
    void whatIsWrittenAfterACommitHasAFateOfItsOwn(WaysToEnd.Way commit) {
        commit.assumeThatItExistsIn(database);
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            commit.in(tx);
            store(tx, "bob");
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events())
                .containsExactlyInAnyOrder("before INSERT bob", "after INSERT bob", "inDoubt INSERT ann");
        assertThat(owners(database)).containsExactly("ann", "bob");
    }

    @ParameterizedTest
    @MethodSource("dev.commithooks.faults.WaysToEnd#rollbacks")
    void whatIsWrittenAfterARollbackHasAFateOfItsOwn(WaysToEnd.Way rollback) {
        rollback.assumeThatItExistsIn(database);
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            rollback.in(tx);
            store(tx, "bob");
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events())
                .containsExactlyInAnyOrder("before INSERT bob", "after INSERT bob", "inDoubt INSERT ann");
        assertThat(owners(database)).containsExactly("bob");
    }

    @ParameterizedTest
    @MethodSource("dev.commithooks.faults.WaysToEnd#commits")
    void commitFollowedByAFailureIsNoFailure(WaysToEnd.Way commit) {
        commit.assumeThatItExistsIn(database);
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            commit.in(tx);
            throw new IllegalStateException("work");
        }));

        assertThat(thrown).hasMessage("work");
        assertThat(told.events()).containsExactly("inDoubt INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    @ParameterizedTest
    @MethodSource("dev.commithooks.faults.WaysToEnd#commits")
    void commitInsideANestedTransactionThatFailsIsNoFailure(WaysToEnd.Way commit) {
        commit.assumeThatItExistsIn(database);
        catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            catchThrowable(() -> tx.dsl().transaction(nested -> {
                store(nested, "bob");
                commit.in(nested);
                throw new IllegalStateException("nested");
            }));
        }));

        assertThat(told.events()).containsExactlyInAnyOrder("inDoubt INSERT ann", "inDoubt INSERT bob");
        assertThat(owners(database)).containsExactly("ann", "bob");
    }

    @Test
    void whatIsWrittenInAutocommitModeIsInDoubt() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().connection(connection -> connection.setAutoCommit(true));
            store(tx, "bob");
            store(tx, "cid");
        }));

        assertThat(thrown).isNotNull();
        assertThat(told.events())
                .filteredOn(event -> !event.startsWith("before"))
                .allMatch(event -> event.startsWith("inDoubt"))
                .hasSize(3);
        assertThat(owners(database)).containsExactly("ann", "bob", "cid");
    }

    @Test
    void whatIsWrittenInAutocommitModeBeforeAFailureIsInDoubt() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            tx.dsl().connection(connection -> connection.setAutoCommit(true));
            store(tx, "ann");
            throw new IllegalStateException("work");
        }));

        assertThat(thrown).hasMessage("work");
        assertThat(told.events()).containsExactly("inDoubt INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Test
    void transactionMayBeEndedMoreThanOnce() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().connection(Connection::commit);
            store(tx, "bob");
            tx.dsl().connection(connection -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("rollback");
                }
            });
            store(tx, "cid");
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events())
                .containsExactlyInAnyOrder(
                        "before INSERT cid", "after INSERT cid", "inDoubt INSERT ann", "inDoubt INSERT bob");
        assertThat(owners(database)).containsExactly("ann", "cid");
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void preparedTransactionIsInDoubt() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().execute("prepare transaction 'half'");
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events()).containsExactly("inDoubt INSERT ann");
        assertThat(owners(database)).isEmpty();
        database.dsl().execute("commit prepared 'half'");
        assertThat(owners(database)).containsExactly("ann");
    }

    @ParameterizedTest
    @EnumSource
    void commitOnTheConnectionIsSeenWhateverTheProvider(Source source) {
        DSLContext other = told.attachTo(source.plain(database));

        Throwable thrown = catchThrowable(() -> other.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().connection(Connection::commit);
            store(tx, "bob");
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events())
                .containsExactlyInAnyOrder("before INSERT bob", "after INSERT bob", "inDoubt INSERT ann");
        assertThat(owners(database)).containsExactly("ann", "bob");
        Source.close(other);
    }

    @Test
    void afterACommitOfTheUsersTheFailureOfTheRestIsItsOwn() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().connection(Connection::commit);
            store(tx, "bob");
            throw new IllegalStateException("work");
        }));

        assertThat(thrown).hasMessage("work");
        assertThat(told.events()).containsExactlyInAnyOrder("inDoubt INSERT ann", "failed INSERT bob WORK");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Test
    void aTransactionThatWasEndedBeforeAnythingWasWrittenIsFine() {
        dsl.transaction(tx -> {
            tx.dsl().connection(Connection::rollback);
            store(tx, "ann");
        });

        assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Test
    void aTransactionThatWasEndedWhenASavepointHadUndoneAllIsFine() {
        dsl.transaction(tx -> tx.dsl().connection(connection -> {
            Savepoint savepoint = connection.setSavepoint("s");
            store(tx, "ann");
            connection.rollback(savepoint);
            connection.commit();
        }));

        assertThat(told.events()).containsExactly("failed INSERT ann SAVEPOINT");
        assertThat(owners(database)).isEmpty();
    }

    @Test
    void nestedTransactionsOfAnEndedTransactionDoNotHideIt() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().transaction(nested -> {
                store(nested, "bob");
                nested.dsl().connection(Connection::commit);
            });
            store(tx, "cid");
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events())
                .contains("inDoubt INSERT ann", "inDoubt INSERT bob")
                .doesNotContain("after INSERT ann", "after INSERT bob");
        assertThat(owners(database)).contains("ann", "bob");
    }

    @Test
    void commitAfterASavepointInOneFailingTextLeavesDoubt() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            catchThrowable(() -> tx.dsl().execute("savepoint a; commit; select nothing from nowhere"));
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events()).containsExactly("inDoubt INSERT ann");
    }

    @Test
    @Needs(Ability.ABORTED_TRANSACTIONS)
    void savepointThatFailsAloneIsNone() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            catchThrowable(() -> tx.dsl().execute("rollback to nowhere"));
        }));

        assertThat(thrown).isInstanceOf(TransactionAbortedException.class);
        assertThat(told.events()).containsExactly("failed INSERT ann COMMIT");
        assertThat(owners(database)).isEmpty();
    }
}
