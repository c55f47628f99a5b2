package dev.commithooks.jta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.change.Change;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.fixture.Waiting;
import dev.commithooks.hook.HookContext;
import dev.commithooks.transaction.TransactionAbortedException;
import io.agroal.api.AgroalDataSource;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What nobody ought to do to a JTA transaction, and somebody will: hooks are told what the database holds, or it is refused. */
@Database
@NeedsRealCommits("XA connections")
class JtaMisuseTest {

    /** What a hook does besides noting. */
    private interface Deed {
        void on(String phase, HookContext ctx) throws Exception;
    }

    private final TestDatabase database;
    private volatile Deed deed = (phase, ctx) -> {};

    private final HookJournal told = new HookJournal() {
        @Override
        protected void before(Change<Record> change, HookContext ctx) throws Exception {
            super.before(change, ctx);
            deed.on("before", ctx);
        }

        @Override
        protected void after(Change<Record> change, HookContext ctx) throws Exception {
            super.after(change, ctx);
            deed.on("after", ctx);
        }

        @Override
        protected void failed(Change<Record> change, HookContext ctx) throws Exception {
            super.failed(change, ctx);
            deed.on("failed", ctx);
        }
    };

    private final JtaWorld world = new JtaWorld(told);
    private final AgroalDataSource pool;
    private final DSLContext dsl;

    JtaMisuseTest(TestDatabase database) {
        this.database = database;
        this.pool = world.pool(database, 3);
        this.dsl = world.dsl("shop", pool);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        world.manager.setTransactionTimeout(0);
        world.assertNothingIsLeft();
        world.close();
        assertThat(told.events().stream()
                        .filter(event -> event.startsWith("after "))
                        .map(event -> event.substring("after ".length())))
                .as("what was told is what is there")
                .containsExactlyInAnyOrderElementsOf(JtaWorld.committed(database));
    }

    // ---------------------------------------------------------------- one pool, two ways to it

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

    // ---------------------------------------------------------------- timeouts

    @Test
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

    private boolean isActive() {
        try {
            return world.manager.getStatus() == Status.STATUS_ACTIVE;
        } catch (SystemException failure) {
            throw new AssertionError(failure);
        }
    }

    // ---------------------------------------------------------------- hooks that meddle

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
    void whatASynchronizationWritesThatABeforeHookHasRegisteredIsRefused() {
        deed = (phase, ctx) -> {
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

        assertThatThrownBy(() -> world.inTransaction(() -> JtaWorld.store(dsl, "ann")))
                .isInstanceOf(RollbackException.class);

        assertThat(told.events()).containsExactly("before insert account[1]", "failed COMMIT insert account[1]");
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

    // ---------------------------------------------------------------- threads

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
