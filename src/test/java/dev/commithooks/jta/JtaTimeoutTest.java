package dev.commithooks.jta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.OnAtomikos;
import dev.commithooks.fixture.OnNarayana;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.fixture.Waiting;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;

/** A JTA transaction that has timed out is rolled back, and told of: by the manager's own thread, if that is who ends it. */
@NeedsRealCommits("XA connections")
class JtaTimeoutTest extends OneDatabase {

    JtaTimeoutTest(TestDatabase database) {
        super(database, 2);
    }

    @Test
    @OnNarayana
    void failedHooksRunOnTheReapersThreadAndTheCallerGetsARollback() {
        CountDownLatch isTold = new CountDownLatch(1);
        List<String> threads = new ArrayList<>();
        deed = (phase, ctx) -> {
            if (phase.equals("failed")) {
                threads.add(Thread.currentThread().getName());
                dsl.transaction(tx -> JtaWorld.store(tx.dsl(), "by the hook"));
                isTold.countDown();
            }
        };

        assertThatThrownBy(() -> {
                    world.manager.setTransactionTimeout(1);
                    world.manager.begin();
                    JtaWorld.store(dsl, "ann");
                    assertThat(isTold.await(10, TimeUnit.SECONDS)).isTrue();
                    assertThatThrownBy(() -> JtaWorld.store(dsl, "too late"))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("timed out")
                            .hasMessageContaining("Nothing was sent");
                    world.manager.commit();
                })
                .isInstanceOf(RollbackException.class);

        assertThat(threads).singleElement().asString().startsWith("Transaction Reaper Worker");
        assertThat(told.events())
                .containsExactly(
                        "failed WORK insert account[1]", "before insert account[2]", "after insert account[2]");
        assertThat(JtaWorld.owners(database)).isEqualTo(List.of("by the hook"));
    }

    @Test
    @OnNarayana
    void transactionOfJooqsThatTimedOutLeavesTheThread() throws Exception {
        CountDownLatch isTold = new CountDownLatch(1);
        deed = (phase, ctx) -> isTold.countDown();
        world.manager.setTransactionTimeout(1);

        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            JtaWorld.store(tx.dsl(), "ann");
            assertThat(isTold.await(10, TimeUnit.SECONDS)).isTrue();
        }));

        assertThat(thrown).isInstanceOf(DataAccessException.class).hasCauseInstanceOf(RollbackException.class);
        assertThat(told.events()).containsExactly("failed WORK insert account[1]");
        assertThat(world.manager.getStatus()).isEqualTo(Status.STATUS_NO_TRANSACTION);
        dsl.transaction(tx -> JtaWorld.store(tx.dsl(), "bob"));
    }

    @Test
    @OnNarayana
    void timeoutWhileABeforeHookRunsIsARollbackAndTheHookCanWriteNoMore() throws Exception {
        deed = (phase, ctx) -> {
            if (phase.equals("before")) {
                Waiting.until(() -> !isActive());
                JtaWorld.store(dsl, "too late");
            }
        };
        world.manager.setTransactionTimeout(1);

        assertThatThrownBy(() -> world.inTransaction(() -> JtaWorld.store(dsl, "ann")))
                .isInstanceOf(Exception.class);

        assertThat(told.events()).containsExactly("before insert account[1]", "failed BEFORE_HOOK insert account[1]");
    }

    /** Atomikos leaves the end to the thread that works in it, which sees nothing of it until then. */
    @Test
    @OnAtomikos
    void transactionThatTimedOutIsRolledBackWhenItsThreadCommitsIt() throws Exception {
        CountDownLatch hasTimedOut = new CountDownLatch(1);
        Logger log = Logger.getLogger("com.atomikos.icatch.imp.ActiveStateHandler");
        log.setLevel(Level.WARNING);
        log.setFilter(record -> {
            hasTimedOut.countDown();
            return false;
        });
        world.manager.setTransactionTimeout(1);

        assertThatThrownBy(() -> world.inTransaction(() -> {
                    JtaWorld.store(dsl, "ann");
                    assertThat(hasTimedOut.await(10, TimeUnit.SECONDS)).isTrue();
                }))
                .isInstanceOf(RollbackException.class);

        assertThat(told.events()).last().asString().startsWith("failed ").endsWith("insert account[1]");
        dsl.transaction(tx -> JtaWorld.store(tx.dsl(), "bob"));
    }

    private boolean isActive() {
        try {
            return world.manager.getStatus() == Status.STATUS_ACTIVE;
        } catch (SystemException failure) {
            throw new AssertionError(failure);
        }
    }
}
