package dev.commithooks.transactions;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.transaction.AfterCommitException;
import dev.commithooks.transaction.FailureNote;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.tools.jdbc.DefaultConnection;
import org.junit.jupiter.api.Test;

/** What ends retries: other failures, what is committed or may be, the last attempt, an interrupt. */
@Database
class NoRetryTest extends RetryFixture {

    NoRetryTest(TestDatabase database) {
        super(database);
    }

    @Test
    @Needs(Ability.RAISED_ERRORS)
    void otherFailuresEndItAtOnce() {
        assertThatThrownBy(() -> Transactions.with(dsl).retry(attempts(5)).run(tx -> {
                    author(tx, "a");
                    lose(tx, "23505");
                }))
                .isInstanceOf(DataAccessException.class);

        assertThat(events).containsExactly("failed a #1 WORK");
        assertThat(pauses).isEmpty();
    }

    @Test
    @NeedsRealCommits("commits by hand")
    @Needs(Ability.RAISED_ERRORS)
    void whatWasCommittedByHandIsNeverDoneAgain() {
        int[] runs = {0};

        assertThatThrownBy(() -> Transactions.with(dsl).retry(attempts(3)).run(tx -> {
                    runs[0]++;
                    author(tx, "by hand");
                    tx.dsl().connection(Connection::commit);
                    lose(tx, "40001");
                }))
                .isInstanceOf(DataAccessException.class)
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .hasAtLeastOneElementOfType(TransactionInDoubtException.class));

        assertThat(runs[0]).isEqualTo(1);
        assertThat(database.dsl().fetchCount(AUTHOR)).isEqualTo(1);
    }

    @Test
    @NeedsRealCommits("commits by hand")
    void anErrorSwallowedAfterACommitByHandIsInDoubtAndNotSimplyRolledBack() {
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    author(tx, "by hand");
                    tx.dsl().connection(Connection::commit);
                    catchThrowable(() -> tx.dsl().execute("select nothing from nowhere"));
                }))
                .isInstanceOf(TransactionInDoubtException.class);

        assertThat(database.dsl().fetchCount(AUTHOR)).isEqualTo(1);
    }

    @Test
    void whatIsCommittedIsNeverDoneAgain() {
        assertThatThrownBy(() -> Transactions.with(dsl).retry(attempts(5)).run(tx -> author(tx, "after throws")))
                .isInstanceOf(AfterCommitException.class);

        assertThat(events).containsExactly("after after throws #1");
        assertThat(committedNames()).containsExactly("after throws");
        assertThat(pauses).isEmpty();
    }

    @Test
    void whatMayBeCommittedIsNeverDoneAgain() {
        DSLContext cut = dsl.configuration()
                .derive(new DataSourceConnectionProvider(cuttingCommits(database.simpleDataSource())))
                .dsl();

        assertThatThrownBy(() -> Transactions.with(cut).retry(attempts(5)).run(tx -> author(tx, "a")))
                .isInstanceOf(TransactionInDoubtException.class)
                .satisfies(e -> assertThat(RetryPolicy.isTransient(e)).isTrue());

        assertThat(committedNames()).containsExactly("a");
        assertThat(pauses).isEmpty();
    }

    /** The server commits, and the answer is lost; what is thrown instead looks as if one could try again. */
    private static DataSource cuttingCommits(DataSource real) {
        return (DataSource) Proxy.newProxyInstance(
                RetryTest.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, args) -> {
                    Object result = method.invoke(real, args);
                    return result instanceof Connection connection ? new Cut(connection) : result;
                });
    }

    private static final class Cut extends DefaultConnection {

        Cut(Connection delegate) {
            super(delegate);
        }

        @Override
        public void commit() throws SQLException {
            super.commit();
            throw new SQLException("connection lost", "08006", new SQLException("misleading", "40001"));
        }
    }

    @Test
    @Needs(Ability.RAISED_ERRORS)
    void exhaustionThrowsTheLastFailureWithTheEarlierOnesSuppressed() {
        List<Throwable> thrown = new ArrayList<>();

        Throwable last = catchThrowable(() -> Transactions.with(dsl)
                .name("transfer")
                .retry(attempts(3))
                .run(tx -> {
                    author(tx, "a");
                    try {
                        lose(tx, "40001");
                    } catch (DataAccessException e) {
                        thrown.add(e);
                        throw e;
                    }
                }));

        assertThat(last).isSameAs(thrown.get(2));
        FailureNote note = FailureNote.of(last).orElseThrow();
        assertThat(last.getSuppressed()).containsExactly(thrown.get(0), thrown.get(1), note);
        assertThat(note)
                .hasMessageContaining("Transaction 'transfer' was given up after 3 attempts")
                .hasMessageContaining("IS rolled back")
                .hasMessageContaining("retry(RetryPolicy.attempts(n))");
        assertThat(events).containsExactly("failed a #1 WORK", "failed a #2 WORK", "failed a #3 WORK");
        assertThat(committedNames()).isEmpty();
    }

    @Test
    @Needs(Ability.RAISED_ERRORS)
    void failureThatIsNoReasonToRetryIsNotCalledAnExhaustion() {
        int[] runs = {0};

        Throwable last =
                catchThrowable(() -> Transactions.with(dsl).retry(attempts(2)).run(tx -> {
                    if (++runs[0] == 1) {
                        lose(tx, "40001");
                    }
                    tx.dsl().execute("select nothing from nowhere");
                }));

        assertThat(last).hasMessageContaining("nowhere");
        assertThat(last.getSuppressed()).hasSize(1);
        assertThat(FailureNote.of(last)).isEmpty();
    }

    @Test
    @Needs(Ability.RAISED_ERRORS)
    void anInterruptDuringThePauseEndsItAndIsNotLost() {
        RetryPolicy interrupted = RetryPolicy.attempts(5).sleeper(pause -> {
            throw new InterruptedException();
        });

        assertThatThrownBy(() -> Transactions.with(dsl).retry(interrupted).run(tx -> {
                    author(tx, "a");
                    lose(tx, "40001");
                }))
                .isInstanceOf(DataAccessException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(events).containsExactly("failed a #1 WORK");
    }

    @Test
    @Needs(Ability.RAISED_ERRORS)
    void aThreadInterruptedBeforeThePauseDoesNotPause() {
        assertThatThrownBy(() -> Transactions.with(dsl).retry(attempts(5)).run(tx -> {
                    author(tx, "a");
                    CommitHooks.current(tx)
                            .onRollback(failure -> Thread.currentThread().interrupt());
                    lose(tx, "40001");
                }))
                .isInstanceOf(DataAccessException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(pauses).isEmpty();
    }
}
