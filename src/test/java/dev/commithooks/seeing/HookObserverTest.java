package dev.commithooks.seeing;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.transaction.IsolationLevel.SERIALIZABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.TransactionSession;
import dev.commithooks.Transactions;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.Bypass;
import dev.commithooks.transaction.StatementRefusedException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.tools.jdbc.DefaultConnection;
import org.junit.jupiter.api.Test;

/** What an observer sees of transactions, in its order. */
@Database
class HookObserverTest extends ObserverFixture {

    HookObserverTest(TestDatabase database) {
        super(database);
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
    void aStatementThatFailsIsNoEventOfItsOwn() {
        catchThrowable(() -> dsl().transaction(tx -> tx.dsl().execute("select 1 / 0")));

        assertThat(seen).containsExactly("begun", "outcome ROLLED_BACK WORK 0");
        assertThat(catchThrowable(() -> dsl().execute("select 1 / 0"))).isInstanceOf(DataAccessException.class);
    }
}
