package dev.commithooks.faults;

import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.OwnServer;
import dev.commithooks.fixture.TcpProxy;
import dev.commithooks.fixture.TcpProxy.Fault;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.fixture.Waiting;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.sql.Connection;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The server ends, or crashes, around COMMIT, and its resolver waits until it is there again. */
@Database
@Needs(Ability.POSTGRESQL)
class RestartedServerTest {

    private static OwnServer server;

    private final TestDatabase database;
    private final Told told = new Told();

    RestartedServerTest(TestDatabase database) {
        this.database = database;
    }

    @BeforeAll
    static void launch() {
        server = OwnServer.launch();
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void duringCommitIsResolvedWhenItIsBack() throws Exception {
        try (TestDatabase own = server.createDatabase()) {
            // COMMIT checks the deferred constraint, and that waits for a lock.
            own.dsl().execute("""
                    create function wait_for_lock() returns trigger language plpgsql as $$
                    begin perform pg_advisory_xact_lock(1); return null; end $$""");
            own.dsl().execute("""
                    create constraint trigger wait_for_lock after insert on account
                    deferrable initially deferred for each row execute function wait_for_lock()""");
            DSLContext dsl = told.attachTo(
                    database.dsl(own.simpleDataSource()), hooks -> hooks.outcomeResolver(SuitableResolver.of(own)));
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
        try (TestDatabase own = server.createDatabase();
                TcpProxy proxy = TcpProxy.before(own)) {
            FutureTask<Throwable> transaction = restartAfterCommit(own, proxy, server::stop);

            assertThat(transaction.get(60, TimeUnit.SECONDS)).isNull();
            assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
            assertThat(owners(own)).containsExactly("ann");
        }
    }

    @Test
    void afterACommitAndACrashThereIsDoubt() throws Exception {
        try (TestDatabase own = server.createDatabase();
                TcpProxy proxy = TcpProxy.before(own)) {
            FutureTask<Throwable> transaction = restartAfterCommit(own, proxy, server::crash);

            assertThat(transaction.get(60, TimeUnit.SECONDS)).isInstanceOf(TransactionInDoubtException.class);
            assertThat(told.events()).containsExactly("before INSERT ann", "inDoubt INSERT ann");
            assertThat(owners(own)).containsExactly("ann");
        }
    }

    private FutureTask<Throwable> restartAfterCommit(TestDatabase own, TcpProxy proxy, Runnable end)
            throws InterruptedException {
        DSLContext dsl = told.attachTo(
                database.dsl(proxy.dataSource()), hooks -> hooks.outcomeResolver(SuitableResolver.of(own)));
        proxy.onNextCommit(Fault.HOLD_ANSWER);
        FutureTask<Throwable> transaction = start(() -> catchThrowable(() -> dsl.transaction(tx -> store(tx, "ann"))));
        proxy.awaitFault();
        end.run();
        proxy.cut();
        server.restart();
        return transaction;
    }

    private static <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        new Thread(task, "transaction").start();
        return task;
    }
}
