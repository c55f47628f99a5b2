package dev.commithooks.transactions;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.transaction.IsolationLevel.REPEATABLE_READ;
import static dev.commithooks.transaction.IsolationLevel.SERIALIZABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.transaction.Propagation;
import java.math.BigDecimal;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jooq.Configuration;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;

/** What is retried, and how long is waited in between. */
@Database
class RetryTest extends RetryFixture {

    RetryTest(TestDatabase database) {
        super(database);
    }

    @Test
    @Needs(Ability.RAISED_ERRORS)
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
    @Needs(Ability.SNAPSHOT_CONFLICTS)
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
    @Needs(Ability.CONCURRENT_WRITERS)
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
                            if (database.product() == Product.POSTGRESQL) {
                                tx.dsl().execute("set local deadlock_timeout = '50ms'");
                            }
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
    @Needs(Ability.RAISED_ENDS)
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
    @Needs(Ability.ISOLATION_LEVELS)
    void aSerializableTransactionOnItsOwnNeedsOneAttempt() {
        Transactions.with(dsl).isolation(SERIALIZABLE).retry(attempts(1)).run(tx -> author(tx, "a"));

        assertThat(events).containsExactly("after a #1");
    }
}
