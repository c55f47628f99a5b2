package dev.commithooks.spring;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TcpProxy;
import dev.commithooks.fixture.TcpProxy.Fault;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.fixture.Waiting;
import dev.commithooks.resolver.PostgresOutcomeResolver;
import dev.commithooks.transaction.TransactionAbortedException;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** What Spring reports at the end and what is true differ: hooks are told what is true. */
@Database
@NeedsRealCommits("the ends of connections and commits that are refused")
class SpringFaultsTest {

    private final TestDatabase database;
    private final HookJournal told = new HookJournal();

    SpringFaultsTest(TestDatabase database) {
        this.database = database;
    }

    @ParameterizedTest
    @EnumSource
    void swallowedErrorThatAbortedTheTransactionIsNoCommit(Managers manager) {
        SpringWorld world = new SpringWorld(manager, database.pool(1), told);

        assertThatThrownBy(() -> world.template().executeWithoutResult(status -> {
                    world.store("ann");
                    assertThatThrownBy(() -> world.dsl.execute("select 1/0")).isInstanceOf(DataAccessException.class);
                }))
                .isInstanceOf(TransactionAbortedException.class);

        assertThat(told.events()).containsExactly("failed COMMIT insert account[1]");
        assertThat(SpringWorld.committed(database)).isEmpty();
        world.assertNothingIsBound();
    }

