package dev.commithooks.spring;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.change.Change;
import dev.commithooks.change.Inserted;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.HookContext;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.TransactionAbortedException;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.sql.Connection;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionTimedOutException;
import org.springframework.transaction.support.TransactionTemplate;

/** Transactions of Spring's that are special in something, and several of them. */
@Database
class SpringTransactionsTest {

    private final TestDatabase database;
    private final List<String> order = new ArrayList<>();
    private final HookJournal told = new HookJournal();

    SpringTransactionsTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    void failedHooksOfANestedTransactionRunWhenItIsRolledBack() {
        SpringWorld world = new SpringWorld(Managers.JDBC, database.pool(1), told);

        world.template().executeWithoutResult(status -> {
            world.store("ann");
            catchThrowable(() -> world.nested().executeWithoutResult(inner -> {
                world.store("bob");
                world.dsl.execute("select 1/0");
            }));
            assertThat(told.events()).containsExactly("failed SAVEPOINT insert account[2]");
        });

        assertThat(world.told("after"))
                .containsExactlyElementsOf(SpringWorld.committed(database))
                .containsExactly("insert account[1]");
    }

    /** Spring does not say when it has rolled back to a savepoint of a status: it says so before. */
    @Test
    void failedHooksOfAStatusSavepointRunBeforeTheNextStatement() {
        SpringWorld world = new SpringWorld(Managers.JDBC, database.pool(1), told);

        world.template().executeWithoutResult(status -> {
            AccountRecord ann = world.store("ann");
            Object savepoint = status.createSavepoint();
            ann.delete();
            status.rollbackToSavepoint(savepoint);
            status.releaseSavepoint(savepoint);
            assertThat(told.events()).isEmpty();
            world.store("bob");
            assertThat(told.events()).containsExactly("failed SAVEPOINT delete account[1]");
        });

        assertThat(world.told("after"))
                .containsExactlyElementsOf(SpringWorld.committed(database))
                .containsExactly("insert account[1]", "insert account[2]");
    }

    @Test
    void savepointsOfPlainJdbcCount() {
        SpringWorld world = new SpringWorld(Managers.JDBC, database.pool(1), told);

        world.template().executeWithoutResult(status -> {
            world.store("ann");
            world.dsl.connection(connection -> {
                Savepoint savepoint = connection.setSavepoint();
                world.store("bob");
                connection.rollback(savepoint);
            });
        });

        assertThat(world.told("after"))
                .containsExactlyElementsOf(SpringWorld.committed(database))
                .containsExactly("insert account[1]");
        assertThat(world.told("failed")).containsExactly("insert account[2]");
    }

    /** What was committed behind Spring's back is in doubt, whatever Spring does then. */
    @Test
    void aCommitByPlainJdbcIsNoticed() {
        SpringWorld world = new SpringWorld(Managers.JDBC, database.pool(1), told);

        assertThatThrownBy(() -> world.template().executeWithoutResult(status -> {
                    world.store("ann");
                    world.dsl.connection(Connection::commit);
                    world.store("bob");
                    status.setRollbackOnly();
                }))
                .isInstanceOf(TransactionInDoubtException.class);

        assertThat(SpringWorld.committed(database)).containsExactly("insert account[1]");
        assertThat(world.told("in doubt")).containsExactly("insert account[1]");
        assertThat(world.told("failed")).containsExactly("insert account[2]");
    }

    @Test
    void aNestedTransactionThatAnErrorHasAbortedIsGivenUpAlone() {
        SpringWorld world = new SpringWorld(Managers.JDBC, database.pool(1), told);

        world.template().executeWithoutResult(status -> {
            world.store("ann");
            assertThatThrownBy(() -> world.nested().executeWithoutResult(inner -> {
                        world.store("bob");
                        catchThrowable(() -> world.dsl.execute("select 1/0"));
                    }))
                    .isInstanceOf(TransactionAbortedException.class)
                    .hasMessageContaining("IS rolled back");
            world.store("cat");
        });

        assertThat(world.told("after"))
                .containsExactlyElementsOf(SpringWorld.committed(database))
                .containsExactly("insert account[1]", "insert account[3]");
    }

    @Test
    void jooqsTransactionKnowsWhatItIsRolledBackFor() {
        List<Throwable> causes = new ArrayList<>();
        SpringWorld world = new SpringWorld(Managers.JDBC, database.pool(1), new HookJournal() {
            @Override
            protected void failed(Change<Record> change, HookContext ctx) {
                ctx.failure().flatMap(Failure::cause).ifPresent(causes::add);
                throw new IllegalArgumentException("the hook's own");
            }
        });
        IllegalStateException cause = new IllegalStateException("changed my mind");

        assertThatThrownBy(() -> world.dsl.transaction(tx -> {
                    SpringWorld.store(tx.dsl(), "ann");
                    throw cause;
                }))
                .isSameAs(cause)
                .satisfies(thrown -> assertThat(thrown.getSuppressed())
                        .anySatisfy(ofTheHook -> assertThat(ofTheHook).hasStackTraceContaining("the hook's own")));

        assertThat(causes).containsExactly(cause);
        assertThat(SpringWorld.committed(database)).isEmpty();
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
        hasty.setTimeout(2);

        assertThatThrownBy(() -> hasty.executeWithoutResult(status -> {
                    world.store("ann");
                    world.dsl.execute("select pg_sleep(60)");
                }))
                .isInstanceOfAny(
                        DataAccessException.class, TransactionTimedOutException.class); // the server's, or Spring's

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
    void oneSetOfHooksServesTwoManagersOnTwoDataSources() {
        SpringTransactions spring = new SpringTransactions();
        DataSource first = database.pool(1);
        DataSource second = database.pool(1);
        PlatformTransactionManager one = spring.manage(new JdbcTransactionManager(first));
        PlatformTransactionManager other = spring.manage(new DataSourceTransactionManager(second));
        CommitHooks hooks =
                CommitHooks.builder().owner(spring).registerAll(told).build();
        DSLContext ofOne = hooks.attachTo(SpringWorld.configuration(first, one).dsl());
        DSLContext ofOther =
                hooks.attachTo(SpringWorld.configuration(second, other).dsl());

        new TransactionTemplate(one).executeWithoutResult(status -> {
            SpringWorld.store(ofOne, "one's");
            new TransactionTemplate(other).executeWithoutResult(inner -> {
                SpringWorld.store(ofOther, "the other's");
                SpringWorld.store(ofOne, "one's, from within");
            });
            assertThat(told.events()).containsExactly("before insert account[2]", "after insert account[2]");
            status.setRollbackOnly();
        });

        assertThat(told.events())
                .contains("failed ROLLBACK_ONLY insert account[1]", "failed ROLLBACK_ONLY insert account[3]");
        assertThat(SpringWorld.committed(database)).containsExactly("insert account[2]");
        assertThat(spring.size()).isZero();
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
