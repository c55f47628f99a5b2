package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.fixture.JooqStatements.rollbackToSavepoint;
import static dev.commithooks.fixture.JooqStatements.savepoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.CurrentTransaction;
import dev.commithooks.policy.OutsideTransaction;
import dev.commithooks.transaction.AfterCommitException;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/** Ad hoc callbacks: registration order, right across savepoints, nothing lost and nothing leaked. */
@Database
class CallbacksTest {

    private final HookJournal journal = new HookJournal();
    private final TestDatabase database;
    private final DSLContext dsl;

    CallbacksTest(TestDatabase database) {
        this.database = database;
        this.dsl = CommitHooks.builder().registerAll(journal).build().attachTo(database.dsl());
    }

    private CurrentTransaction register(Configuration tx, String name) {
        CurrentTransaction current = CommitHooks.current(tx);
        current.onCommit(() -> journal.add("onCommit " + name));
        current.onRollback(failure -> journal.add("onRollback " + name + " " + failure.stage()));
        current.beforeCommit(() -> journal.add("beforeCommit " + name));
        current.onInDoubt(() -> journal.add("onInDoubt " + name));
        return current;
    }

    private static void storeAuthor(Configuration tx) {
        AuthorRecord author = tx.dsl().newRecord(AUTHOR);
        author.setName("a");
        author.store();
    }

    @Test
    void callbacksRunAfterTheHooksOfTheirPhaseInRegistrationOrder() {
        dsl.transaction(tx -> {
            register(tx, "1");
            storeAuthor(tx);
            register(tx, "2");
        });

        assertThat(journal.events())
                .containsExactly(
                        "before insert author[1]",
                        "beforeCommit 1",
                        "beforeCommit 2",
                        "after insert author[1]",
                        "onCommit 1",
                        "onCommit 2");
        assertThat(database.journal()).hasSize(1);
    }

    @Test
    void callbackOfASavepointThatABeforeHookRollsBackHasNotHadItsBefore() {
        List<Boolean> beforeRan = new ArrayList<>();
        DSLContext hooked = CommitHooks.builder()
                .on(
                        AUTHOR,
                        on -> on.beforeCommitInsert((author, ctx) -> {
                            try {
                                ctx.dsl().transaction(nested -> {
                                    CommitHooks.current(nested)
                                            .onRollback(failure -> beforeRan.add(failure.beforeRan()));
                                    throw new IllegalStateException("undo");
                                });
                            } catch (IllegalStateException expected) {
                                journal.add(expected.getMessage());
                            }
                        }))
                .build()
                .attachTo(database.dsl());

        hooked.transaction(tx -> {
            storeAuthor(tx);
            storeAuthor(tx);
        });

        assertThat(beforeRan).containsExactly(false, false);
        assertThat(database.journal()).hasSize(2);
    }

    @Test
    void rollbackRunsOnRollbackWithItsReason() {
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    register(tx, "1");
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        dsl.transaction(tx -> register(tx, "2").setRollbackOnly());

        assertThat(journal.events()).containsExactly("onRollback 1 WORK", "onRollback 2 ROLLBACK_ONLY");
    }

    @Test
    void savepointDiscardsOrKeepsItsCallbacks() {
        dsl.transaction(tx -> {
            register(tx, "outer");
            assertThatThrownBy(() -> tx.dsl().transaction(inner -> {
                        register(inner, "lost");
                        inner.dsl().transaction(innermost -> register(innermost, "released, then lost"));
                        throw new IllegalStateException("undo");
                    }))
                    .hasMessage("undo");
            tx.dsl().transaction(inner -> register(inner, "kept"));
        });

        assertThat(journal.events())
                .containsExactly(
                        "onRollback lost SAVEPOINT",
                        "onRollback released, then lost SAVEPOINT",
                        "beforeCommit outer",
                        "beforeCommit kept",
                        "onCommit outer",
                        "onCommit kept");
    }

