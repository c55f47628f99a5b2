package dev.commithooks.seeing;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.transaction.IsolationLevel.SERIALIZABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.TransactionSession;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.AfterCommitErrors;
import dev.commithooks.policy.Bypass;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.StatementRefusedException;
import dev.commithooks.transaction.TransactionInfo;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.tools.jdbc.DefaultConnection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Database
class HookObserverTest {

    private final List<String> seen = new ArrayList<>();
    private final TestDatabase database;

    HookObserverTest(TestDatabase database) {
        this.database = database;
    }

    /** Writes down everything. */
    private final class Notes implements HookObserver {

        @Override
        public void transactionBegun(TransactionInfo transaction) {
            seen.add("begun" + nameOf(transaction));
        }

        @Override
        public void savepoint(TransactionInfo transaction, SavepointEvent event) {
            seen.add("savepoint " + event + " at " + transaction.depth());
        }

        @Override
        public void boundary(TransactionInfo transaction, Phase phase, int changes) {
            seen.add("boundary " + phase + " " + changes);
        }

        @Override
        public void hookStarted(HookCall call) {
            seen.add("started " + call.method());
        }

        @Override
        public void hookFinished(HookCall call, Duration duration) {
            assertThat(duration).isPositive();
            seen.add("finished " + call.method());
        }

        @Override
        public void hookFailed(HookCall call, Duration duration, Throwable failure) {
            seen.add("failed " + call.method() + ": " + failure.getMessage());
        }

        @Override
        public void bypass(String table, String sql, boolean refused) {
            seen.add("bypass " + table + (refused ? " refused" : ""));
        }

        @Override
        public void cleanUpFailed(TransactionInfo transaction, Throwable failure) {
            seen.add("clean-up failed");
        }

        @Override
        public void outcome(
                TransactionInfo transaction,
                Outcome outcome,
                @Nullable Failure failure,
                int changes,
                Duration duration) {
            assertThat(duration).isPositive();
            seen.add("outcome " + outcome + (failure == null ? "" : " " + failure.stage()) + " " + changes
                    + nameOf(transaction));
        }

        private static String nameOf(TransactionInfo transaction) {
            return transaction.name().map(name -> " " + name).orElse("");
        }
    }

    private CommitHooks hooks(Bypass bypass) {
        return CommitHooks.builder()
                .observer(new Notes())
                .bypass(bypass)
                .afterCommitErrors(AfterCommitErrors.LOG)
                .on(
                        AUTHOR,
                        on -> on.beforeCommitInsert((author, ctx) -> {})
                                .afterCommitInsert((author, ctx) -> {
                                    if (author.row().getName().equals("throws")) {
                                        throw new IllegalStateException("in the hook");
                                    }
                                })
                                .failedCommit((authors, ctx) -> {}))
                .build();
    }

    private DSLContext dsl() {
        return hooks(Bypass.REJECT).attachTo(DSL.using(database.pool(2), SQLDialect.POSTGRES));
    }

    private static void author(Configuration tx, String name) {
        AuthorRecord author = tx.dsl().newRecord(AUTHOR);
        author.setName(name);
        author.store();
    }

    @Test
    void aCommitIsSeenFromBeginToOutcome() {
        Transactions.with(dsl()).name("import").run(tx -> {
            author(tx, "a");
            CommitHooks.current(tx).onCommit(() -> {});
        });

        assertThat(seen)
                .containsExactly(
                        "begun import",
                        "boundary BEFORE 1",
                        "started beforeCommitInsert",
                        "finished beforeCommitInsert",
                        "boundary AFTER 1",
                        "started afterCommitInsert",
                        "finished afterCommitInsert",
                        "started onCommit",
                        "finished onCommit",
                        "outcome COMMITTED 1 import");
    }

    @Test
    void aFailureIsSeenWithItsStageAndAHookThatThrows() {
        DSLContext dsl = dsl();
        dsl.transaction(tx -> author(tx, "throws"));
        catchThrowable(() -> dsl.transaction(tx -> {
            author(tx, "a");
            throw new IllegalArgumentException("no");
        }));

        assertThat(seen)
                .containsExactly(
                        "begun",
                        "boundary BEFORE 1",
                        "started beforeCommitInsert",
                        "finished beforeCommitInsert",
                        "boundary AFTER 1",
                        "started afterCommitInsert",
                        "failed afterCommitInsert: in the hook",
                        "outcome COMMITTED 1",
                        "begun",
                        "boundary FAILED 1",
                        "started failedCommit",
                        "finished failedCommit",
                        "outcome ROLLED_BACK WORK 1");
    }

    @Test
    void savepointsOfNestedTransactionsAndByHandAreSeen() {
        CommitHooks hooks = hooks(Bypass.WARN);
        DSLContext dsl = hooks.attachTo(DSL.using(database.pool(2), SQLDialect.POSTGRES));
        dsl.transaction(tx -> {
            tx.dsl().transaction(nested -> {});
            catchThrowable(() -> tx.dsl().transaction(nested -> {
                throw new IllegalArgumentException("undo");
            }));
            tx.dsl().execute("savepoint s");
            tx.dsl().execute("rollback to savepoint s");
            tx.dsl().execute("release savepoint s");
        });
        try (TransactionSession session = hooks.open(dsl)) {
            session.savepoint().rollback();
        }

        assertThat(seen)
                .containsExactly(
                        "begun",
                        "savepoint SET at 1",
                        "savepoint RELEASED at 1",
                        "savepoint SET at 1",
                        "savepoint ROLLED_BACK at 1",
                        "savepoint SET at 0",
                        "savepoint ROLLED_BACK at 0",
                        "savepoint RELEASED at 0",
                        "outcome COMMITTED 0",
                        "begun",
                        "savepoint SET at 0",
                        "savepoint ROLLED_BACK at 0",
                        "savepoint RELEASED at 0",
                        "outcome ROLLED_BACK ROLLBACK_ONLY 0");
    }

