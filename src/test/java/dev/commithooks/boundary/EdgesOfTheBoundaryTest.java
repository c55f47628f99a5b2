package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.CurrentTransaction;
import dev.commithooks.policy.AfterCommitErrors;
import dev.commithooks.policy.OutsideTransaction;
import dev.commithooks.policy.TransactionDefaults;
import dev.commithooks.spi.CommitContext;
import dev.commithooks.transaction.IsolationLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/** What goes wrong where one thing ends and another begins. */
@Database
@NeedsRealCommits("connections and outcomes of its own")
class EdgesOfTheBoundaryTest extends EdgesFixture {

    EdgesOfTheBoundaryTest(TestDatabase database) {
        super(database);
    }

    @Test
    void whereNoHookIsRegisteredNoListenerOfRecordsOrStatementsIsInstalledInATransactionEither() {
        DSLContext dsl = CommitHooks.builder().build().attachTo(database.dsl());
        List<String> told = new ArrayList<>();
        dsl.transaction(tx -> {
            assertThat(tx.recordListenerProviders()).isEmpty();
            assertThat(tx.executeListenerProviders())
                    .hasSameSizeAs(database.dsl().configuration().executeListenerProviders());
            CommitHooks.current(tx).onCommit(() -> told.add("committed"));
        });
        assertThat(told).containsExactly("committed");
    }

    @Test
    void aCallbackThatAnotherThreadRegistersAtTheEndRunsOrIsRefused() {
        DSLContext dsl = CommitHooks.builder().build().attachTo(database.dsl());
        for (int round = 0; round < 300; round++) {
            ConcurrentLinkedQueue<String> run = new ConcurrentLinkedQueue<>();
            List<CompletableFuture<Boolean>> other = new ArrayList<>();
            CountDownLatch ending = new CountDownLatch(1);
            dsl.transaction(tx -> {
                CurrentTransaction current = CommitHooks.current(tx);
                other.add(CompletableFuture.supplyAsync(() -> {
                    try {
                        ending.await();
                        current.onCommit(() -> run.add("late"));
                        return true;
                    } catch (IllegalStateException refused) {
                        return false;
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }));
                current.onCommit(ending::countDown);
            });
            boolean wasAccepted = other.get(0).join();
            assertThat(run).as("round %d", round).hasSize(wasAccepted ? 1 : 0);
        }
    }

    @Test
    void aChangeThatABeforeHookRolledBackGetsNoBeforeHookAfterItsFailedHook() {
        DSLContext dsl = CommitHooks.builder()
                .on(
                        AUTHOR,
                        on -> on.beforeCommitInsert((author, ctx) -> {
                            if (author.row().getName().equals("first")) {
                                ctx.dsl().execute("rollback to savepoint s");
                            }
                        }))
                .registerAll(journal)
                .build()
                .attachTo(database.dsl());

        dsl.transaction(tx -> {
            author(tx.dsl(), "first");
            tx.dsl().execute("savepoint s");
            author(tx.dsl(), "second");
        });

        assertThat(names()).containsExactly("first");
        assertThat(journal.events())
                .containsExactly(
                        "failed SAVEPOINT insert author[2]", "before insert author[1]", "after insert author[1]");
    }

    @Test
    void aParticipantWritesWithTheFinalChangesAndKnowsTheOutcome() {
        List<String> seen = new ArrayList<>();
        DSLContext dsl = CommitHooks.builder()
                .registerAll(journal)
                .participant(commit -> {
                    seen.add("about to commit " + commit.changes().size());
                    write(commit, "of the participant");
                    return outcome -> seen.add(String.valueOf(outcome));
                })
                .build()
                .attachTo(database.dsl());

        dsl.transaction(tx -> author(tx.dsl(), "Ada"));
        dsl.transaction(tx -> CommitHooks.current(tx).setRollbackOnly());

        assertThat(seen).containsExactly("about to commit 1", "COMMITTED");
        assertThat(names()).containsExactly("Ada", "of the participant");
        assertThat(journal.events()).containsExactly("before insert author[1]", "after insert author[1]");
    }

    private static void write(CommitContext commit, String name) {
        commit.dsl().insertInto(AUTHOR, AUTHOR.NAME).values(name).execute();
    }

    @Test
    void aParticipantThatThrowsRollsBack() {
        DSLContext dsl = CommitHooks.builder()
                .registerAll(journal)
                .participant(commit -> {
                    throw new IllegalStateException("no room");
                })
                .build()
                .attachTo(database.dsl());

        assertThatThrownBy(() -> dsl.transaction(tx -> author(tx.dsl(), "Ada"))).hasMessage("no room");

        assertThat(names()).isEmpty();
        assertThat(journal.events()).containsExactly("before insert author[1]", "failed BEFORE_HOOK insert author[1]");
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void defaultsHoldForEveryTransactionThatIsBegunHere() {
        CommitHooks hooks = CommitHooks.builder()
                .registerAll(journal)
                .transactionDefaults(TransactionDefaults.none().isolation(IsolationLevel.SERIALIZABLE))
                .afterCommitErrors(AfterCommitErrors.LOG)
                .outsideTransaction(OutsideTransaction.RUN_NOW)
                .build();
        DSLContext dsl = hooks.attachTo(database.dsl());

        dsl.transaction(tx -> assertThat(isolation(tx)).isEqualTo("serializable"));
        try (var session = hooks.open(dsl)) {
            assertThat(isolation(session.dsl().configuration())).isEqualTo("serializable");
        }
    }

    private static Object isolation(Configuration tx) {
        return tx.dsl().fetchValue("show transaction_isolation");
    }
}
