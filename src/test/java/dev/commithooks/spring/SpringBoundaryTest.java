package dev.commithooks.spring;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.change.Change;
import dev.commithooks.change.Inserted;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.HookContext;
import dev.commithooks.transaction.AfterCommitException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Which hook runs when around the end of a transaction of Spring's, on which connection, and where its exception goes. */
@Database
class SpringBoundaryTest {

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

    SpringBoundaryTest(TestDatabase database) {
        this.database = database;
    }

    @ParameterizedTest
    @EnumSource(names = {"DATA_SOURCE", "JDBC", "JPA"})
    void afterHooksFindACleanThreadAndAPoolOfOneFree(Managers manager) {
        HikariDataSource pool = database.pool(1);
        SpringWorld world = new SpringWorld(manager, pool, told);
        deed = (event, ctx) -> {
            if (event.equals("after") && order.isEmpty()) {
                order.add("in use: " + pool.getHikariPoolMXBean().getActiveConnections());
                world.assertNothingIsBound();
                world.template().executeWithoutResult(status -> world.store("by the hook"));
                SpringWorld.store(ctx.dsl(), "by its context");
            }
        };

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
        deed = (event, ctx) -> {
            if (event.equals("after") && order.isEmpty()) {
                order.add("once");
                world.assertNothingIsBound();
                world.template().executeWithoutResult(status -> world.store("by the hook"));
                SpringWorld.store(ctx.dsl(), "by its context");
            }
        };

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
        deed = (event, ctx) -> order.add(event);

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
        deed = (event, ctx) -> {
            if (event.equals("before") && order.isEmpty()) {
                order.add("written");
                SpringWorld.store(ctx.dsl(), "by the hook");
            }
        };

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
        deed = (event, ctx) -> {
            if (event.equals("before")) {
                throw veto;
            }
        };

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
        deed = (event, ctx) -> {
            if (event.equals("after")) {
                throw new IllegalStateException("no mail");
            }
        };

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
        deed = (event, ctx) -> {
            throw new IllegalStateException("failed hook");
        };
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
        deed = (event, ctx) -> {
            if (event.equals("before")) {
                ctx.transaction();
                CommitHooks.current(world.dsl).setRollbackOnly();
            }
        };
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
        deed = (event, ctx) -> {
            if (event.equals("after") && order.isEmpty()) {
                order.add("active: " + TransactionSynchronizationManager.isActualTransactionActive());
                ctx.dsl().insertInto(ACCOUNT).set(ACCOUNT.OWNER, "by the hook").execute();
            }
        };

        assertThatThrownBy(() -> world.template().executeWithoutResult(status -> {
                    world.store("around");
                    world.requiresNew().executeWithoutResult(inner -> world.store("independent"));
                    throw new IllegalArgumentException();
                }))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(order).containsExactly("active: false");
        assertThat(database.dsl().fetchValues(ACCOUNT.OWNER)).containsExactly("independent", "by the hook");
    }

    @Test
    void failedHooksOfASavepointRunAtTheNextStatement() {
        SpringWorld world = new SpringWorld(Managers.JDBC, database.pool(1), told);

        world.template().executeWithoutResult(status -> {
            world.store("ann");
            catchThrowable(() -> world.nested().executeWithoutResult(inner -> {
                world.store("bob");
                world.dsl.execute("select 1/0");
            }));
            assertThat(told.events()).isEmpty();
            AccountRecord cat = world.store("cat");
            assertThat(told.events()).containsExactly("failed SAVEPOINT insert account[2]");
            Object byHand = status.createSavepoint();
            cat.delete();
            status.rollbackToSavepoint(byHand);
            status.releaseSavepoint(byHand);
        });

        assertThat(world.told("after"))
                .containsExactlyElementsOf(SpringWorld.committed(database))
                .containsExactly("insert account[1]", "insert account[3]");
        assertThat(told.events()).contains("failed SAVEPOINT delete account[3]");
    }

