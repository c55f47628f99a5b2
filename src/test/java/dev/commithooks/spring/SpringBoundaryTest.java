package dev.commithooks.spring;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.ActingJournal;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.AfterCommitException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Which hook runs when around the end of a transaction of Spring's, on which connection, and where its exception goes. */
@Database
class SpringBoundaryTest {

    private final TestDatabase database;
    private final List<String> order = new ArrayList<>();
    private final ActingJournal told = new ActingJournal();

    SpringBoundaryTest(TestDatabase database) {
        this.database = database;
    }

    @ParameterizedTest
    @EnumSource(names = {"DATA_SOURCE", "JDBC", "JPA"})
    void afterHooksFindACleanThreadAndAPoolOfOneFree(Managers manager) {
        HikariDataSource pool = database.pool(1);
        SpringWorld world = new SpringWorld(manager, pool, told);
        told.act((event, ctx) -> {
            if (event.equals("after") && order.isEmpty()) {
                order.add("in use: " + pool.getHikariPoolMXBean().getActiveConnections());
                world.assertNothingIsBound();
                world.template().executeWithoutResult(status -> world.store("by the hook"));
                SpringWorld.store(ctx.dsl(), "by its context");
            }
        });

        world.template().executeWithoutResult(status -> world.store("ann"));

        assertThat(order).containsExactly("in use: 0");
        assertThat(world.told("after"))
                .containsExactlyInAnyOrder("insert account[1]", "insert account[2]", "insert account[3]")
                .containsExactlyInAnyOrderElementsOf(SpringWorld.committed(database));
    }

    /** They need a second connection; the thread looks clean while they run, and is put back as it was. */
    @Test
    void afterHooksOfAManagerThatIsListenedToAreOutsideOfItsTransaction() {
        SpringWorld world = new SpringWorld(Managers.JDBC_LISTENED_TO, database.pool(2), told);
        told.act((event, ctx) -> {
            if (event.equals("after") && order.isEmpty()) {
                order.add("once");
                world.assertNothingIsBound();
                world.template().executeWithoutResult(status -> world.store("by the hook"));
                SpringWorld.store(ctx.dsl(), "by its context");
            }
        });

        world.template().executeWithoutResult(status -> world.store("ann"));

        assertThat(world.told("after"))
                .containsExactlyInAnyOrder("insert account[1]", "insert account[2]", "insert account[3]")
                .containsExactlyInAnyOrderElementsOf(SpringWorld.committed(database));
        world.assertNothingIsBound();
    }

