package dev.commithooks.databases;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.change.Change;
import dev.commithooks.fixture.JournalEntry;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.BucketMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Merges of records by several threads at once, in transactions, parts of transactions and by themselves, at random: hooks hear of each
 * as the insert or the update that the database's own triggers have noted.
 */
abstract class MergesContract {

    private static final int THREADS = 3;
    private static final int MERGES = Integer.getInteger("commithooks.merges", 20);

    private final TestDatabase database;
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final DSLContext dsl;

    MergesContract(TestDatabase database) {
        this.database = database;
        this.dsl = CommitHooks.builder()
                .buckets(BucketMode.EVERY)
                .on(
                        AUTHOR,
                        on -> on.afterCommitInsert((author, ctx) -> tell(author))
                                .afterCommitUpdate((author, ctx) -> tell(author)))
                .build()
                .attachTo(database.dsl());
    }

    private void tell(Change<AuthorRecord> change) {
        told.add(change.type() + " " + change.key().orElseThrow().values().get(0));
    }

    @BeforeEach
    void empty() {
        database.reset();
    }

    @Test
    void areToldAsTheDatabaseNotesThem() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(i);
                running.add(threads.submit(() -> mergeAtRandom(random)));
            }
            for (Future<?> thread : running) {
                thread.get();
            }
        } finally {
            threads.shutdownNow();
        }

        List<String> noted = database.journal().stream()
                .filter(entry -> entry.table().equals("author"))
                .map(MergesContract::noted)
                .toList();
        assertThat(noted).filteredOn(entry -> entry.startsWith("UPDATE")).hasSizeGreaterThan(MERGES / 4);
        assertThat(told).containsExactlyInAnyOrderElementsOf(noted);
    }

    private static String noted(JournalEntry entry) {
        return entry.operation() + " " + entry.newRow().get("id");
    }

    private void mergeAtRandom(Random random) {
        for (int i = 0; i < MERGES; i++) {
            try {
                switch (random.nextInt(4)) {
                    case 0 -> merge(dsl, random);
                    case 1 -> rolledBack(random);
                    default ->
                        dsl.transaction(tx -> {
                            merge(tx.dsl(), random);
                            merge(tx.dsl(), random);
                        });
                }
            } catch (DataAccessException | RolledBack deadlockOrDuplicate) {
                // Then nothing was written.
            }
        }
    }

    private void rolledBack(Random random) {
        dsl.transaction(tx -> {
            merge(tx.dsl(), random);
            try {
                tx.dsl().transaction(nested -> {
                    merge(nested.dsl(), random);
                    throw new RolledBack();
                });
            } catch (RolledBack expected) {
                if (random.nextBoolean()) {
                    throw expected;
                }
            }
        });
    }

    /** Most are found by their key, some by their address, and some as they are to be. */
    private static void merge(DSLContext on, Random random) {
        AuthorRecord author = on.newRecord(AUTHOR);
        if (random.nextInt(8) > 0) {
            author.setId((long) random.nextInt(30) + 1);
        }
        author.setName("name " + random.nextInt(2));
        if (random.nextInt(3) == 0) {
            author.setEmail(random.nextInt(20) + "@example.org");
        }
        author.merge();
    }

    private static final class RolledBack extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