    @Test
    void callbacksOfTheTransactionFollowIt() {
        SpringWorld world = new SpringWorld(Managers.JDBC, database.pool(1), told);

        world.template()
                .executeWithoutResult(status -> CommitHooks.current(world.dsl).onCommit(() -> order.add("committed")));
        world.template().executeWithoutResult(status -> {
            CommitHooks.current(world.dsl).onRollback(failure -> order.add("rolled back"));
            status.setRollbackOnly();
        });

        assertThat(order).containsExactly("committed", "rolled back");
    }

    @Test
    void transactionThatRunsOutOfTimeHasFailed() {
        SpringWorld world = new SpringWorld(Managers.JDBC, database.pool(1), told);
        TransactionTemplate hasty = world.template();
        hasty.setTimeout(1);

        assertThatThrownBy(() -> hasty.executeWithoutResult(status -> {
                    world.store("ann");
                    world.dsl.execute("select pg_sleep(60)");
                }))
                .isInstanceOf(DataAccessException.class);

        assertThat(told.events()).containsExactly("failed WORK insert account[1]");
        assertThat(SpringWorld.committed(database)).isEmpty();
        world.assertNothingIsBound();
    }

    @Test
    void readOnlyTransactionIsOneToo() {
        SpringWorld world = new SpringWorld(Managers.JDBC, database.pool(1), told);
        TransactionTemplate readOnly = world.template();
        readOnly.setReadOnly(true);

        readOnly.executeWithoutResult(status -> CommitHooks.current(world.dsl).onCommit(() -> order.add("committed")));
        assertThatThrownBy(() -> readOnly.executeWithoutResult(status -> world.store("ann")))
                .isInstanceOf(DataAccessException.class);

        assertThat(order).containsExactly("committed");
        assertThat(told.events()).isEmpty();
        assertThat(SpringWorld.committed(database)).isEmpty();
    }

    @Test
    void twoManagersAreToldApartByTheirConnections() {
        SpringWorld one = new SpringWorld(Managers.JDBC, database.pool(1), told);
        SpringWorld other = new SpringWorld(Managers.DATA_SOURCE, database.pool(1), new HookJournal());

        SpringWorld third = new SpringWorld(Managers.JDBC_LISTENED_TO, database.pool(1), told);

        one.template().executeWithoutResult(status -> {
            third.template().executeWithoutResult(inner -> {}); // unbinds, and binds again, what is one's
            one.store("one's");
            catchThrowable(() -> other.template().executeWithoutResult(inner -> {
                other.store("the other's");
                one.store("one's, from within");
                throw new IllegalArgumentException();
            }));
        });

        assertThat(one.told("after"))
                .containsExactlyElementsOf(SpringWorld.committed(database))
                .hasSize(2);
        assertThat(other.told("failed")).hasSize(1);
        assertThat(other.told("after")).isEmpty();
    }

    @Test
    void setUpAsThePageSays() {
        DataSource dataSource = database.pool(1);
        AfterCommitHooks<AccountRecord> welcomeMail = new AfterCommitHooks<>() {
            @Override
            public void afterCommitInsert(Inserted<AccountRecord> account, HookContext ctx) {
                order.add("mail to " + account.row().getOwner());
            }
        };

        // region: spring-set-up
        SpringTransactions spring = new SpringTransactions();
        PlatformTransactionManager manager = spring.manage(new JdbcTransactionManager(dataSource));
        CommitHooks hooks = CommitHooks.builder()
                .owner(spring)
                .register(ACCOUNT, welcomeMail)
                .build();
        DSLContext dsl = hooks.attachTo(new DefaultConfiguration()
                .set(SQLDialect.POSTGRES)
                .set(new DataSourceConnectionProvider(new TransactionAwareDataSourceProxy(dataSource)))
                .set(SpringTransactions.provider(manager))
                .dsl());
        // endregion
        new TransactionTemplate(manager).executeWithoutResult(status -> SpringWorld.store(dsl, "ann"));

        assertThat(order).containsExactly("mail to ann");
    }
}
