package dev.commithooks.transactions;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.AUDIT_LOG;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static dev.commithooks.transaction.IsolationLevel.SERIALIZABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.AuditLogRecord;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.transaction.Propagation;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.UpdatableRecord;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that a transaction was told of are what they were before, when it is rolled back. */
@Database
class RecordsTest {

    private static final class Undo extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final TestDatabase database;
    private final HookJournal journal = new HookJournal();
    private final DSLContext dsl;

    RecordsTest(TestDatabase database) {
        this.database = database;
        this.dsl = CommitHooks.builder().registerAll(journal).build().attachTo(database.dsl(database.pool(3)));
    }

    private static RetryPolicy attempts(int attempts) {
        return RetryPolicy.attempts(attempts).sleeper(pause -> {});
    }

    private static void lose() {
        throw new DataAccessException("lost against another", new SQLException("lost", "40001"));
    }

    @Test
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
    void theSumHoldsWithRecordsMadeOutsideTheBlock(boolean isNamed) throws Exception {
        int threads = 8;
        int transfers = 240;
        DSLContext crowd = CommitHooks.builder()
                .registerAll(journal)
                .build()
                .attachTo(database.dsl(database.pool(threads, config -> {
                    config.setConnectionInitSql("set enable_seqscan = off"); // as in ContentionTest
                    return config;
                })));
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

    /** Settings under which records behave differently. */
    enum Kind {
        PLAIN(new Settings()),
        UPDATABLE_KEYS(new Settings().withUpdatablePrimaryKeys(true)),
        OPTIMISTIC(new Settings().withExecuteWithOptimisticLocking(true)),
        RETURN_ALL(new Settings().withReturnAllOnUpdatableRecord(true));

        private final Settings settings;

        Kind(Settings settings) {
            this.settings = settings;
        }
    }

    @ParameterizedTest
    @EnumSource
    void afterARollbackStoreDoesWhatItWouldHaveDoneBefore(Kind kind) {
        DSLContext where = CommitHooks.builder()
                .registerAll(journal)
                .build()
                .attachTo(database.dsl(database.pool(1), kind.settings));
        StockRecord added = where.newRecord(STOCK);
        added.setIsbn("added");
        StockRecord changed = where.newRecord(STOCK);
        changed.setIsbn("changed");
        changed.store();
        changed.refresh(); // the default of its quantity, without which an optimistic lock is lost
        changed.setQuantity(7);
        journal.drain();

        assertThatThrownBy(
                        () -> Transactions.with(where).records(added, changed).run(tx -> {
                            added.store();
                            changed.delete();
                            throw new Undo();
                        }))
                .isInstanceOf(Undo.class);
        journal.drain();
        added.store();
        changed.store();

        assertThat(journal.drain())
                .containsExactly(
                        "before insert stock[added]",
                        "after insert stock[added]",
                        "before update stock[changed]",
                        "after update stock[changed]");
        assertThat(database.dsl().fetch(STOCK).intoMap(STOCK.ISBN, STOCK.QUANTITY))
                .containsEntry("changed", 7)
                .containsKey("added")
                .hasSize(2);
    }

    /** A record's state as it can be read. */
    private record Seen(List<@Nullable Object> values, List<@Nullable Object> originals, List<Boolean> changed) {
        static Seen of(UpdatableRecord<?> row) {
            List<@Nullable Object> values = new ArrayList<>();
            List<@Nullable Object> originals = new ArrayList<>();
            List<Boolean> changed = new ArrayList<>();
            for (int i = 0; i < row.size(); i++) {
                values.add(comparable(row.get(i)));
                originals.add(comparable(row.original(i)));
                changed.add(row.changed(i));
            }
            return new Seen(values, originals, changed);
        }

        private static @Nullable Object comparable(@Nullable Object value) {
            return value instanceof Object[] array ? Arrays.asList(array) : value;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whateverWasDoneToRecordsOnAnyLevelIsUndone(Kind kind) {
        DSLContext where = CommitHooks.builder()
                .registerAll(journal)
                .build()
                .attachTo(database.dsl(database.pool(1), kind.settings));
        Random random = new Random(kind.ordinal());
        List<UpdatableRecord<?>> rows = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            BookRecord book = where.newRecord(BOOK);
            book.setTitle("book " + i);
            StockRecord stock = where.newRecord(STOCK);
            stock.setIsbn("isbn " + i);
            AccountRecord account = where.newRecord(ACCOUNT);
            account.setOwner("owner " + i);
            rows.addAll(List.of(book, stock, account));
        }
        int[] compared = new int[1];
        for (int round = 0; round < 60; round++) {
            level(where.configuration(), rows, random, 0, compared);
        }
        assertThat(compared[0]).isGreaterThan(500);
    }

    private static void level(
            Configuration around, List<UpdatableRecord<?>> rows, Random random, int depth, int[] compared) {
        List<Seen> before = rows.stream().map(Seen::of).toList();
        boolean undo = random.nextBoolean();
        try {
            Transactions.with(around)
                    .records(rows.toArray(new UpdatableRecord<?>[0]))
                    .run(tx -> {
                        int steps = 1 + random.nextInt(12);
                        for (int i = 0; i < steps; i++) {
                            if (depth < 2 && random.nextInt(4) == 0) {
                                level(tx, rows, random, depth + 1, compared);
                            } else {
                                step(tx, rows.get(random.nextInt(rows.size())), random);
                            }
                        }
                        if (undo) {
                            throw new Undo();
                        }
                    });
        } catch (Undo expected) {
            assertThat(rows.stream().map(Seen::of).toList()).isEqualTo(before);
            compared[0] += rows.size();
        }
    }

    /** One operation, in a savepoint of its own where the database may refuse it. */
    private static void step(Configuration tx, UpdatableRecord<?> row, Random random) {
        try {
            Transactions.with(tx).records(row).run(nested -> {
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> change(row, random);
                    case 3, 4 -> row.store();
                    case 5 -> row.delete();
                    case 6 -> row.refresh();
                    default -> row.reset();
                }
            });
        } catch (DataAccessException refused) {
            // A key twice, a row that is gone: also a way for a record to be restored.
        }
    }

    private static void change(UpdatableRecord<?> row, Random random) {
        String text = "text " + random.nextInt(50);
        Field<String> field =
                row instanceof BookRecord ? BOOK.TITLE : row instanceof StockRecord ? STOCK.ISBN : ACCOUNT.OWNER;
        row.set(field, text);
    }
}
