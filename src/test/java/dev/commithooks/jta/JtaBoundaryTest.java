package dev.commithooks.jta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.OnAtomikos;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.AfterCommitException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Synchronization;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which hook runs when around the end of a JTA transaction on one database, on which connection, and where its exception goes. */
@NeedsRealCommits("XA connections")
class JtaBoundaryTest extends OneDatabase {

    private final List<String> order = new ArrayList<>();

    JtaBoundaryTest(TestDatabase database) {
        super(database, 1);
    }

    @Test
    void afterHooksFindTheThreadAndAPoolOfOneFree() throws Exception {
        deed = (event, ctx) -> {
            if (event.equals("after") && order.isEmpty()) {
                order.add("in use: " + pool.getMetrics().activeCount());
                world.assertNothingIsLeft();
                dsl.transaction(tx -> JtaWorld.store(tx.dsl(), "by the hook"));
                JtaWorld.store(ctx.dsl(), "by its context");
            }
        };

        world.inTransaction(() -> JtaWorld.store(dsl, "ann"));

        assertThat(order).containsExactly("in use: 0");
        assertThat(toldOf("after"))
                .containsExactlyInAnyOrderElementsOf(JtaWorld.committed(database))
                .hasSize(3);
    }

    @Test
    void beforeHooksRunAfterEverySynchronizationAndSeeWhatItWrote() throws Exception {
        deed = (event, ctx) -> order.add(event);

        world.inTransaction(() -> {
            JtaWorld.store(dsl, "ann");
            Narayana.registry().registerInterposedSynchronization(writing("interposed"));
            world.manager.getTransaction().registerSynchronization(writing("plain"));
        });

        assertThat(order)
                .containsExactly("plain", "interposed", "before", "before", "before", "after", "after", "after");
        assertThat(toldOf("after"))
                .containsExactlyElementsOf(JtaWorld.committed(database))
                .hasSize(3);
    }

    private Synchronization writing(String name) {
        return new Synchronization() {
            @Override
            public void beforeCompletion() {
                order.add(name);
                JtaWorld.store(dsl, "by it");
            }

            @Override
            public void afterCompletion(int status) {}
        };
    }

    @Test
    void whatABeforeHookWritesIsCommittedWithTheRest() throws Exception {
        deed = (event, ctx) -> {
            if (event.equals("before") && order.isEmpty()) {
                order.add("written");
                JtaWorld.store(ctx.dsl(), "by the hook");
            }
        };

        world.inTransaction(() -> JtaWorld.store(dsl, "ann"));

        assertThat(toldOf("after"))
                .containsExactlyElementsOf(JtaWorld.committed(database))
                .hasSize(2);
    }

    @Test
    void exceptionOfABeforeHookReachesTheCallerAndRollsBack() {
        IllegalStateException veto = new IllegalStateException("veto");
        deed = (event, ctx) -> {
            if (event.equals("before")) {
                throw veto;
            }
        };

        Throwable byManager = catchThrowable(() -> world.inTransaction(() -> JtaWorld.store(dsl, "ann")));
        Throwable byJooq = catchThrowable(() -> dsl.transaction(tx -> JtaWorld.store(tx.dsl(), "bob")));

        assertThat(byManager).isSameAs(veto);
        assertThat(byJooq).isSameAs(veto);
        assertThat(told.events())
                .containsExactly(
                        "before insert account[1]",
                        "failed BEFORE_HOOK insert account[1]",
                        "before insert account[2]",
                        "failed BEFORE_HOOK insert account[2]");
        assertThat(JtaWorld.committed(database)).isEmpty();
    }

    /** Managers hear of it as an exception of theirs: one of them would leave the transaction open after an Error. */
    @Test
    void errorOfABeforeHookReachesTheCallerAndRollsBack() {
        AssertionError error = new AssertionError("no");
        Exception checked = new Exception("no");
        List<Throwable> own = new ArrayList<>(List.of(error, checked));
        deed = (phase, ctx) -> {
            if (phase.equals("before")) {
                Throwable next = own.remove(0);
                if (next instanceof Error thrown) {
                    throw thrown;
                }
                throw (Exception) next;
            }
        };

        Throwable first = catchThrowable(() -> world.inTransaction(() -> JtaWorld.store(dsl, "ann")));
        Throwable second = catchThrowable(() -> world.inTransaction(() -> JtaWorld.store(dsl, "bob")));

        assertThat(first).isSameAs(error);
        assertThat(second).isSameAs(checked);
        assertThat(toldOf("failed BEFORE_HOOK")).containsExactly("insert account[1]", "insert account[2]");
    }

    @Test
    void exceptionOfAnAfterHookReachesTheCallerAsCommitted() {
        deed = (event, ctx) -> {
            if (event.equals("after")) {
                throw new IllegalStateException("no mail");
            }
        };

        assertThatThrownBy(() -> world.inTransaction(() -> JtaWorld.store(dsl, "ann")))
                .isInstanceOf(AfterCommitException.class)
                .hasMessageContaining("IS committed");
        assertThatThrownBy(() -> dsl.transaction(tx -> JtaWorld.store(tx.dsl(), "bob")))
                .isInstanceOf(AfterCommitException.class)
                .hasNoSuppressedExceptions();
        assertThatThrownBy(() -> {
                    world.jta.userTransaction().begin();
                    JtaWorld.store(dsl, "cat");
                    world.jta.userTransaction().commit();
                })
                .isInstanceOf(AfterCommitException.class);

        assertThat(toldOf("after"))
                .containsExactlyElementsOf(JtaWorld.committed(database))
                .hasSize(3);
    }

    @Test
    void exceptionOfAFailedHookDoesNotReplaceTheApplicationsOwn() {
        deed = (event, ctx) -> {
            throw new IllegalStateException("failed hook");
        };
        IllegalArgumentException own = new IllegalArgumentException("the application's own");

        Throwable thrown = catchThrowable(() -> world.inTransaction(() -> {
            JtaWorld.store(dsl, "ann");
            throw own;
        }));

        assertThat(thrown).isSameAs(own);
        assertThat(told.events()).containsExactly("failed WORK insert account[1]");
        assertThat(JtaWorld.committed(database)).isEmpty();
    }

    @Test
    void transactionThatIsEndedPastTheDecoratorsIsToldOfByTheManagersCallback() throws Exception {
        deed = (event, ctx) -> {
            if (event.equals("after") && order.isEmpty()) {
                order.add("in use: " + pool.getMetrics().activeCount());
                dsl.transaction(tx -> JtaWorld.store(tx.dsl(), "by the hook"));
                throw new IllegalStateException("logged");
            }
        };

        Narayana.manager().begin();
        JtaWorld.store(dsl, "ann");
        Narayana.manager().commit();

        assertThat(order).containsExactly("in use: 0");
        assertThat(toldOf("after"))
                .containsExactlyInAnyOrderElementsOf(JtaWorld.committed(database))
                .hasSize(2);
    }

    /** Before hooks had to be given their place at the first statement. */
    @Test
    @OnAtomikos
    void pastTheDecoratorsALaterSynchronizationCannotWriteAnyMore() throws Exception {
        Narayana.manager().begin();
        JtaWorld.store(dsl, "ann");
        Narayana.registry().registerInterposedSynchronization(writing("interposed"));

        assertThatThrownBy(() -> Narayana.manager().commit()).isInstanceOf(RollbackException.class);

        assertThat(toldOf("failed ")).containsExactly("insert account[1]");
    }
}