    @ParameterizedTest
    @EnumSource
    void beforeHooksRunAfterEverySynchronizationAndSeeWhatItWrote(Managers manager) {
        SpringWorld world = new SpringWorld(manager, database.pool(1), told);
        told.act((event, ctx) -> order.add(event));

        world.template().executeWithoutResult(status -> {
            world.store("ann");
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void beforeCommit(boolean readOnly) {
                    order.add("synchronization");
                    world.store("by it");
                }

                @Override
                public void beforeCompletion() {
                    order.add("its last");
                    world.store("by it, at the last");
                }
            });
        });

        assertThat(order)
                .containsExactly(
                        "synchronization", "its last", "before", "before", "before", "after", "after", "after");
        assertThat(world.told("after"))
                .containsExactlyElementsOf(SpringWorld.committed(database))
                .hasSize(3);
    }

    @Test
    void whatABeforeHookWritesIsCommittedWithTheRest() {
        SpringWorld world = new SpringWorld(Managers.JDBC, database.pool(1), told);
        told.act((event, ctx) -> {
            if (event.equals("before") && order.isEmpty()) {
                order.add("written");
                SpringWorld.store(ctx.dsl(), "by the hook");
            }
        });

        world.template().executeWithoutResult(status -> world.store("ann"));

        assertThat(world.told("after"))
                .containsExactlyElementsOf(SpringWorld.committed(database))
                .hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void exceptionOfABeforeHookReachesTheCallerAndRollsBack(Managers manager) {
        SpringWorld world = new SpringWorld(manager, database.pool(1), told);
        IllegalStateException veto = new IllegalStateException("veto");
        told.act((event, ctx) -> {
            if (event.equals("before")) {
                throw veto;
            }
        });

        Throwable thrown = catchThrowable(() -> world.template().executeWithoutResult(status -> world.store("ann")));

        assertThat(thrown).isSameAs(veto);
        assertThat(told.events()).last().isEqualTo("failed BEFORE_HOOK insert account[1]");
        assertThat(SpringWorld.committed(database)).isEmpty();
        world.assertNothingIsBound();
    }

    @ParameterizedTest
    @EnumSource
    void exceptionOfAnAfterHookReachesTheCallerAsCommitted(Managers manager) {
        SpringWorld world = new SpringWorld(manager, database.pool(1), told);
        told.act((event, ctx) -> {
            if (event.equals("after")) {
                throw new IllegalStateException("no mail");
            }
        });

        assertThatThrownBy(() -> world.template().executeWithoutResult(status -> world.store("ann")))
                .isInstanceOf(AfterCommitException.class)
                .hasMessageContaining("IS committed");
        assertThatThrownBy(() -> world.dsl.transaction(tx -> SpringWorld.store(tx.dsl(), "bob")))
                .isInstanceOf(AfterCommitException.class)
                .hasNoSuppressedExceptions();

        assertThat(world.told("after"))
                .containsExactlyElementsOf(SpringWorld.committed(database))
                .hasSize(2);
        world.assertNothingIsBound();
    }

    @ParameterizedTest
    @EnumSource
    void exceptionOfAFailedHookDoesNotReplaceTheApplicationsOwn(Managers manager) {
        SpringWorld world = new SpringWorld(manager, database.pool(1), told);
        told.act((event, ctx) -> {
            throw new IllegalStateException("failed hook");
        });
        IllegalArgumentException own = new IllegalArgumentException("the application's own");

        Throwable thrown = catchThrowable(() -> world.template().executeWithoutResult(status -> {
            world.store("ann");
            throw own;
        }));

        assertThat(thrown).isSameAs(own);
        assertThat(told.events()).containsExactly("failed WORK insert account[1]");
    }

    @ParameterizedTest
    @EnumSource
    void rollbackOnlyOnPurposeIsQuiet(Managers manager) {
        SpringWorld world = new SpringWorld(manager, database.pool(1), told);

        world.template().executeWithoutResult(status -> {
            world.store("ann");
            status.setRollbackOnly();
            assertThat(CommitHooks.current(world.dsl).isRollbackOnly()).isTrue();
        });
        world.template().executeWithoutResult(status -> {
            world.store("bob");
            CommitHooks.current(world.dsl).setRollbackOnly();
        });
        told.act((event, ctx) -> {
            if (event.equals("before")) {
                ctx.transaction();
                CommitHooks.current(world.dsl).setRollbackOnly();
            }
        });
        Throwable thrown = catchThrowable(() -> world.template().executeWithoutResult(status -> world.store("cat")));

        assertThat(thrown != null).isEqualTo(manager == Managers.JDBC_LISTENED_TO);
        assertThat(told.events())
                .containsExactly(
                        "failed ROLLBACK_ONLY insert account[1]",
                        "failed ROLLBACK_ONLY insert account[2]",
                        "before insert account[3]",
                        "failed ROLLBACK_ONLY insert account[3]");
        assertThat(SpringWorld.committed(database)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void hooksOfAnIndependentTransactionRunOutsideOfTheOneAroundIt(Managers manager) {
        SpringWorld world = new SpringWorld(manager, database.pool(3), told);
        told.act((event, ctx) -> {
            if (event.equals("after") && order.isEmpty()) {
                order.add("active: " + TransactionSynchronizationManager.isActualTransactionActive());
                ctx.dsl().insertInto(ACCOUNT).set(ACCOUNT.OWNER, "by the hook").execute();
            }
        });

        assertThatThrownBy(() -> world.template().executeWithoutResult(status -> {
                    world.store("around");
                    world.requiresNew().executeWithoutResult(inner -> world.store("independent"));
                    throw new IllegalArgumentException();
                }))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(order).containsExactly("active: false");
        assertThat(database.dsl().fetchValues(ACCOUNT.OWNER)).containsExactlyInAnyOrder("independent", "by the hook");
    }
}
