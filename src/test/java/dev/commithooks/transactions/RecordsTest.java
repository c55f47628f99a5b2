package dev.commithooks.transactions;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.AUDIT_LOG;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.transaction.IsolationLevel.SERIALIZABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.AuditLogRecord;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.transaction.Propagation;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that a transaction was told of are what they were before, when it is rolled back. */
@Database
class RecordsTest extends RestoringFixture {

    RecordsTest(TestDatabase database) {
        super(database, CommitHooks.builder());
    }

    @Test
    @Needs(Ability.SPENT_IDENTITIES)
    void aRetryStoresTheNewRecordAgain() {
        AuthorRecord author = dsl.newRecord(AUTHOR);
        author.setName("Ann");
        List<Integer> stored = new ArrayList<>();

        Transactions.with(dsl).retry(attempts(2)).records(author).run(tx -> {
            stored.add(author.store());
            if (stored.size() == 1) {
                lose();
            }
        });

        assertThat(stored).containsExactly(1, 1);
        assertThat(database.dsl().fetchSingle(AUTHOR).getId()).isEqualTo(author.getId());
        assertThat(journal.events())
                .containsExactly("failed WORK insert author[1]", "before insert author[2]", "after insert author[2]");
        assertThat(author.configuration()).isSameAs(dsl.configuration());
        assertThat(author.changed()).isFalse();
    }

    @Test
    void whatTheBlockChangesIsChangedOnceHoweverManyAttempts() {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setOwner("Ann");
        account.setBalance(new BigDecimal("100.00"));
        account.store();
        int[] attempt = new int[1];

        Transactions.with(dsl).retry(attempts(3)).records(account).run(tx -> {
            account.setBalance(account.getBalance().subtract(BigDecimal.TEN));
            account.store();
            if (++attempt[0] < 3) {
                lose();
            }
        });

        assertThat(database.dsl().fetchSingle(ACCOUNT).getBalance()).isEqualByComparingTo("90.00");
    }

    @Test
    void aJoinedBlockAndAReleasedSavepointAreUndoneByTheTransactionAround() {
        AuthorRecord one = new AuthorRecord();
        one.setName("Ann");
        AuthorRecord other = new AuthorRecord();
        other.setName("Ben");

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    Transactions.with(tx)
                            .propagation(Propagation.REQUIRED)
                            .records(one)
                            .run(joined -> one.store());
                    Transactions.with(tx).records(other).run(nested -> other.store());
                    assertThat(List.of(one.getId(), other.getId())).containsExactly(1L, 2L);
                    throw new Undo();
                }))
                .isInstanceOf(Undo.class);

        assertThat(List.of(one, other)).allSatisfy(author -> {
            assertThat(author.getId()).isNull();
            assertThat(author.changed(AUTHOR.NAME)).isTrue();
            assertThat(author.configuration()).isNull();
        });
    }

    @Test
    void ofSeveralBlocksOneAfterAnotherTheFirstSaysWhatToGoBackTo() {
        AuthorRecord author = new AuthorRecord();
        author.setName("Ann");

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    Transactions.with(tx).records(author).run(nested -> author.store());
                    Transactions.with(tx).records(author).run(nested -> {
                        author.setName("Ben");
                        author.store();
                    });
                    throw new Undo();
                }))
                .isInstanceOf(Undo.class);

        assertThat(author.getId()).isNull();
        assertThat(author.getName()).isEqualTo("Ann");
        assertThat(author.changed(AUTHOR.NAME)).isTrue();
    }

    @Test
    void withoutATransactionThereIsNothingToGoBackTo() {
        assertThatThrownBy(() -> Transactions.with(dsl)
                        .propagation(Propagation.NEVER)
                        .records(new AuthorRecord())
                        .run(none -> {}))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(
                        () -> Transactions.with(dsl).records(new AuthorRecord()).open())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nothing was opened");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @NeedsRealCommits("several transactions at a time")
    @Needs(Ability.SERIALIZATION_FAILURES)
    void theSumHoldsWithRecordsMadeOutsideTheBlock(boolean isNamed) throws Exception {
        int threads = 8;
        int transfers = 240;
        DSLContext crowd = CommitHooks.builder()
                .registerAll(journal)
                .build()
                .attachTo(database.dsl(database.pool(threads, config -> database.rowByRow(config))));
        for (int i = 0; i < 16; i++) {
            database.dsl()
                    .insertInto(ACCOUNT, ACCOUNT.OWNER, ACCOUNT.BALANCE)
                    .values("owner " + i, BigDecimal.valueOf(1_000))
                    .execute();
        }
        RetryPolicy policy = RetryPolicy.attempts(500)
                .backoff(Duration.ofMillis(1), 1.5, Duration.ofMillis(20))
                .jitter(1);

        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<?>> all = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int number = thread;
            all.add(pool.submit(() -> {
                Random random = new Random(number);
                for (int i = 0; i < transfers / threads; i++) {
                    AuditLogRecord entry = new AuditLogRecord();
                    entry.setTableName("account");
                    entry.setOperation("TRANSFER");
                    entry.setRowKey(number + "/" + i);
                    long[] ids = random.longs(1, 17).distinct().limit(2).toArray();
                    Transactions transfer =
                            Transactions.with(crowd).isolation(SERIALIZABLE).retry(policy);
                    (isNamed ? transfer.records(entry) : transfer).run(tx -> {
                        entry.attach(tx);
                        entry.store();
                        move(tx, ids[0], -1);
                        move(tx, ids[1], 1);
                    });
                }
            }));
        }
        try {
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            pool.shutdownNow();
        }

        assertThat(database.dsl().fetchValues(AUDIT_LOG.ROW_KEY))
                .hasSize(transfers)
                .doesNotHaveDuplicates();
        assertThat(database.dsl()
                        .select(DSL.sum(ACCOUNT.BALANCE))
                        .from(ACCOUNT)
                        .fetchSingle()
                        .value1())
                .isEqualByComparingTo("16000");
        assertThat(journal.events())
                .as("attempts that lost; without any this proves nothing")
                .anyMatch(event -> event.startsWith("failed"));
    }

    private static void move(Configuration tx, long id, int amount) {
        AccountRecord account = tx.dsl().fetchSingle(ACCOUNT, ACCOUNT.ID.eq(id));
        account.setBalance(account.getBalance().add(BigDecimal.valueOf(amount)));
        account.store();
    }
}
