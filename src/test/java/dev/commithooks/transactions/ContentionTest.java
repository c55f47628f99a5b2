package dev.commithooks.transactions;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.AUDIT_LOG;
import static dev.commithooks.transaction.IsolationLevel.SERIALIZABLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.AuditLogRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.RetryPolicy;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/** Many threads move money between few accounts: nothing is lost, nothing told twice. */
@Database
class ContentionTest {

    private static final int THREADS = 8;
    private static final int TRANSFERS = Integer.getInteger("commithooks.contention.transfers", 1_000);
    private static final int ACCOUNTS = 32;
    private static final BigDecimal BALANCE = BigDecimal.valueOf(1_000);

    /** Transfer to the attempts that were told as failed, and as committed. */
    private final Map<String, ConcurrentLinkedQueue<Integer>> failed = new ConcurrentHashMap<>();

    private final Map<String, ConcurrentLinkedQueue<Integer>> committed = new ConcurrentHashMap<>();

    /** Transfer to the attempts that wrote its row and did not return. */
    private final Map<String, ConcurrentLinkedQueue<Integer>> written = new ConcurrentHashMap<>();

    private static void note(Map<String, ConcurrentLinkedQueue<Integer>> where, String transfer, int attempt) {
        where.computeIfAbsent(transfer, key -> new ConcurrentLinkedQueue<>()).add(attempt);
    }

    @Test
    @NeedsRealCommits("wants transactions that lose against others")
    @Needs(Ability.SERIALIZATION_FAILURES)
    void theSumHoldsAndEachTransferIsToldOnce(TestDatabase database) throws Exception {
        DSLContext dsl = CommitHooks.builder()
                .on(
                        AUDIT_LOG,
                        on -> on.afterCommitInsert((entry, ctx) -> note(
                                        committed,
                                        entry.row().getRowKey(),
                                        ctx.transaction().attempt()))
                                .failedCommitInsert((entry, ctx) -> note(
                                        failed,
                                        entry.row().getRowKey(),
                                        ctx.transaction().attempt())))
                .build()
                .attachTo(database.dsl(database.pool(THREADS, config -> database.rowByRow(config))));
        open(database.dsl());

        transferAtRandom(dsl);

        assertThat(database.dsl()
                        .select(DSL.sum(ACCOUNT.BALANCE))
                        .from(ACCOUNT)
                        .fetchSingle()
                        .value1())
                .isEqualByComparingTo(BALANCE.multiply(BigDecimal.valueOf(ACCOUNTS)));
        List<String> rows = database.dsl().fetchValues(AUDIT_LOG.ROW_KEY);
        assertThat(rows).hasSize(TRANSFERS).doesNotHaveDuplicates();
        assertThat(committed.keySet()).containsExactlyInAnyOrderElementsOf(rows);
        written.forEach((transfer, attempts) -> {
            List<Integer> told = new ArrayList<>(failed.getOrDefault(transfer, new ConcurrentLinkedQueue<>()));
            assertThat(committed.get(transfer))
                    .as("after hooks of %s", transfer)
                    .hasSize(1);
            told.addAll(committed.get(transfer));
            assertThat(told).as("attempts told of %s", transfer).containsExactlyElementsOf(attempts);
        });
        assertThat(failed)
                .as("transfers that lost against another; without any this proves nothing")
                .isNotEmpty();
    }

    private static void open(DSLContext plain) {
        for (int i = 0; i < ACCOUNTS; i++) {
            plain.insertInto(ACCOUNT, ACCOUNT.OWNER, ACCOUNT.BALANCE)
                    .values("owner " + i, BALANCE)
                    .execute();
        }
    }

    private void transferAtRandom(DSLContext dsl) throws Exception {
        Transactions transactions = Transactions.with(dsl)
                .name("transfer")
                .isolation(SERIALIZABLE)
                .retry(RetryPolicy.attempts(200)
                        .backoff(Duration.ofMillis(1), 1.5, Duration.ofMillis(20))
                        .jitter(1));
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int number = thread;
                all.add(threads.submit(() -> {
                    Random random = new Random(number);
                    for (int i = 0; i < TRANSFERS / THREADS; i++) {
                        String transfer = number + "/" + i;
                        long[] accounts = random.longs(1, ACCOUNTS + 1)
                                .distinct()
                                .limit(2)
                                .toArray();
                        int amount = random.nextInt(1, 10);
                        transactions.run(tx -> transfer(tx, transfer, accounts, amount));
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void transfer(Configuration tx, String transfer, long[] accounts, int amount) {
        AuditLogRecord entry = tx.dsl().newRecord(AUDIT_LOG);
        entry.setTableName("account");
        entry.setOperation(Arrays.toString(accounts));
        entry.setRowKey(transfer);
        entry.store();
        note(written, transfer, CommitHooks.current(tx).info().attempt());
        move(tx, accounts[0], -amount);
        move(tx, accounts[1], amount);
    }

    private static void move(Configuration tx, long account, int amount) {
        AccountRecord record = tx.dsl().fetchSingle(ACCOUNT, ACCOUNT.ID.eq(account));
        record.setBalance(record.getBalance().add(BigDecimal.valueOf(amount)));
        record.store();
    }
}