    @Test
    void aBypassIsSeen() {
        DSLContext rejecting = dsl();
        assertThatThrownBy(() -> rejecting.transaction(
                        tx -> tx.dsl().truncate(AUTHOR).cascade().execute()))
                .isInstanceOf(StatementRefusedException.class);
        assertThat(seen).containsExactly("begun", "bypass public.author refused", "outcome ROLLED_BACK WORK 0");
        seen.clear();

        hooks(Bypass.WARN)
                .attachTo(DSL.using(database.pool(1), SQLDialect.POSTGRES))
                .transaction(tx -> tx.dsl().truncate(AUTHOR).cascade().execute());
        assertThat(seen).containsExactly("begun", "bypass public.author", "outcome COMMITTED 0");
    }

    @Test
    void aBeginThatFailsHalfWayIsSeenToTheEnd() {
        DSLContext broken = dsl().configuration()
                .deriveAppending(new org.jooq.ExecuteListener() {
                    @Override
                    public void executeStart(org.jooq.ExecuteContext ctx) {
                        if (String.valueOf(ctx.sql()).startsWith("set transaction")) {
                            throw new IllegalStateException("no options today");
                        }
                    }
                })
                .dsl();

        assertThatThrownBy(
                        () -> Transactions.with(broken).isolation(SERIALIZABLE).run(tx -> {}))
                .hasStackTraceContaining("no options today");

        assertThat(seen).containsExactly("begun", "outcome ROLLED_BACK WORK 0");
    }

    @Test
    void aCleanUpThatFailsAfterTheCommitIsSeen() {
        DataSource real = database.simpleDataSource();
        DSLContext dsl = hooks(Bypass.WARN).attachTo(DSL.using(handingOut(real), SQLDialect.POSTGRES));

        dsl.transaction(tx -> author(tx, "a"));

        assertThat(seen).contains("clean-up failed").endsWith("outcome COMMITTED 1");
        assertThat(database.journal()).hasSize(1);
    }

    /** A data source whose connections cannot be put back into autocommit mode. */
    private static DataSource handingOut(DataSource real) {
        return (DataSource) Proxy.newProxyInstance(
                HookObserverTest.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, args) -> {
                    Object result = method.invoke(real, args);
                    return result instanceof Connection connection ? new Stuck(connection) : result;
                });
    }

    private static final class Stuck extends DefaultConnection {

        Stuck(Connection delegate) {
            super(delegate);
        }

        @Override
        public void setAutoCommit(boolean autoCommit) throws SQLException {
            if (autoCommit) {
                throw new SQLException("stuck");
            }
            super.setAutoCommit(false);
        }
    }

    @Test
    void anObserverThatThrowsChangesNothing() {
        HookObserver throwing = (HookObserver) Proxy.newProxyInstance(
                HookObserver.class.getClassLoader(), new Class<?>[] {HookObserver.class}, (proxy, method, args) -> {
                    if (method.getDeclaringClass() == Object.class) {
                        return "a throwing observer";
                    }
                    throw new AssertionError("observer");
                });
        DSLContext dsl = CommitHooks.builder()
                .observer(throwing)
                .observer(new Notes())
                .on(AUTHOR, on -> on.afterCommitInsert((author, ctx) -> {}))
                .build()
                .attachTo(DSL.using(database.pool(1), SQLDialect.POSTGRES));

        dsl.transaction(tx -> author(tx, "a"));

        assertThat(seen).startsWith("begun").endsWith("outcome COMMITTED 1");
        assertThat(database.journal()).hasSize(1);
    }

    @Test
    void andThenPassesOnEverything() {
        List<String> calls = new ArrayList<>();
        HookObserver first = noting("1", calls);
        HookObserver chain = first.andThen(noting("2", calls));

        List<Method> methods = Arrays.stream(HookObserver.class.getMethods())
                .filter(method -> !method.getName().equals("andThen"))
                .toList();
        methods.forEach(method -> {
            try {
                method.invoke(chain, defaults(method.getParameterTypes()));
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        });

        List<String> expected = new ArrayList<>();
        methods.forEach(method -> expected.addAll(List.of("1 " + method.getName(), "2 " + method.getName())));
        assertThat(calls).isEqualTo(expected);
    }

    private static HookObserver noting(String who, List<String> calls) {
        return (HookObserver) Proxy.newProxyInstance(
                HookObserver.class.getClassLoader(), new Class<?>[] {HookObserver.class}, (proxy, method, args) -> {
                    if (method.getName().equals("andThen")) {
                        return java.lang.reflect.InvocationHandler.invokeDefault(proxy, method, args);
                    }
                    calls.add(who + " " + method.getName());
                    return null;
                });
    }

    private static @Nullable Object[] defaults(Class<?>[] types) {
        return Arrays.stream(types)
                .map(type -> type == int.class ? (Object) 0 : type == boolean.class ? false : null)
                .toArray();
    }

    @Test
    void aStatementThatFailsIsNoEventOfItsOwn() {
        catchThrowable(() -> dsl().transaction(tx -> tx.dsl().execute("select 1 / 0")));

        assertThat(seen).containsExactly("begun", "outcome ROLLED_BACK WORK 0");
        assertThat(catchThrowable(() -> dsl().execute("select 1 / 0"))).isInstanceOf(DataAccessException.class);
    }
}
