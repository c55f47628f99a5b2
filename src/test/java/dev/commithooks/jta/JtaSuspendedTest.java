package dev.commithooks.jta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Transaction;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A JTA transaction that leaves its thread, for a while or for another one, is still the same one. */
@NeedsRealCommits("XA connections")
class JtaSuspendedTest extends OneDatabase {

    JtaSuspendedTest(TestDatabase database) {
        super(database, 3);
    }

    @Test
    void suspendedTransactionIsNotTheOneAtWork() throws Exception {
        world.inTransaction(() -> {
            JtaWorld.store(dsl, "outer");
            var suspended = world.manager.suspend();
            world.inTransaction(() -> JtaWorld.store(dsl, "inner"));
            assertThat(toldOf("after")).containsExactly("insert account[2]");
            world.manager.resume(suspended);
            JtaWorld.store(dsl, "outer again");
        });

        assertThat(toldOf("after")).containsExactly("insert account[2]", "insert account[1]", "insert account[3]");
        assertThat(JtaWorld.owners(database)).containsExactly("outer", "inner", "outer again");
    }

    @Test
    void beforeHookMayHaveATransactionOfItsOwn() throws Exception {
        deed = (phase, ctx) -> {
            if (phase.equals("before") && told.events().size() == 1) {
                Transaction suspended = world.manager.suspend();
                dsl.transaction(tx -> JtaWorld.store(tx.dsl(), "its own"));
                world.manager.resume(suspended);
                JtaWorld.store(dsl, "more");
            }
        };

        world.inTransaction(() -> JtaWorld.store(dsl, "ann"));

        assertThat(told.events())
                .containsExactly(
                        "before insert account[1]",
                        "before insert account[2]",
                        "after insert account[2]",
                        "after insert account[1]",
                        "after insert account[3]");
    }

    @Test
    void resumedOnAnotherThreadItIsTheSameOne() throws Exception {
        world.manager.begin();
        JtaWorld.store(dsl, "ann");
        Transaction suspended = world.manager.suspend();

        CompletableFuture.runAsync(() -> {
                    try {
                        world.manager.resume(suspended);
                        JtaWorld.store(dsl, "bob");
                        world.manager.commit();
                    } catch (Exception failure) {
                        throw new IllegalStateException(failure);
                    }
                })
                .get(10, TimeUnit.SECONDS);
        JtaWorld.store(dsl, "cat");

        assertThat(told.events())
                .containsExactly(
                        "before insert account[1]",
                        "before insert account[2]",
                        "after insert account[1]",
                        "after insert account[2]",
                        "before insert account[3]",
                        "after insert account[3]");
    }

    @Test
    void suspendedOneThatIsCommittedByItsObjectHasItsOwnBeforeHooks() throws Exception {
        world.manager.begin();
        JtaWorld.store(dsl, "ann");
        Transaction suspended = world.manager.suspend();
        world.manager.begin();
        JtaWorld.store(dsl, "bob");

        suspended.commit();
        List<String> toldOfTheFirst = told.events();
        world.manager.commit();

        assertThat(toldOfTheFirst).containsExactly("before insert account[1]", "after insert account[1]");
        assertThat(told.events()).endsWith("before insert account[2]", "after insert account[2]");
    }

    @Test
    void suspendedOneThatIsCommittedPastTheDecoratorsIsRolledBack() throws Exception {
        Narayana.manager().begin();
        JtaWorld.store(dsl, "ann");
        Transaction suspended = Narayana.manager().suspend();

        assertThatThrownBy(suspended::commit)
                .isInstanceOf(RollbackException.class)
                .hasStackTraceContaining("a thread that is not in it");

        assertThat(told.events()).containsExactly("failed COMMIT insert account[1]");
    }
}
