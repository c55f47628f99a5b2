package dev.commithooks.faults;

import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.OwnServer;
import dev.commithooks.fixture.TcpProxy;
import dev.commithooks.fixture.TcpProxy.Fault;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.fixture.Waiting;
import dev.commithooks.resolver.PostgresOutcomeResolver;
import dev.commithooks.spi.OutcomeResolver;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The connection breaks around COMMIT: what hooks are told is what the database holds, or that nobody knows. */
@Database
@Needs(Ability.POSTGRESQL)
class LostCommitTest {

    private final TestDatabase database;
    private final Told told = new Told();

    LostCommitTest(TestDatabase database) {
        this.database = database;
    }

    @ParameterizedTest
    @EnumSource(names = {"CUT_BEFORE_ARRIVAL", "CUT_BEFORE_ANSWER"})
    void withoutAResolverACutConnectionLeavesDoubt(Fault fault) {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            DSLContext dsl = told.attachTo(database.dsl(proxy.dataSource()));
            proxy.onNextCommit(fault);

            assertThatThrownBy(() -> dsl.transaction(tx -> store(tx, "ann")))
                    .isInstanceOf(TransactionInDoubtException.class)
                    .isNotInstanceOf(DataAccessException.class)
                    .hasMessageContaining("IN DOUBT");

            assertThat(told.events()).containsExactly("before INSERT ann", "inDoubt INSERT ann");
            assertThat(owners(database)).isEqualTo(fault == Fault.CUT_BEFORE_ANSWER ? List.of("ann") : List.of());
        }
    }

    @Test
    void resolverFindsThatALostAnswerWasACommit() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            DSLContext dsl = resolved(proxy.dataSource());
            proxy.onNextCommit(Fault.CUT_BEFORE_ANSWER);

            Long id = dsl.transactionResult(tx -> store(tx, "ann").getId());

            assertThat(id).isEqualTo(1L);
            assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
            assertThat(owners(database)).containsExactly("ann");
        }
    }

    @Test
    void resolverFindsThatALostCommitDidNotHappen() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            DSLContext dsl = resolved(proxy.dataSource());
            proxy.onNextCommit(Fault.CUT_BEFORE_ARRIVAL);

            assertThatThrownBy(() -> dsl.transaction(tx -> store(tx, "ann")))
                    .isInstanceOfSatisfying(
                            DataAccessException.class,
                            e -> assertThat(e.sqlState()).isEqualTo("08006"));

            assertThat(told.events()).containsExactly("before INSERT ann", "failed INSERT ann COMMIT");
            assertThat(owners(database)).isEmpty();
        }
    }

    @Test
    void socketTimeoutInCommitLeavesDoubt() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            DSLContext dsl = told.attachTo(database.dsl(proxy.impatient()));
            proxy.onNextCommit(Fault.HOLD_ANSWER);

            assertThatThrownBy(() -> dsl.transaction(tx -> store(tx, "ann")))
                    .isInstanceOf(TransactionInDoubtException.class);

            assertThat(told.events()).containsExactly("before INSERT ann", "inDoubt INSERT ann");
            assertThat(owners(database)).containsExactly("ann");
        }
    }

    @Test
    void resolverFindsThatACommitThatTimedOutHappened() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            DSLContext dsl = resolved(proxy.impatient());
            proxy.onNextCommit(Fault.HOLD_ANSWER);

            dsl.transaction(tx -> store(tx, "ann"));

            assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
            assertThat(owners(database)).containsExactly("ann");
        }
    }

    @Test
    void resolverWaitsForACommitThatIsStillUnderWay() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            DSLContext dsl = told.attachTo(
                    database.dsl(proxy.impatient()), hooks -> hooks.outcomeResolver(afterGivingUp(proxy::deliver)));
            proxy.onNextCommit(Fault.HOLD_COMMIT);

            dsl.transaction(tx -> store(tx, "ann"));

            assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
            assertThat(owners(database)).containsExactly("ann");
        }
    }

    @Test
    void resolverWaitsForTheServerToNoticeThatTheClientIsGone() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            DSLContext dsl = told.attachTo(
                    database.dsl(proxy.impatient()), hooks -> hooks.outcomeResolver(afterGivingUp(proxy::cut)));
            proxy.onNextCommit(Fault.HOLD_COMMIT);

            assertThatThrownBy(() -> dsl.transaction(tx -> store(tx, "ann"))).isInstanceOf(DataAccessException.class);

            assertThat(told.events()).containsExactly("before INSERT ann", "failed INSERT ann COMMIT");
            assertThat(owners(database)).isEmpty();
        }
    }

    @Test
    void resolverThatFailsLeavesDoubtAndIsReported() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            IllegalStateException broken = new IllegalStateException("resolver broken");
            DSLContext dsl = told.attachTo(
                    database.dsl(proxy.dataSource()),
                    hooks -> hooks.outcomeResolver(connection -> () -> {
                        throw broken;
                    }));
            proxy.onNextCommit(Fault.CUT_BEFORE_ANSWER);

            Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> store(tx, "ann")));

            assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
            assertThat(suppressedAnywhere(thrown)).contains(broken);
            assertThat(told.events()).containsExactly("before INSERT ann", "inDoubt INSERT ann");
        }
    }

    @Test
    void resolverThatCannotPrepareRollsBack() {
        IllegalStateException broken = new IllegalStateException("cannot prepare");
        DSLContext dsl = told.attachTo(
                database.dsl(database.pool(1)),
                hooks -> hooks.outcomeResolver(connection -> {
                    throw broken;
                }));

        assertThatThrownBy(() -> dsl.transaction(tx -> store(tx, "ann"))).isSameAs(broken);

        assertThat(told.events()).containsExactly("before INSERT ann", "failed INSERT ann COMMIT");
        assertThat(owners(database)).isEmpty();
    }

    @Test
    void resolverIsNotAskedWhereThereIsNothingToTell() {
        OutcomeResolver never = connection -> {
            throw new AssertionError("asked");
        };
        DSLContext dsl = told.attachTo(database.dsl(database.pool(1)), hooks -> hooks.outcomeResolver(never));

        dsl.transaction(tx -> tx.dsl().execute("insert into stock (isbn) values ('978')"));

        assertThat(database.dsl().fetchValue("select count(*) from stock")).isEqualTo(1L);
    }

    @Test
    void callbacksInDoubtAreTheOnlyOnesThatRun() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            DSLContext dsl = told.attachTo(database.dsl(proxy.dataSource()));
            proxy.onNextCommit(Fault.CUT_BEFORE_ANSWER);

            assertThatThrownBy(() -> dsl.transaction(tx -> {
                        CommitHooks.current(tx).onCommit(() -> told.note("onCommit"));
                        CommitHooks.current(tx).onRollback(failure -> told.note("onRollback"));
                        CommitHooks.current(tx).onInDoubt(() -> told.note("onInDoubt"));
                        store(tx, "ann");
                    }))
                    .isInstanceOf(TransactionInDoubtException.class);

            assertThat(told.events()).containsExactly("before INSERT ann", "inDoubt INSERT ann", "onInDoubt");
        }
    }

    @Test
    void deadConnectionIsGivenBackAsBroken() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            HikariDataSource pool = database.pool(1, config -> {
                config.setDataSource(proxy.dataSource());
                return config;
            });
            DSLContext dsl = resolved(pool);
            proxy.onNextCommit(Fault.CUT_BEFORE_ANSWER);

            dsl.transaction(tx -> store(tx, "ann"));
            dsl.transaction(tx -> store(tx, "bob"));

            assertThat(told.events())
                    .containsExactly("before INSERT ann", "after INSERT ann", "before INSERT bob", "after INSERT bob");
            assertThat(owners(database)).containsExactly("ann", "bob");
        }
    }

    @Test
    void afterHookOfAResolvedCommitMayUseTheOnlyConnectionOfThePool() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            HikariDataSource pool = database.pool(1, config -> {
                config.setDataSource(proxy.dataSource());
                return config;
            });
            DSLContext dsl = resolved(pool);
            told.doing((event, ctx) -> {
                if (event.equals("after INSERT ann")) {
                    ctx.dsl().transaction(tx -> store(tx, "bob"));
                }
            });
            proxy.onNextCommit(Fault.CUT_BEFORE_ANSWER);

            dsl.transaction(tx -> store(tx, "ann"));

            assertThat(told.events())
                    .containsExactly("before INSERT ann", "after INSERT ann", "before INSERT bob", "after INSERT bob");
            assertThat(owners(database)).containsExactly("ann", "bob");
        }
    }

    @Nested
    class TerminatedBackend {

        @Test
        void beforeCommitLeavesDoubtWithoutAResolver() {
            DSLContext dsl = told.attachTo(database.dsl(database.pool(1)));

            assertThatThrownBy(() -> dsl.transaction(tx -> {
                        store(tx, "ann");
                        terminate(tx.dsl());
                    }))
                    .isInstanceOf(TransactionInDoubtException.class);

            assertThat(told.events()).containsExactly("before INSERT ann", "inDoubt INSERT ann");
            assertThat(owners(database)).isEmpty();
        }

        @Test
        void beforeCommitIsFoundByTheResolver() {
            DSLContext dsl = resolved(database.pool(1));
            told.doing((event, ctx) -> {
                if (event.startsWith("failed")) {
                    assertThat(ctx.dsl().fetchValue("select 1")).isEqualTo(1);
                }
            });

            // After the resolver's own question to the connection.
            OutcomeResolver thenTerminating = connection -> {
                OutcomeResolver.Inquiry inquiry = resolver().prepare(connection);
                terminate(database.dsl(connection));
                return inquiry;
            };
            DSLContext terminated =
                    told.attachTo(database.dsl(database.pool(1)), hooks -> hooks.outcomeResolver(thenTerminating));
            assertThatThrownBy(() -> terminated.transaction(tx -> store(tx, "ann")))
                    .isInstanceOf(DataAccessException.class);

            assertThat(told.events()).containsExactly("before INSERT ann", "failed INSERT ann COMMIT");
            assertThat(owners(database)).isEmpty();
            dsl.transaction(tx -> store(tx, "bob"));
            assertThat(owners(database)).containsExactly("bob");
        }

        @Test
        void duringTheWorkIsAFailureOfTheWork() {
            DSLContext dsl = told.attachTo(database.dsl(database.pool(1)));

            assertThatThrownBy(() -> dsl.transaction(tx -> {
                        store(tx, "ann");
                        tx.dsl().execute("select pg_terminate_backend(pg_backend_pid())");
                    }))
                    .isInstanceOf(DataAccessException.class);

            assertThat(told.events()).containsExactly("failed INSERT ann WORK");
            assertThat(owners(database)).isEmpty();
        }

        @Test
        void duringTheWorkAndSwallowedIsNoDoubt() {
            DSLContext dsl = told.attachTo(database.dsl(database.pool(1)));

            assertThatThrownBy(() -> dsl.transaction(tx -> {
                        store(tx, "ann");
                        assertThatThrownBy(() -> tx.dsl().execute("select pg_terminate_backend(pg_backend_pid())"))
                                .isInstanceOf(DataAccessException.class);
                    }))
                    .isInstanceOf(DataAccessException.class);

            assertThat(told.events()).last().isEqualTo("failed INSERT ann COMMIT");
            assertThat(owners(database)).isEmpty();
        }

        private void terminate(DSLContext dsl) {
            int pid = dsl.fetchSingle("select pg_backend_pid()").get(0, int.class);
            database.dsl().execute("select pg_terminate_backend(?)", pid);
            Waiting.until(() -> !database.dsl()
                    .fetchSingle("select exists (select from pg_stat_activity where pid = ?)", pid)
                    .get(0, boolean.class));
        }
    }

    @Nested
    class ServerThatRestarts {

        @Test
        void duringCommitIsResolvedWhenItIsBack() throws Exception {
            try (OwnServer server = OwnServer.launch();
                    TestDatabase own = server.createDatabase()) {
                // COMMIT checks the deferred constraint, and that waits for a lock.
                own.dsl().execute("""
                        create function wait_for_lock() returns trigger language plpgsql as $$
                        begin perform pg_advisory_xact_lock(1); return null; end $$""");
                own.dsl().execute("""
                        create constraint trigger wait_for_lock after insert on account
                        deferrable initially deferred for each row execute function wait_for_lock()""");
                DSLContext dsl = told.attachTo(
                        database.dsl(own.simpleDataSource()), hooks -> hooks.outcomeResolver(resolver(own)));
                Connection lockHolder = own.simpleDataSource().getConnection();
                database.dsl(lockHolder).execute("select pg_advisory_lock(1)");

                FutureTask<Throwable> transaction =
                        start(() -> catchThrowable(() -> dsl.transaction(tx -> store(tx, "ann"))));
                Waiting.until(() -> own.dsl()
                        .fetchSingle("select exists (select from pg_locks where locktype = 'advisory' and not granted)")
                        .get(0, boolean.class));
                server.crash();
                server.restart();

                assertThat(transaction.get(60, TimeUnit.SECONDS)).isInstanceOf(DataAccessException.class);
                assertThat(told.events()).containsExactly("before INSERT ann", "failed INSERT ann COMMIT");
                assertThat(owners(own)).isEmpty();
            }
        }

        @Test
        void afterCommitIsResolvedWhenItIsBack() throws Exception {
            try (OwnServer server = OwnServer.launch();
                    TestDatabase own = server.createDatabase();
                    TcpProxy proxy = TcpProxy.before(own)) {
                FutureTask<Throwable> transaction = restartAfterCommit(own, proxy, server::stop, server);

                assertThat(transaction.get(60, TimeUnit.SECONDS)).isNull();
                assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
                assertThat(owners(own)).containsExactly("ann");
            }
        }

        @Test
        void afterACommitAndACrashThereIsDoubt() throws Exception {
            try (OwnServer server = OwnServer.launch();
                    TestDatabase own = server.createDatabase();
                    TcpProxy proxy = TcpProxy.before(own)) {
                FutureTask<Throwable> transaction = restartAfterCommit(own, proxy, server::crash, server);

                assertThat(transaction.get(60, TimeUnit.SECONDS)).isInstanceOf(TransactionInDoubtException.class);
                assertThat(told.events()).containsExactly("before INSERT ann", "inDoubt INSERT ann");
                assertThat(owners(own)).containsExactly("ann");
            }
        }

        private FutureTask<Throwable> restartAfterCommit(
                TestDatabase own, TcpProxy proxy, Runnable end, OwnServer server) throws InterruptedException {
            DSLContext dsl =
                    told.attachTo(database.dsl(proxy.dataSource()), hooks -> hooks.outcomeResolver(resolver(own)));
            proxy.onNextCommit(Fault.HOLD_ANSWER);
            FutureTask<Throwable> transaction =
                    start(() -> catchThrowable(() -> dsl.transaction(tx -> store(tx, "ann"))));
            proxy.awaitFault();
            end.run();
            proxy.cut();
            server.restart();
            return transaction;
        }
    }

    private static <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        new Thread(task, "transaction").start();
        return task;
    }

    private DSLContext resolved(javax.sql.DataSource dataSource) {
        return told.attachTo(database.dsl(dataSource), hooks -> hooks.outcomeResolver(resolver()));
    }

    private PostgresOutcomeResolver resolver() {
        return resolver(database);
    }

    private static PostgresOutcomeResolver resolver(TestDatabase database) {
        return PostgresOutcomeResolver.builder(database.simpleDataSource())
                .deadline(Duration.ofSeconds(60))
                .build();
    }

    /** Asks when the client has given up, and lets something happen once the server has said "in progress". */
    private OutcomeResolver afterGivingUp(Runnable then) {
        return connection -> {
            OutcomeResolver.Inquiry brief = PostgresOutcomeResolver.builder(database.simpleDataSource())
                    .deadline(Duration.ofMillis(1))
                    .build()
                    .prepare(connection);
            OutcomeResolver.Inquiry patient = resolver().prepare(connection);
            return () -> {
                assertThatThrownBy(brief::resolve).hasMessageContaining("still in progress");
                then.run();
                Outcome outcome = patient.resolve();
                assertThat(outcome).isNotEqualTo(Outcome.UNKNOWN);
                return outcome;
            };
        };
    }

    private static List<Throwable> suppressedAnywhere(Throwable thrown) {
        List<Throwable> found = new java.util.ArrayList<>();
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            found.addAll(List.of(cause.getSuppressed()));
        }
        return found;
    }
}
