package dev.commithooks.transactions;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.transaction.IsolationLevel.REPEATABLE_READ;
import static dev.commithooks.transaction.IsolationLevel.SERIALIZABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.transaction.AfterCommitException;
import dev.commithooks.transaction.FailureNote;
import dev.commithooks.transaction.Propagation;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.tools.jdbc.DefaultConnection;
import org.junit.jupiter.api.Test;

@Database
class RetryTest {

    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
    private final TestDatabase database;
    private final DSLContext dsl;

    RetryTest(TestDatabase database) {
        this.database = database;
        CommitHooks hooks = CommitHooks.builder()
                .on(
                        AUTHOR,
                        on -> on.afterCommitInsert((author, ctx) -> {
                                    events.add("after " + author.row().getName() + " #"
                                            + ctx.transaction().attempt());
                                    if (author.row().getName().equals("after throws")) {
                                        throw new DataAccessException(
                                                "40001 of a hook's own", new SQLException("x", "40001"));
                                    }
                                })
                                .failedCommitInsert((author, ctx) -> events.add("failed "
                                        + author.row().getName() + " #"
                                        + ctx.transaction().attempt() + " "
                                        + ctx.failure().orElseThrow().stage())))
                .build();
        this.dsl = hooks.attachTo(database.dsl(database.pool(3)));
    }

    private RetryPolicy attempts(int attempts) {
        return RetryPolicy.attempts(attempts).sleeper(pauses::add);
    }

    private static AuthorRecord author(Configuration tx, String name) {
        AuthorRecord author = tx.dsl().newRecord(AUTHOR);
        author.setName(name);
        author.store();
        return author;
    }

    /** Fails as a transaction does that lost against another one: the database itself says so. */
    private static void lose(Configuration tx, String sqlState) {
        tx.dsl().execute("do $$ begin raise exception 'lost' using errcode = '" + sqlState + "'; end $$");
    }

    private List<String> committedNames() {
        return database.journal().stream()
                .map(row -> String.valueOf(row.value("name")))
                .toList();
    }

    // ---------------------------------------------------------------- what is retried

    @Test
    void aTransactionThatLosesTwiceIsToldOfTwiceAndCommittedOnce() {
        int result = Transactions.with(dsl).retry(attempts(3)).call(tx -> {
            int attempt = CommitHooks.current(tx).info().attempt();
            author(tx, "a");
            if (attempt < 3) {
                lose(tx, attempt == 1 ? "40001" : "40P01");
            }
            return attempt;
        });

        assertThat(result).isEqualTo(3);
        assertThat(events).containsExactly("failed a #1 WORK", "failed a #2 WORK", "after a #3");
        assertThat(committedNames()).containsExactly("a");
        assertThat(pauses).hasSize(2);
    }

    @Test
    @NeedsRealCommits("wants a real serialization failure")
    void aRealSerializationFailureIsRetried() {
        dsl.transaction(tx -> {
            AccountRecord account = tx.dsl().newRecord(ACCOUNT);
            account.setOwner("a");
            account.setBalance(BigDecimal.TEN);
            account.store();
        });

        Transactions.with(dsl).isolation(REPEATABLE_READ).retry(attempts(2)).run(tx -> {
            AccountRecord account = tx.dsl().fetchSingle(ACCOUNT, ACCOUNT.ID.eq(1L));
            author(tx, "a");
            if (CommitHooks.current(tx).info().attempt() == 1) {
                Transactions.with(tx).propagation(Propagation.REQUIRES_NEW).run(other -> {
                    AccountRecord same = other.dsl().fetchSingle(ACCOUNT, ACCOUNT.ID.eq(1L));
                    same.setBalance(BigDecimal.ONE);
                    same.store();
                });
            }
            account.setBalance(account.getBalance().add(BigDecimal.ONE));
            account.store();
        });

        assertThat(events).containsExactly("failed a #1 WORK", "after a #2");
        assertThat(database.dsl().fetchSingle(ACCOUNT).getBalance()).isEqualByComparingTo("2");
    }

