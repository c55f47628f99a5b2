package dev.commithooks.faults;

import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static dev.commithooks.fixture.JooqStatements.releaseSavepoint;
import static dev.commithooks.fixture.JooqStatements.rollbackToSavepoint;
import static dev.commithooks.fixture.JooqStatements.savepoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import org.junit.jupiter.api.Test;

/** Savepoints set by hand are followed by PostgreSQL's rules. */
class ManualSavepointTest extends SavepointFixture {

    ManualSavepointTest(TestDatabase database) {
        super(database);
    }

    @Test
    void rollbackTakesOutWhatCameAfter() {
        dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().execute("savepoint s");
            store(tx, "bob");
            execute(tx, "rollback to s");
            assertThat(told.events()).containsExactly("failed INSERT bob SAVEPOINT");
            store(tx, "cid");
        });

        assertTold("failed INSERT bob SAVEPOINT", "ann", "cid");
    }

    @Test
    void jooqsOwnStatementsAreFollowed() {
        dsl.transaction(tx -> {
            store(tx, "ann");
            savepoint(tx.dsl(), "Mixed").execute();
            store(tx, "bob");
            rollbackToSavepoint(tx.dsl(), "Mixed").execute();
            releaseSavepoint(tx.dsl(), "Mixed").execute();
        });

        assertTold("failed INSERT bob SAVEPOINT", "ann");
    }

    @Test
    void savepointCanBeRolledBackToAgain() {
        dsl.transaction(tx -> {
            tx.dsl().execute("savepoint s");
            store(tx, "ann");
            execute(tx, "rollback to s");
            store(tx, "bob");
            execute(tx, "rollback to s");
            store(tx, "cid");
        });

        assertTold("failed INSERT ann SAVEPOINT", "failed INSERT bob SAVEPOINT", "cid");
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void shadowedNamesAreFoundInnermostFirst() {
        dsl.transaction(tx -> {
            tx.dsl().execute("savepoint s");
            store(tx, "ann");
            tx.dsl().execute("savepoint S");
            store(tx, "bob");
            execute(tx, "rollback to s");
            store(tx, "cid");
            execute(tx, "release s");
            store(tx, "dan");
            execute(tx, "rollback to s");
            store(tx, "eve");
        });

        assertThat(told.events())
                .containsExactly(
                        "failed INSERT bob SAVEPOINT",
                        "failed INSERT ann SAVEPOINT",
                        "failed INSERT cid SAVEPOINT",
                        "failed INSERT dan SAVEPOINT",
                        "before INSERT eve",
                        "after INSERT eve");
        assertThat(owners(database)).containsExactly("eve");
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void quotedAndUnquotedNamesDiffer() {
        dsl.transaction(tx -> {
            tx.dsl().execute("savepoint s");
            store(tx, "ann");
            tx.dsl().execute("savepoint \"S\"");
            store(tx, "bob");
            execute(tx, "rollback to S");
        });

        assertThat(told.events()).containsExactly("failed INSERT ann SAVEPOINT", "failed INSERT bob SAVEPOINT");
        assertThat(owners(database)).isEmpty();
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void releasedSavepointTakesInnerOnesWithIt() {
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    tx.dsl().execute("savepoint outer_one");
                    tx.dsl().execute("savepoint inner_one");
                    store(tx, "ann");
                    execute(tx, "release outer_one");
                    execute(tx, "rollback to inner_one");
                }))
                .hasMessageContaining("savepoint \"inner_one\" does not exist");

        assertThat(told.events()).containsExactly("failed INSERT ann WORK");
        assertThat(owners(database)).isEmpty();
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void namesThatArePrefixesOf63BytesAreTheSame() {
        String prefix = "p".repeat(63);
        dsl.transaction(tx -> {
            tx.dsl().execute("savepoint " + prefix + "_one");
            store(tx, "ann");
            execute(tx, "rollback to " + prefix + "_two");
            store(tx, "bob");
        });

        assertTold("failed INSERT ann SAVEPOINT", "bob");
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void savepointsInsideNestedTransactionsEndWithThem() {
        dsl.transaction(tx -> {
            tx.dsl().execute("savepoint s");
            store(tx, "ann");
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        store(nested, "bob");
                        nested.dsl().execute("savepoint s");
                        store(nested, "cid");
                        throw new IllegalStateException("nested");
                    }))
                    .hasMessage("nested");
            store(tx, "dan");
            execute(tx, "rollback to s");
            store(tx, "eve");
        });

        assertThat(told.events())
                .containsExactly(
                        "failed INSERT bob SAVEPOINT",
                        "failed INSERT cid SAVEPOINT",
                        "failed INSERT ann SAVEPOINT",
                        "failed INSERT dan SAVEPOINT",
                        "before INSERT eve",
                        "after INSERT eve");
        assertThat(owners(database)).containsExactly("eve");
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void rollingBackPastANestedTransactionInsideOfItUndoesItsSavepoint() {
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    tx.dsl().execute("savepoint s");
                    store(tx, "ann");
                    tx.dsl().transaction(nested -> {
                        store(nested, "bob");
                        execute(nested, "rollback to s");
                        store(nested, "cid");
                    });
                    store(tx, "dan");
                }))
                .isInstanceOf(RuntimeException.class);

        assertThat(told.events()).doesNotContain("after INSERT ann", "after INSERT bob");
        assertThat(told.events().stream().filter(event -> event.startsWith("after")))
                .map(event -> event.substring("after INSERT ".length()))
                .containsExactlyElementsOf(owners(database));
    }

    @Test
    void callbacksUnderARolledBackSavepointAreDiscarded() {
        dsl.transaction(tx -> {
            tx.dsl().execute("savepoint s");
            CommitHooks.current(tx).onCommit(() -> told.note("onCommit lost"));
            CommitHooks.current(tx).onRollback(failure -> told.note("onRollback " + failure.stage()));
            execute(tx, "rollback to s");
            CommitHooks.current(tx).onCommit(() -> told.note("onCommit kept"));
        });

        assertThat(told.events()).containsExactly("onRollback SAVEPOINT", "onCommit kept");
    }

    @Test
    void errorHealedByASavepointIsNotAnAbortedTransaction() {
        dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().execute("savepoint s");
            assertThatThrownBy(() -> tx.dsl().execute("select nothing from nowhere"))
                    .isInstanceOf(RuntimeException.class);
            execute(tx, "rollback to s");
        });

        assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Test
    void throwingFailedHookReachesWhoeverRolledBack() {
        told.doing((event, ctx) -> {
            if (event.startsWith("failed")) {
                throw new IllegalStateException("failed hook");
            }
        });
        dsl.transaction(tx -> {
            tx.dsl().execute("savepoint s");
            store(tx, "ann");
            assertThatThrownBy(() -> execute(tx, "rollback to s")).hasStackTraceContaining("failed hook");
            store(tx, "bob");
        });

        assertThat(owners(database)).containsExactly("bob");
        assertTold("failed INSERT ann SAVEPOINT", "bob");
    }
}