    @ParameterizedTest
    @EnumSource
    void errorThatIsSwallowedInBeforeCompletionIsNoCommit(Managers manager) {
        SpringWorld world = new SpringWorld(manager, database.pool(1), told);

        assertThatThrownBy(() -> world.template().executeWithoutResult(status -> {
                    world.store("ann");
                    TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                        @Override
                        public void beforeCompletion() {
                            catchThrowable(() -> world.dsl.execute("select 1/0"));
                        }
                    });
                }))
                .isInstanceOf(TransactionAbortedException.class);

        assertThat(told.events()).containsExactly("failed COMMIT insert account[1]");
        assertThat(SpringWorld.committed(database)).isEmpty();
        world.assertNothingIsBound();
    }

    @ParameterizedTest
    @EnumSource
    void deferredConstraintIsAFailedCommit(Managers manager) {
        SpringWorld world = new SpringWorld(manager, database.pool(1), told);

        Throwable thrown = catchThrowable(() -> world.template().executeWithoutResult(status -> {
            world.store("ann");
            world.dsl.execute("insert into review (book_id, rating) values (4711, 5)");
        }));

        assertThat(thrown).isNotNull().isNotInstanceOf(TransactionInDoubtException.class);
        assertThat(world.told("failed")).contains("insert account[1]");
        assertThat(told.events()).contains("failed COMMIT insert account[1]");
        assertThat(world.told("after", "in doubt")).isEmpty();
        assertThat(SpringWorld.committed(database)).isEmpty();
        world.assertNothingIsBound();
    }

    @ParameterizedTest
    @CsvSource({
        "DATA_SOURCE, CUT_BEFORE_ARRIVAL",
        "DATA_SOURCE, CUT_BEFORE_ANSWER",
        "JDBC, CUT_BEFORE_ARRIVAL",
        "JDBC, CUT_BEFORE_ANSWER",
        "JPA, CUT_BEFORE_ARRIVAL",
        "JPA, CUT_BEFORE_ANSWER",
        "JDBC_LISTENED_TO, CUT_BEFORE_ARRIVAL",
        "JDBC_LISTENED_TO, CUT_BEFORE_ANSWER"
    })
    void cutAtCommitIsInDoubt(Managers manager, Fault fault) {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            SpringWorld world = new SpringWorld(manager, proxy.dataSource(), told);
            proxy.onNextCommit(fault);

            assertThatThrownBy(() -> world.template().executeWithoutResult(status -> world.store("ann")))
                    .isInstanceOf(TransactionInDoubtException.class)
                    .isNotInstanceOf(TransactionException.class)
                    .hasMessageContaining("IS IN DOUBT")
                    .satisfies(doubt -> assertThat(((TransactionInDoubtException) doubt)
                                    .transaction()
                                    .orElseThrow()
                                    .depth())
                            .isZero());

            assertThat(told.events()).containsExactly("before insert account[1]", "in doubt insert account[1]");
            assertThat(owners()).hasSize(fault == Fault.CUT_BEFORE_ANSWER ? 1 : 0);
            world.assertNothingIsBound();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "DATA_SOURCE, CUT_BEFORE_ARRIVAL",
        "DATA_SOURCE, CUT_BEFORE_ANSWER",
        "JDBC, CUT_BEFORE_ARRIVAL",
        "JDBC, CUT_BEFORE_ANSWER",
        "JPA, CUT_BEFORE_ARRIVAL",
        "JPA, CUT_BEFORE_ANSWER",
        "JDBC_LISTENED_TO, CUT_BEFORE_ARRIVAL",
        "JDBC_LISTENED_TO, CUT_BEFORE_ANSWER"
    })
    void resolverFindsOutHowACutCommitEnded(Managers manager, Fault fault) {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            SpringWorld world = new SpringWorld(
                    manager,
                    proxy.dataSource(),
                    told,
                    builder -> builder.outcomeResolver(PostgresOutcomeResolver.of(proxy.dataSource())));
            proxy.onNextCommit(fault);

            Throwable thrown =
                    catchThrowable(() -> world.template().executeWithoutResult(status -> world.store("ann")));

            if (fault == Fault.CUT_BEFORE_ANSWER) {
                if (manager == Managers.JDBC_LISTENED_TO) {
                    assertThat(thrown).isInstanceOf(IllegalStateException.class).hasMessageContaining("IS committed");
                } else {
                    assertThat(thrown).isNull();
                }
                assertThat(told.events()).last().isEqualTo("after insert account[1]");
                assertThat(owners()).containsExactly("ann");
            } else {
                assertThat(thrown).isNotNull().isNotInstanceOf(TransactionInDoubtException.class);
                assertThat(told.events()).last().isEqualTo("failed COMMIT insert account[1]");
                assertThat(owners()).isEmpty();
            }
        }
    }

    /** The driver gives up after a second: all managers wait through the same one. */
    @Test
    void frozenAtCommitIsInDoubt() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<?>> frozen = new ArrayList<>();
        for (Managers manager : Managers.values()) {
            TcpProxy proxy = TcpProxy.before(database);
            SpringWorld world = new SpringWorld(manager, proxy.impatient(), new HookJournal());
            frozen.add(threads.submit(() -> {
                try (proxy) {
                    proxy.onNextCommit(Fault.HOLD_ANSWER);
                    assertThatThrownBy(() -> world.template().executeWithoutResult(status -> world.store("ann")))
                            .as(manager.name())
                            .isInstanceOf(TransactionInDoubtException.class);
                    assertThat(world.told("in doubt")).as(manager.name()).hasSize(1);
                    assertThat(world.told("after", "failed")).isEmpty();
                    world.assertNothingIsBound();
                }
            }));
        }
        for (Future<?> one : frozen) {
            one.get();
        }
        threads.shutdown();

        assertThat(owners()).hasSameSizeAs(frozen);
    }

    @ParameterizedTest
    @EnumSource
    void backendThatIsTerminatedBeforeCommitIsNeverCalledCommitted(Managers manager) {
        SpringWorld world = new SpringWorld(manager, database.pool(1), told);

        Throwable thrown = catchThrowable(() -> world.template().executeWithoutResult(status -> {
            world.store("ann");
            int pid = world.dsl.fetchSingle("select pg_backend_pid()").get(0, int.class);
            database.dsl().execute("select pg_terminate_backend(?)", pid);
            Waiting.until(() -> !database.dsl()
                    .fetchSingle("select exists (select from pg_stat_activity where pid = ?)", pid)
                    .get(0, boolean.class));
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events()).last().isEqualTo("in doubt insert account[1]");
        assertThat(owners()).isEmpty();
        world.assertNothingIsBound();
    }

    /** Where the driver has noticed, nothing is sent any more: that is no doubt. */
    @ParameterizedTest
    @EnumSource
    void backendWhoseEndWasNoticedAndSwallowedIsACertainRollback(Managers manager) {
        SpringWorld world = new SpringWorld(manager, database.pool(1), told);

        Throwable thrown = catchThrowable(() -> world.template().executeWithoutResult(status -> {
            world.store("ann");
            assertThatThrownBy(() -> database.failByEndOf(world.dsl)).isInstanceOf(DataAccessException.class);
        }));

        assertThat(thrown)
                .isNotNull()
                .isNotInstanceOf(TransactionInDoubtException.class); // Spring's rollback failed, too
        assertThat(told.events()).last().isEqualTo("failed COMMIT insert account[1]");
        assertThat(owners()).isEmpty();
        world.assertNothingIsBound();
    }

    @ParameterizedTest
    @EnumSource
    void innerBlockThatFailedAndWasSwallowedIsAnUnexpectedRollback(Managers manager) {
        SpringWorld world = new SpringWorld(manager, database.pool(1), told);

        assertThatThrownBy(() -> world.template().executeWithoutResult(status -> {
                    world.store("ann");
                    catchThrowable(() -> world.template().executeWithoutResult(inner -> {
                        throw new IllegalArgumentException();
                    }));
                }))
                .isInstanceOf(UnexpectedRollbackException.class);

        assertThat(told.events()).containsExactly("failed ROLLBACK_ONLY insert account[1]");
        assertThat(SpringWorld.committed(database)).isEmpty();
    }

    private List<String> owners() {
        return database.dsl()
                .select(ACCOUNT.OWNER)
                .from(ACCOUNT)
                .orderBy(ACCOUNT.ID)
                .fetch(ACCOUNT.OWNER);
    }
}