    @Test
    @NeedsRealCommits("wants a real deadlock")
    void aRealDeadlockIsRetriedAndBothGetThrough() throws Exception {
        dsl.transaction(tx -> {
            for (String owner : List.of("a", "b")) {
                AccountRecord account = tx.dsl().newRecord(ACCOUNT);
                account.setOwner(owner);
                account.store();
            }
        });
        CyclicBarrier bothHoldOne = new CyclicBarrier(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> both = new ArrayList<>();
            for (long first = 1; first <= 2; first++) {
                long mine = first;
                both.add(threads.submit(() -> Transactions.with(dsl)
                        .retry(attempts(5))
                        .run(tx -> {
                            author(tx, "holder of " + mine);
                            tx.dsl().execute("set local deadlock_timeout = '50ms'");
                            add(tx, mine);
                            if (CommitHooks.current(tx).info().attempt() == 1) {
                                bothHoldOne.await();
                            }
                            add(tx, 3 - mine);
                        })));
            }
            for (Future<?> one : both) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(database.dsl().fetch(ACCOUNT).map(AccountRecord::getBalance))
                .allSatisfy(balance -> assertThat(balance).isEqualByComparingTo("2"));
        assertThat(events).filteredOn(event -> event.startsWith("after")).hasSize(2);
        assertThat(events)
                .filteredOn(event -> event.startsWith("failed") && event.contains("#1"))
                .hasSizeBetween(1, 2); // the one that retries may be faster than the one that was let through
    }

    private static void add(Configuration tx, long account) {
        AccountRecord record = tx.dsl()
                .selectFrom(ACCOUNT)
                .where(ACCOUNT.ID.eq(account))
                .forUpdate()
                .fetchSingle();
        record.setBalance(record.getBalance().add(BigDecimal.ONE));
        record.store();
    }

    @Test
    void aSwallowedSerializationFailureIsRetriedToo() {
        Transactions.with(dsl).retry(attempts(2)).run(tx -> {
            author(tx, "a");
            if (CommitHooks.current(tx).info().attempt() == 1) {
                catchThrowable(() -> lose(tx, "40001"));
            }
        });

        assertThat(events).containsExactly("failed a #1 COMMIT", "after a #2");
        assertThat(committedNames()).containsExactly("a");
    }

    @Test
    void theStateIsFoundInCausesAndNextExceptions() {
        SQLException next = new SQLException("next", "40001");
        BatchUpdateException batch = new BatchUpdateException("batch", new int[0]);
        batch.setNextException(next);
        Exception loop = new IllegalStateException("a");
        loop.initCause(new IllegalStateException("b", loop));

        assertThat(RetryPolicy.isTransient(new RuntimeException(new RuntimeException(next))))
                .isTrue();
        assertThat(RetryPolicy.isTransient(new DataAccessException("no", batch)))
                .isTrue();
        assertThat(RetryPolicy.isTransient(new SQLException("no", "40002"))).isFalse();
        assertThat(RetryPolicy.isTransient(loop)).isFalse();
        assertThat(RetryPolicy.isTransient(null)).isFalse();
    }

    // ---------------------------------------------------------------- what is not

    @Test
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

    // ---------------------------------------------------------------- backoff

    @Test
    void pausesGrowUpToTheMaximumAndJitterShortensThem() {
        RetryPolicy policy = RetryPolicy.attempts(9)
                .backoff(Duration.ofMillis(10), 3, Duration.ofMillis(100))
                .jitter(0);

        assertThat(List.of(policy.delayAfter(1), policy.delayAfter(2), policy.delayAfter(3), policy.delayAfter(4)))
                .containsExactly(
                        Duration.ofMillis(10), Duration.ofMillis(30), Duration.ofMillis(90), Duration.ofMillis(100));
        assertThat(policy.jitter(0.5).random(() -> 0.5).delayAfter(2)).isEqualTo(Duration.ofNanos(22_500_000));
        assertThat(policy.delayAfter(10_000)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void impossiblePoliciesAreRefused() {
        RetryPolicy policy = RetryPolicy.attempts(1);

        assertThatThrownBy(() -> RetryPolicy.attempts(0)).hasMessageContaining("attempts(0)");
        assertThatThrownBy(() -> RetryPolicy.attempts(-1)).hasMessageContaining("attempts(-1)");
        assertThatThrownBy(() -> policy.backoff(Duration.ofMillis(-1), 2, Duration.ofSeconds(1)))
                .hasMessageContaining("backoff");
        assertThatThrownBy(() -> policy.backoff(Duration.ofSeconds(2), 2, Duration.ofSeconds(1)))
                .hasMessageContaining("backoff");
        assertThatThrownBy(() -> policy.backoff(Duration.ofSeconds(1), 0.5, Duration.ofSeconds(1)))
                .hasMessageContaining("backoff");
        assertThatThrownBy(() -> policy.jitter(1.5)).hasMessageContaining("jitter(1.5)");
        assertThatThrownBy(() -> policy.jitter(Double.NaN)).hasMessageContaining("jitter");
    }

    @Test
    void aSerializableTransactionOnItsOwnNeedsOneAttempt() {
        Transactions.with(dsl).isolation(SERIALIZABLE).retry(attempts(1)).run(tx -> author(tx, "a"));

        assertThat(events).containsExactly("after a #1");
    }
}
