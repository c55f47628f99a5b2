package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.JournalEntry;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.BucketMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several threads in one transaction, with savepoints: the log is in the order of the connection. */
@Database
@NeedsRealCommits("several threads in one transaction")
class SeveralThreadsOrderTest {

    private static final int ROUNDS = Integer.getInteger("commithooks.threads.rounds", 50);
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final TestDatabase database;

    SeveralThreadsOrderTest(TestDatabase database) {
        this.database = database;
    }

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    private static AuthorRecord store(Configuration tx, String name) {
        AuthorRecord author = tx.dsl().newRecord(AUTHOR);
        author.setName(name);
        author.store();
        return author;
    }

    @Test
    @Needs(Ability.SPENT_IDENTITIES)
    void rowsOfOtherThreadsFollowTheSavepointThatTheyWereWrittenUnder() {
        HookJournal journal = new HookJournal();
        DSLContext dsl = CommitHooks.builder().registerAll(journal).build().attachTo(database.dsl());
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(round);
            dsl.transaction(tx -> {
                List<CompletableFuture<Void>> others = new ArrayList<>();
                for (int thread = 0; thread < 3; thread++) {
                    others.add(CompletableFuture.runAsync(
                            () -> {
                                for (int i = 0; i < 5; i++) {
                                    store(tx, "other");
                                }
                            },
                            threads));
                }
                for (int i = 0; i < 4; i++) {
                    boolean fails = random.nextBoolean();
                    catchThrowable(() -> tx.dsl().transaction(nested -> {
                        store(nested, "nested");
                        if (fails) {
                            throw new IllegalStateException("rolled back");
                        }
                    }));
                }
                others.forEach(CompletableFuture::join);
            });

            Set<String> there = new TreeSet<>();
            database.dsl()
                    .select(AUTHOR.ID)
                    .from(AUTHOR)
                    .forEach(row -> there.add("insert author[" + row.value1() + "]"));
            Set<String> after = new TreeSet<>();
            Set<String> failed = new TreeSet<>();
            int told = 0;
            for (String event : journal.drain()) {
                told += event.startsWith("before ") ? 0 : 1;
                if (event.startsWith("after ")) {
                    assertThat(after.add(event.substring("after ".length()))).isTrue();
                } else if (event.startsWith("failed ")) {
                    assertThat(failed.add(event.substring("failed SAVEPOINT ".length())))
                            .isTrue();
                }
            }
            assertThat(after).as("round %d", round).isEqualTo(there);
            assertThat(told).isEqualTo(19);
            failed.retainAll(there);
            assertThat(failed).isEmpty();
            database.dsl().deleteFrom(AUTHOR).execute();
        }
    }

    @Test
    void updatesOfOneRowByTwoThreadsAreToldInTheOrderInWhichTheyWereMade() {
        ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
        DSLContext dsl = CommitHooks.builder()
                .on(
                        AUTHOR,
                        on -> on.afterCommitUpdate(
                                (author, ctx) -> told.add(author.row().getName())))
                .buckets(BucketMode.EVERY)
                .build()
                .attachTo(database.dsl());
        Long id = store(dsl.configuration(), "nobody").getId();
        for (int round = 0; round < ROUNDS; round++) {
            told.clear();
            dsl.transaction(tx -> {
                List<CompletableFuture<Void>> both = new ArrayList<>();
                for (String thread : List.of("a", "b")) {
                    both.add(CompletableFuture.runAsync(
                            () -> {
                                for (int i = 0; i < 5; i++) {
                                    AuthorRecord author = new AuthorRecord();
                                    author.setId(id);
                                    author.changed(AUTHOR.ID, false);
                                    author.attach(tx);
                                    author.setName(thread + i);
                                    author.update();
                                }
                            },
                            threads));
                }
                both.forEach(CompletableFuture::join);
            });
            List<String> journal = database.journal().stream()
                    .filter(row -> row.operation() == JournalEntry.Operation.UPDATE)
                    .map(row -> String.valueOf(row.newRow().get("name")))
                    .toList();
            assertThat(List.copyOf(told))
                    .as("round %d", round)
                    .isEqualTo(journal.subList(journal.size() - 10, journal.size()));
        }
    }
}
