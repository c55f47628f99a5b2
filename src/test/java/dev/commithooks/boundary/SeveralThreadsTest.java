package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.StatementRefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Work of one transaction on several threads: all of it is told, or refused before it is sent. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
@Database
class SeveralThreadsTest {

    private final HookJournal journal = new HookJournal();
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final TestDatabase database;

    SeveralThreadsTest(TestDatabase database) {
        this.database = database;
    }

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    private static void store(Configuration tx, String name) {
        AuthorRecord author = tx.dsl().newRecord(AUTHOR);
        author.setName(name);
        author.store();
    }

    private CompletableFuture<Void> onAnotherThread(Runnable work) {
        return CompletableFuture.runAsync(work, threads);
    }

    private List<String> rows() {
        return database.dsl()
                .select(AUTHOR.NAME)
                .from(AUTHOR)
                .orderBy(AUTHOR.NAME)
                .fetch(AUTHOR.NAME);
    }

    @Test
    void whatEveryThreadWroteIsTold() {
        DSLContext dsl = CommitHooks.builder().registerAll(journal).build().attachTo(database.dsl());

        dsl.transaction(tx -> {
            List<CompletableFuture<Void>> work = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                String name = "author " + i;
                work.add(onAnotherThread(() -> store(tx, name)));
            }
            work.forEach(CompletableFuture::join);
        });

        assertThat(rows()).hasSize(100);
        assertThat(journal.events())
                .filteredOn(event -> event.startsWith("before"))
                .doesNotHaveDuplicates()
                .hasSize(100);
        assertThat(journal.events())
                .filteredOn(event -> event.startsWith("after"))
                .doesNotHaveDuplicates()
                .hasSize(100);
    }

    @Test
    void writeOfAnotherThreadIsRefusedWhileBeforeHooksRun() {
        List<Throwable> refused = new ArrayList<>();
        List<Configuration> transactions = new ArrayList<>();
        DSLContext dsl = CommitHooks.builder()
                .on(
                        AUTHOR,
                        on -> on.beforeCommitInsert((author, ctx) -> {
                            store(ctx.dsl().configuration(), "of the hook");
                            refused.add(catchThrowable(
                                    () -> onAnotherThread(() -> store(transactions.get(0), "too late"))
                                            .join()));
                        }))
                .registerAll(journal)
                .build()
                .attachTo(database.dsl());

        dsl.transaction(tx -> {
            transactions.add(tx);
            store(tx, "in time");
        });

        assertThat(refused)
                .singleElement()
                .satisfies(failure -> assertThat(failure)
                        .hasCauseInstanceOf(StatementRefusedException.class)
                        .hasMessageContaining("public.author")
                        .hasMessageContaining("nothing was sent"));
        assertThat(rows()).containsExactly("in time", "of the hook");
        assertThat(journal.events())
                .containsExactly("before insert author[1]", "after insert author[1]", "after insert author[2]");
    }

    @Test
    void boundaryWaitsForTheStatementOfAnotherThread() {
        Thread committing = Thread.currentThread();
        CountDownLatch executed = new CountDownLatch(1);
        DSLContext dsl = CommitHooks.builder()
                .registerAll(journal)
                .build()
                .attachTo(database.dsl().configuration().derive(new ExecuteListener() {
                    @Override
                    public void executeEnd(ExecuteContext ctx) {
                        if (Thread.currentThread() != committing) {
                            executed.countDown();
                            awaitWaiting(committing); // the row is there, and nobody has noted it yet
                        }
                    }
                }))
                .dsl();
        List<CompletableFuture<Void>> late = new ArrayList<>();

        dsl.transaction(tx -> {
            late.add(onAnotherThread(() -> store(tx, "late")));
            assertThat(executed.await(30, TimeUnit.SECONDS)).isTrue();
        });
        late.forEach(CompletableFuture::join);

        assertThat(rows()).containsExactly("late");
        assertThat(journal.events()).containsExactly("before insert author[1]", "after insert author[1]");
    }

    private static void awaitWaiting(Thread thread) {
        long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (thread.getState() != Thread.State.WAITING && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
    }
}
