package dev.commithooks.testkit;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.testing.FrozenCall;
import dev.commithooks.testing.TestTransaction;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;

/** Virtual transactions, and faults on them, on databases that are not PostgreSQL. */
abstract class VirtualTransactionsContract extends RolledBackFixture {

    @Test
    void hooksFireAsIfCommittedAndNothingStays() {
        try (TestTransaction running = rolledBack.begin("test")) {
            dsl.transaction(tx -> {
                store(tx.dsl(), "ann");
                assertThat(told()).isEmpty();
                tx.dsl().transaction(nested -> store(nested.dsl(), "bob"));
                catchThrowable(() -> tx.dsl().transaction(nested -> {
                    store(nested.dsl(), "cid");
                    throw new IllegalStateException("cid's");
                }));
            });
            store(dsl, "dan");
            catchThrowable(() -> dsl.transaction(tx -> {
                store(tx.dsl(), "eve");
                throw new IllegalStateException("eve's");
            }));

            assertThat(told()).containsExactly("ann", "bob", "dan");
            assertThat(owners(rolledBack.dataSource())).containsExactly("ann", "bob", "dan");
            assertThat(running.findings()).isEmpty();
        }
        assertThat(owners(database())).isEmpty();
    }

    @Test
    void statementThatFailsInAutocommitModeUndoesItselfOnly() {
        try (TestTransaction running = rolledBack.begin("test")) {
            store(dsl, "ann");
            assertThatThrownBy(() -> store(dsl, "ann")).isInstanceOf(DataAccessException.class);
            store(dsl, "bob");

            assertThat(owners(rolledBack.dataSource())).containsExactly("ann", "bob");
            assertThat(told()).containsExactly("ann", "bob");
            assertThat(running.findings()).isEmpty();
        }
    }

    @Test
    void rowsThatAnAutocommittedStatementReturnsCanBeReadAndTheNextRollbackLeavesThem() {
        try (TestTransaction running = rolledBack.begin("test")) {
            Long id = dsl.insertInto(ACCOUNT, ACCOUNT.OWNER)
                    .values("ann")
                    .returningResult(ACCOUNT.ID)
                    .fetchSingle()
                    .value1();
            catchThrowable(() -> dsl.transaction(tx -> {
                store(tx.dsl(), "bob");
                throw new IllegalStateException();
            }));

            assertThat(dsl.fetchSingle(ACCOUNT).getId()).isEqualTo(id);
            assertThat(running.findings()).isEmpty();
        }
    }

    @Test
    void plainJdbcHasItsSavepointsBySqlAndByMethod() throws Exception {
        try (TestTransaction running = rolledBack.begin("test");
                Connection connection = rolledBack.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            insert(connection, "ann");
            Savepoint savepoint = connection.setSavepoint();
            insert(connection, "bob");
            connection.rollback(savepoint);
            execute(connection, "savepoint by_sql");
            insert(connection, "cid");
            execute(connection, "rollback to savepoint by_sql");
            insert(connection, "dan");
            connection.commit();
            insert(connection, "eve");
            execute(connection, "rollback");
            connection.setAutoCommit(true);

            assertThat(owners(rolledBack.dataSource())).containsExactly("ann", "dan");
            assertThat(running.findings()).isEmpty();
        }
        assertThat(owners(database())).isEmpty();
    }

    @Test
    void savepointOfAnEndedTransactionIsRefused() throws Exception {
        try (TestTransaction running = rolledBack.begin("test");
                Connection connection = rolledBack.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            insert(connection, "ann");
            Savepoint savepoint = connection.setSavepoint();
            connection.commit();

            assertThatThrownBy(() -> connection.rollback(savepoint)).hasMessageContaining("has ended");
            assertThatThrownBy(() -> execute(connection, "rollback to savepoint never_set"))
                    .isInstanceOf(SQLException.class);
            connection.rollback();
            connection.setAutoCommit(true);
            assertThat(owners(rolledBack.dataSource())).containsExactly("ann");
            assertThat(running.findings()).isEmpty();
        }
    }

    @Test
    void refusedCommitIsRolledBackAndAStatementFailsInPlace() {
        try (TestTransaction running = rolledBack.begin("test")) {
            running.faults().failNextCommit("40001");
            assertThatThrownBy(() -> dsl.transaction(tx -> store(tx.dsl(), "ann")))
                    .isInstanceOf(DataAccessException.class)
                    .isNotInstanceOf(TransactionInDoubtException.class);
            running.faults().failStatement("account", "23505");
            assertThatThrownBy(() -> store(dsl, "bob"))
                    .isInstanceOf(DataAccessException.class)
                    .hasStackTraceContaining("failStatement(account, 23505)");
            store(dsl, "cid");

            assertThat(told()).containsExactly("cid");
            assertThat(owners(rolledBack.dataSource())).containsExactly("cid");
        }
    }

    @Test
    void frozenStatementIsExecutedWhenItIsReleased() throws Exception {
        try (TestTransaction running = rolledBack.begin("test")) {
            store(dsl, "ann"); // what hooks ask about a table they ask once, in the transaction that writes to it first
            FrozenCall frozen = running.faults().freezeStatement("insert into");
            FutureTask<Void> storing = onAThread(() -> dsl.transaction(tx -> store(tx.dsl(), "bob")));
            frozen.awaitReached(Duration.ofSeconds(60));

            assertThat(owners(rolledBack.dataSource())).containsExactly("ann");
            assertThat(told()).containsExactly("ann");
            frozen.release();
            storing.get();
            assertThat(told()).containsExactly("ann", "bob").containsExactlyElementsOf(owners(rolledBack.dataSource()));
            assertThat(running.findings()).isEmpty();
        }
    }

    @Test
    void frozenStatementThatIsCancelledIsGivenUp() throws Exception {
        try (TestTransaction running = rolledBack.begin("test");
                Connection connection = rolledBack.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            store(dsl, "ann");
            FrozenCall frozen = running.faults().freezeStatement("delete");
            FutureTask<Void> deleting = onAThread(() -> statement.executeUpdate("delete from " + name("account")));
            frozen.awaitReached(Duration.ofSeconds(60));
            statement.cancel();

            assertThatThrownBy(deleting::get).hasRootCauseInstanceOf(SQLException.class);
            assertThat(owners(rolledBack.dataSource())).containsExactly("ann");
            assertThat(running.findings()).isEmpty();
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static FutureTask<Void> onAThread(Work work) {
        FutureTask<Void> task = new FutureTask<>(() -> {
            work.run();
            return null;
        });
        new Thread(task).start();
        return task;
    }

    @Test
    void lostAnswerIsInDoubtAndCarriedOutOrNot() {
        try (TestTransaction running = rolledBack.begin("test")) {
            running.faults().loseTheAnswerOfTheNextCommit(Outcome.COMMITTED);
            assertThatThrownBy(() -> dsl.transaction(tx -> store(tx.dsl(), "ann")))
                    .isInstanceOf(TransactionInDoubtException.class);
            running.faults().loseTheAnswerOfTheNextCommit(Outcome.ROLLED_BACK);
            assertThatThrownBy(() -> dsl.transaction(tx -> store(tx.dsl(), "bob")))
                    .isInstanceOf(TransactionInDoubtException.class);

            assertThat(told()).isEmpty();
            assertThat(owners(rolledBack.dataSource())).containsExactly("ann");
        }
    }
}