    @Test
    void callbackRegisteredByACallbackRunsAfterTheOthers() {
        dsl.transaction(tx -> {
            CurrentTransaction current = CommitHooks.current(tx);
            current.onCommit(() -> {
                journal.add("1");
                current.onCommit(() -> journal.add("3"));
            });
            current.onCommit(() -> journal.add("2"));
            current.beforeCommit(() -> {
                journal.add("before 1");
                current.beforeCommit(() -> journal.add("before 2"));
                current.onCommit(() -> journal.add("2a"));
            });
        });

        assertThat(journal.events()).containsExactly("before 1", "before 2", "1", "2", "2a", "3");
    }

    @Test
    void beforeCommitCallbackMayWriteAndVeto() {
        dsl.transaction(tx -> CommitHooks.current(tx).beforeCommit(() -> storeAuthor(tx)));
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    storeAuthor(tx);
                    CommitHooks.current(tx).beforeCommit(() -> {
                        throw new IllegalStateException("veto");
                    });
                }))
                .hasMessage("veto");

        assertThat(journal.events())
                .containsExactly(
                        "after insert author[1]", "before insert author[2]", "failed BEFORE_HOOK insert author[2]");
        assertThat(database.journal()).hasSize(1);
    }

    @Test
    void failingCallbackDoesNotKeepOthersFromRunning() {
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    storeAuthor(tx);
                    CommitHooks.current(tx).onCommit(() -> {
                        throw new java.io.IOException("first");
                    });
                    register(tx, "second");
                }))
                .isInstanceOf(AfterCommitException.class)
                .hasMessageContaining("onCommit callback failed")
                .hasMessageContaining("IS committed");

        assertThat(journal.events()).contains("onCommit second");
        assertThat(database.journal()).hasSize(1);
    }

    @Test
    void nothingLeaksIntoTheNextTransaction() {
        List<CurrentTransaction> leaked = new ArrayList<>();
        dsl.transaction(tx -> leaked.add(register(tx, "1")));
        journal.drain();
        dsl.transaction(tx -> storeAuthor(tx));

        assertThat(journal.events()).containsExactly("before insert author[1]", "after insert author[1]");
        assertThatThrownBy(() -> leaked.get(0).onCommit(() -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("too late");
        assertThatThrownBy(() -> leaked.get(0).setRollbackOnly())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("too late");
    }

    @Test
    void outsideATransactionOnCommitRunsAtOnceAndTheOthersAreErrors() {
        CurrentTransaction none = CommitHooks.current(dsl);
        none.onCommit(() -> journal.add("now"));

        assertThat(journal.events()).containsExactly("now");
        assertThatThrownBy(() -> none.onRollback(failure -> {})).hasMessageContaining("needs an open transaction");
        assertThatThrownBy(() -> none.beforeCommit(() -> {})).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> none.onInDoubt(() -> {})).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(none::setRollbackOnly).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(none::pending).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(none::info).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void outsideATransactionOnCommitIsAnErrorUnderReject() {
        DSLContext rejecting = CommitHooks.builder()
                .registerAll(journal)
                .outsideTransaction(OutsideTransaction.REJECT)
                .build()
                .attachTo(database.dsl());

        assertThatThrownBy(() -> CommitHooks.current(rejecting).onCommit(() -> {}))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void hooksAreNotNeededForCallbacks() {
        DSLContext plain = CommitHooks.builder().build().attachTo(database.dsl());

        plain.transaction(tx -> {
            register(tx, "outer");
            savepoint(tx.dsl(), "s").execute();
            register(tx, "lost");
            rollbackToSavepoint(tx.dsl(), "s").execute();
        });

        assertThat(journal.events())
                .containsExactly("onRollback lost SAVEPOINT", "beforeCommit outer", "onCommit outer");
    }

    @Test
    void configurationWithoutHooksIsToldOfAttachTo() {
        assertThatThrownBy(() -> CommitHooks.current(database.dsl()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("attachTo");
    }
}
