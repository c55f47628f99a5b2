package dev.commithooks.jta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.ActingJournal.Deed;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.OnAtomikos;
import dev.commithooks.fixture.OnNarayana;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.TransactionAbortedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Synchronization;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/** What nobody ought to do to a JTA transaction, and somebody will: hooks are told what the database holds, or it is refused. */
@NeedsRealCommits("XA connections")
class JtaMisuseTest extends OneDatabase {

    JtaMisuseTest(TestDatabase database) {
        super(database, 3);
    }

    @Test
    void secondHooksOnOneDataSourceAreRefusedInATransactionOfTheFirst() {
        DSLContext plain = world.plain("shop", pool);
        DSLContext others = CommitHooks.builder()
                .owner(world.jta)
                .registerAll(new HookJournal())
                .build()
                .attachTo(plain);

        assertThatThrownBy(() -> world.inTransaction(() -> {
                    JtaWorld.store(dsl, "ann");
                    JtaWorld.store(others, "bob");
                }))
                .hasMessageContaining("other CommitHooks")
                .hasMessageContaining("Nothing was sent");

        assertThat(told.events()).containsExactly("failed WORK insert account[1]");
    }

    @Test
    void savepointOfOneConfigurationTakesOutWhatAnotherOneOnThePoolHasWritten() throws Exception {
        DSLContext other = world.dsl("shop", pool);

        world.inTransaction(() -> {
            JtaWorld.store(dsl, "ann");
            catchThrowable(() -> dsl.transaction(nested -> {
                JtaWorld.store(other, "bob");
                throw new IllegalArgumentException();
            }));
        });

        assertThat(told.events())
                .containsExactly(
                        "failed SAVEPOINT insert account[2]", "before insert account[1]", "after insert account[1]");
    }

    @Test
    void poolHasOneName() {
        assertThatThrownBy(() -> world.jta.connections("store", pool))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'store'")
                .hasMessageContaining("'shop'");
    }

    // ---------------------------------------------------------------- hooks that meddle

    @Test
    void beforeHookThatMarksMeansIt() {
        deed = (phase, ctx) -> {
            if (phase.equals("before")) {
                world.manager.setRollbackOnly();
            }
        };

        assertThatThrownBy(() -> world.inTransaction(() -> JtaWorld.store(dsl, "ann")))
                .isInstanceOf(TransactionAbortedException.class);
        dsl.transaction(tx -> JtaWorld.store(tx.dsl(), "bob"));

        assertThat(told.events())
                .contains("failed ROLLBACK_ONLY insert account[1]", "failed ROLLBACK_ONLY insert account[2]");
    }

    @Test
    void beforeHookThatEndsTheTransactionIsToldTheTruth() {
        deed = (phase, ctx) -> {
            if (phase.equals("before")) {
                world.manager.rollback();
            }
        };
        assertThatThrownBy(() -> world.inTransaction(() -> JtaWorld.store(dsl, "ann")))
                .isInstanceOf(RollbackException.class);
        deed = (phase, ctx) -> {
            if (phase.equals("before")) {
                world.manager.commit();
            }
        };
        catchThrowable(() -> world.inTransaction(() -> JtaWorld.store(dsl, "bob")));

        assertThat(told.events())
                .filteredOn(event -> !event.startsWith("before"))
                .hasSize(2)
                .contains("failed BEFORE_HOOK insert account[1]");
    }

    @Test
    @OnNarayana
    void whatASynchronizationWritesThatABeforeHookHasRegisteredIsRefused() {
        deed = registeringOneThatWrites();

        assertThatThrownBy(() -> world.inTransaction(() -> JtaWorld.store(dsl, "ann")))
                .isInstanceOf(RollbackException.class);

        assertThat(told.events()).containsExactly("before insert account[1]", "failed COMMIT insert account[1]");
    }

    @Test
    @OnAtomikos
    void synchronizationThatABeforeHookHasRegisteredIsNotCalled() throws Exception {
        deed = registeringOneThatWrites();

        world.inTransaction(() -> JtaWorld.store(dsl, "ann"));

        assertThat(told.events()).containsExactly("before insert account[1]", "after insert account[1]");
    }

    private Deed registeringOneThatWrites() {
        return (phase, ctx) -> {
            if (phase.equals("before")) {
                Narayana.registry().registerInterposedSynchronization(new Synchronization() {
                    @Override
                    public void beforeCompletion() {
                        JtaWorld.store(dsl, "late");
                    }

                    @Override
                    public void afterCompletion(int status) {}
                });
            }
        };
    }

    @Test
    void transactionThatAnAfterHookLeavesOpenIsRolledBack() throws Exception {
        deed = (phase, ctx) -> {
            if (phase.equals("after") && told.events().size() == 2) {
                world.manager.begin();
                JtaWorld.store(dsl, "left open");
            }
        };

        world.inTransaction(() -> JtaWorld.store(dsl, "ann"));

        assertThat(told.events())
                .containsExactly(
                        "before insert account[1]", "after insert account[1]", "failed WORK insert account[2]");
    }
}
