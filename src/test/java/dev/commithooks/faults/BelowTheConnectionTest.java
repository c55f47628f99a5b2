package dev.commithooks.faults;

import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done on the driver's own connection, below the one that is watched, is noticed when something follows from it. */
@Database
@NeedsRealCommits("the driver's own connection")
class BelowTheConnectionTest {

    private final TestDatabase database;
    private final Told told = new Told();
    private final Connection driver;
    private final DSLContext dsl;

    BelowTheConnectionTest(TestDatabase database) throws SQLException {
        this.database = database;
        this.driver = database.simpleDataSource().getConnection();
        this.dsl = told.attachTo(database.dsl(driver));
    }

    @AfterEach
    void closeConnection() throws SQLException {
        driver.close();
    }

    @Test
    void rollbackToASavepointThatWasSetThereIsInDoubt() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            try (Statement unseen = driver.createStatement()) {
                unseen.execute("savepoint s");
            }
            store(tx, "bob");
            tx.dsl().execute("rollback to savepoint s");
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events()).containsExactly("inDoubt INSERT ann", "inDoubt INSERT bob");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void commitThereThatIsFollowedByACloseIsNotReportedAsRolledBack() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            driver.commit();
            tx.dsl().fetchValue("select 1");
            tx.dsl().connection(Connection::close);
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events()).containsExactly("inDoubt INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    /** The text has set the savepoint again before it failed, or has not: nobody says. */
    @Test
    void rollbackToASavepointThatAFailingTextMayHaveSetAgainTellsNoRowAsFailedThatIsThere() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            tx.dsl().execute("savepoint s");
            store(tx, "ann");
            catchThrowable(() -> tx.dsl().execute("savepoint s; select nothing from nowhere"));
            tx.dsl().execute("rollback to savepoint s");
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events()).containsExactly("inDoubt INSERT ann");
    }

    @Test
    @Needs(Ability.TOLD_TRANSACTIONS)
    void commitThereAfterOneThatWasSeenLeavesDoubtOfBoth() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().connection(Connection::commit);
            store(tx, "bob");
            tx.dsl().fetchValue("select 1");
            driver.commit();
            throw new IllegalStateException("work");
        }));

        assertThat(thrown).hasMessage("work");
        assertThat(told.events()).containsExactly("inDoubt INSERT ann", "inDoubt INSERT bob");
        assertThat(owners(database)).containsExactly("ann", "bob");
    }

    @Test
    @Needs(Ability.TOLD_TRANSACTIONS)
    void whatFollowsACommitThereIsTheNextTransactions() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().fetchValue("select 1");
            driver.commit();
            store(tx, "bob");
            store(tx, "cid");
            tx.dsl().fetchValue("select 1");
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events())
                .containsExactly(
                        "before INSERT bob",
                        "before INSERT cid",
                        "inDoubt INSERT ann",
                        "after INSERT bob",
                        "after INSERT cid");
        assertThat(owners(database)).containsExactly("ann", "bob", "cid");
    }

    @Test
    void whatFollowsACommitThatWasSeenIsTheNextTransactions() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().fetchValue("select 1");
            tx.dsl().connection(Connection::commit);
            store(tx, "bob");
            tx.dsl().fetchValue("select 1");
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events()).containsExactly("before INSERT bob", "inDoubt INSERT ann", "after INSERT bob");
        assertThat(owners(database)).containsExactly("ann", "bob");
    }

    @Test
    @Needs(Ability.TOLD_TRANSACTIONS)
    void savepointThatIsSetAfterARollbackThereHidesItNot() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().fetchValue("select 1");
            driver.rollback();
            tx.dsl().connection(connection -> connection.setSavepoint("s"));
            store(tx, "bob");
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events()).containsExactly("before INSERT bob", "inDoubt INSERT ann", "after INSERT bob");
        assertThat(owners(database)).containsExactly("bob");
    }

    @Test
    @Needs(Ability.TOLD_TRANSACTIONS)
    void rollbackToASavepointAfterACommitThereTellsNoRowAsFailed() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().connection(connection -> {
                Savepoint savepoint = connection.setSavepoint("s");
                store(tx, "bob");
                driver.commit();
                catchThrowable(() -> connection.rollback(savepoint));
            });
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events()).containsExactly("inDoubt INSERT ann", "inDoubt INSERT bob");
        assertThat(owners(database)).containsExactly("ann", "bob");
    }

    /** Where the driver numbers transactions, one that has lost its changes to a savepoint has none. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rollbackToASavepointThatUndoesAllIsNoEnd(boolean bySql) {
        List<String> called = new ArrayList<>();
        dsl.transaction(tx -> {
            CommitHooks.current(tx).onCommit(() -> called.add("committed"));
            tx.dsl().connection(connection -> {
                Savepoint savepoint = connection.setSavepoint("s");
                store(tx, "ann");
                tx.dsl().fetchValue("select 1");
                rollBack(tx.dsl(), connection, bySql ? null : savepoint);
                tx.dsl().fetchValue("select 1");
                store(tx, "bob");
                rollBack(tx.dsl(), connection, bySql ? null : savepoint);
            });
            store(tx, "cid");
        });

        assertThat(told.events())
                .containsExactly(
                        "failed INSERT ann SAVEPOINT",
                        "failed INSERT bob SAVEPOINT",
                        "before INSERT cid",
                        "after INSERT cid");
        assertThat(called).containsExactly("committed");
        assertThat(owners(database)).containsExactly("cid");
    }

    private static void rollBack(DSLContext dsl, Connection connection, @Nullable Savepoint savepoint)
            throws SQLException {
        if (savepoint == null) {
            dsl.execute("rollback to savepoint " + dsl.render(DSL.quotedName("s")));
        } else {
            connection.rollback(savepoint);
        }
    }
}
