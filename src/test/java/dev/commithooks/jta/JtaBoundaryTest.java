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
import dev.commithooks.hook.HookContext;
import dev.commithooks.transaction.AfterCommitException;
import dev.commithooks.transaction.TransactionAbortedException;
import io.agroal.api.AgroalDataSource;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which hook runs when around the end of a JTA transaction on one database, on which connection, and where its exception goes. */
@Database
@NeedsRealCommits("XA connections")
class JtaBoundaryTest {

    private final TestDatabase database;
    private final List<String> order = new ArrayList<>();
    private BiConsumer<String, HookContext> deed = (event, ctx) -> {};

    private final HookJournal told = new HookJournal() {
        @Override
        protected void before(Change<Record> change, HookContext ctx) throws Exception {
            super.before(change, ctx);
            deed.accept("before", ctx);
        }

        @Override
        protected void after(Change<Record> change, HookContext ctx) throws Exception {
            super.after(change, ctx);
            deed.accept("after", ctx);
        }

        @Override
        protected void failed(Change<Record> change, HookContext ctx) throws Exception {
            super.failed(change, ctx);
            deed.accept("failed", ctx);
        }
    };

    private final JtaWorld world = new JtaWorld(told);
    private final AgroalDataSource pool;
    private final DSLContext dsl;

    JtaBoundaryTest(TestDatabase database) {
        this.database = database;
        this.pool = world.pool(database, 1);
        this.dsl = world.dsl("shop", pool);
    }

    @BeforeEach
    void nothingYet() {
        world.assertNothingIsLeft();
    }

    @AfterEach
    void nothingIsLeft() {
        world.assertNothingIsLeft();
        world.close();
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
    void rollbackOnlyOnPurposeIsQuietInJooqAndARollbackExceptionInJta() {
        dsl.transaction(tx -> {
            JtaWorld.store(tx.dsl(), "ann");
            CommitHooks.current(tx).setRollbackOnly();
        });
        assertThatThrownBy(() -> world.inTransaction(() -> {
                    JtaWorld.store(dsl, "bob");
                    world.manager.setRollbackOnly();
                    assertThat(CommitHooks.current(dsl).isRollbackOnly()).isTrue();
                }))
                .isInstanceOf(RollbackException.class);
        deed = (event, ctx) -> {
            if (event.equals("before")) {
                CommitHooks.current(dsl).setRollbackOnly();
            }
        };
        dsl.transaction(tx -> JtaWorld.store(tx.dsl(), "cat"));
        assertThatThrownBy(() -> world.inTransaction(() -> JtaWorld.store(dsl, "dan")))
                .isInstanceOf(TransactionAbortedException.class);

        assertThat(toldOf("failed ROLLBACK_ONLY"))
                .containsExactly("insert account[1]", "insert account[2]", "insert account[3]", "insert account[4]");
        assertThat(toldOf("after", "in doubt")).isEmpty();
        assertThat(JtaWorld.committed(database)).isEmpty();
    }

    @Test
    void swallowedErrorThatAbortedTheTransactionIsNoCommit() {
        assertThatThrownBy(() -> world.inTransaction(() -> {
                    JtaWorld.store(dsl, "ann");
                    catchThrowable(() -> dsl.execute("select 1/0"));
                }))
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("IS rolled back");

        assertThat(told.events()).containsExactly("failed COMMIT insert account[1]");
        assertThat(JtaWorld.committed(database)).isEmpty();
    }

    @Test
    void deferredConstraintIsAFailedCommit() {
        assertThatThrownBy(() -> world.inTransaction(() -> {
                    JtaWorld.store(dsl, "ann");
                    dsl.execute("insert into review (book_id, rating) values (4711, 5)");
                }))
                .isInstanceOf(RollbackException.class)
                .hasMessageContaining("IS rolled back")
                .hasMessageContaining("23503");

        assertThat(toldOf("failed COMMIT")).contains("insert account[1]");
        assertThat(toldOf("after", "in doubt")).isEmpty();
        assertThat(JtaWorld.committed(database)).isEmpty();
    }

    @Test
    void nestedTransactionIsASavepoint() {
        dsl.transaction(tx -> {
            JtaWorld.store(tx.dsl(), "ann");
            catchThrowable(() -> tx.dsl().transaction(nested -> {
                JtaWorld.store(nested.dsl(), "bob");
                throw new IllegalArgumentException();
            }));
            assertThat(told.events()).containsExactly("failed SAVEPOINT insert account[2]");
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        JtaWorld.store(nested.dsl(), "cat");
                        catchThrowable(() -> nested.dsl().execute("select 1/0"));
                    }))
                    .isInstanceOf(TransactionAbortedException.class);
            tx.dsl().transaction(nested -> JtaWorld.store(nested.dsl(), "dan"));
        });

        assertThat(toldOf("failed SAVEPOINT")).containsExactly("insert account[2]", "insert account[3]");
        assertThat(toldOf("after"))
                .containsExactlyElementsOf(JtaWorld.committed(database))
                .containsExactly("insert account[1]", "insert account[4]");
    }

    /** Through the pool that is asked for it, so that the transaction of a hook is one of its own. */
    @Test
    void suspendedTransactionIsNotTheOneAtWork() throws Exception {
        AgroalDataSource two = world.pool(database, 2);
        DSLContext on = world.dsl("shop", two);

        world.inTransaction(() -> {
            JtaWorld.store(on, "outer");
            var suspended = world.manager.suspend();
            world.inTransaction(() -> JtaWorld.store(on, "inner"));
            assertThat(toldOf("after")).containsExactly("insert account[2]");
            world.manager.resume(suspended);
            JtaWorld.store(on, "outer again");
        });

        assertThat(toldOf("after")).containsExactly("insert account[2]", "insert account[1]", "insert account[3]");
        assertThat(JtaWorld.owners(database)).containsExactly("outer", "inner", "outer again");
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

    @Test
    void outsideOfTransactionsAStatementIsItsOwn() {
        JtaWorld.store(dsl, "ann");

        assertThat(told.events()).containsExactly("before insert account[1]", "after insert account[1]");
        assertThat(JtaWorld.committed(database)).containsExactly("insert account[1]");
    }

    @Test
    void errorInTheBlockIsRolledBackByJooq() {
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    JtaWorld.store(tx.dsl(), "ann");
                    tx.dsl().execute("select 1/0");
                }))
                .isInstanceOf(DataAccessException.class);

        assertThat(told.events()).containsExactly("failed WORK insert account[1]");
        assertThat(JtaWorld.committed(database)).isEmpty();
    }

    @Test
    void statusOfTheThreadIsTheManagersOwn() throws Exception {
        world.manager.begin();
        assertThat(world.jta.userTransaction().getStatus()).isEqualTo(Status.STATUS_ACTIVE);
        assertThat(world.manager.getTransaction()).isEqualTo(world.manager.getTransaction());
        world.manager.rollback();
    }

    private List<String> toldOf(String... phases) {
        return told.events().stream()
                .filter(event -> List.of(phases).stream().anyMatch(event::startsWith))
                .map(event -> event.replaceFirst("^(before|after|in doubt|failed \\w+) ", ""))
                .toList();
    }
}
