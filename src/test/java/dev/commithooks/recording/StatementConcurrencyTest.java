package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.commithooks.CommitHooks;
import dev.commithooks.change.Updated;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.policy.OldRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Statements on several connections that wait for each other's rows: of each row the images form a chain, in which the old one of
 * each change is the new one of the change before.
 */
@Database
@Needs(Ability.CAPTURED_STATEMENTS)
class StatementConcurrencyTest {

    private static final int THREADS = 8;
    private static final int TRANSACTIONS = 40;
    private static final int ROWS = 10;

    private final TestDatabase database;

    StatementConcurrencyTest(TestDatabase database) {
        this.database = database;
    }

    @ParameterizedTest
    @EnumSource
    void imagesOfEachRowFormAChain(OldRows oldRows) throws Exception {
        int version = database.postgresVersion();
        assumeTrue(version >= 18 || oldRows == OldRows.FROM_DATABASE, "this server tells no old rows unless asked to");
        Collection<Updated<?>> told = new ConcurrentLinkedQueue<>();
        DSLContext dsl = CommitHooks.builder()
                .buckets(BucketMode.EVERY)
                .oldRows(oldRows)
                .on(STOCK, on -> on.afterCommitUpdate((stock, ctx) -> told.add(stock)))
                .build()
                .attachTo(database.dsl(database.pool(THREADS)));
        for (int row = 0; row < ROWS; row++) {
            database.dsl()
                    .insertInto(STOCK)
                    .set(STOCK.ISBN, "isbn " + row)
                    .set(STOCK.QUANTITY, 0)
                    .execute();
        }
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                Random random = new Random(thread);
                running.add(threads.submit(() -> {
                    for (int i = 0; i < TRANSACTIONS; i++) {
                        // By order of key, so that two of them never wait for each other in a circle.
                        dsl.transaction(tx -> tx.dsl()
                                .update(STOCK)
                                .set(STOCK.QUANTITY, STOCK.QUANTITY.plus(1))
                                .where(STOCK.ISBN.eq("isbn " + random.nextInt(ROWS)))
                                .execute());
                    }
                }));
            }
            for (Future<?> one : running) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(told).hasSize(THREADS * TRANSACTIONS);
        Map<String, List<String>> chains = new TreeMap<>();
        for (Updated<?> update : told) {
            chains.computeIfAbsent(isbn(update.row()), isbn -> new ArrayList<>())
                    .add(quantity(update.oldRow()) + "-" + quantity(update.row()));
        }
        chains.forEach((isbn, links) -> {
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < links.size(); i++) {
                expected.add(i + "-" + (i + 1));
            }
            assertThat(links).as(isbn).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(database.dsl().fetchValue(STOCK.QUANTITY, STOCK.ISBN.eq(isbn)))
                    .isEqualTo(links.size());
        });
    }

    private static String isbn(Record row) {
        return row.get(STOCK.ISBN);
    }

    private static int quantity(Record row) {
        return row.get(STOCK.QUANTITY);
    }
}
