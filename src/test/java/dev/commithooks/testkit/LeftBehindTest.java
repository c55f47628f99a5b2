package dev.commithooks.testkit;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.testkit.RolledBackExtensionTest.assertNothingHasStayed;
import static dev.commithooks.testkit.RolledBackExtensionTest.failures;
import static dev.commithooks.testkit.RolledBackExtensionTest.run;
import static dev.commithooks.testkit.ShopApplication.author;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.junit.RolledBack;
import dev.commithooks.testing.HookJournal;
import dev.commithooks.testing.LeftBehindError;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.Events;

/** Tests that leave work running: when they are over, it writes and commits nothing. */
class LeftBehindTest {

    @AfterEach
    void nothingHasStayed() {
        assertNothingHasStayed();
    }

    private static volatile CountDownLatch begun = new CountDownLatch(0);
    private static volatile CountDownLatch over = new CountDownLatch(0);
    private static volatile FutureTask<Void> left = new FutureTask<>(() -> null);
    private static volatile HookJournal journal = new HookJournal();

    /** Leaves work running that goes on when the test is over. */
    private static void leave(HookJournal told, Runnable work) throws InterruptedException {
        journal = told;
        left = new FutureTask<>(work, null);
        new Thread(left).start();
        begun.await();
    }

    private static void goOnWhenItIsOver() {
        begun.countDown();
        try {
            over.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Events runAndGoOn(Class<?> tests) {
        begun = new CountDownLatch(1);
        over = new CountDownLatch(1);
        Events events = run(tests);
        over.countDown();
        return events;
    }

    @Test
    void aThreadThatIsLeftRunningWritesNothing() {
        assertThat(failures(runAndGoOn(LeavesAThread.class))).isEmpty();

        assertThatThrownBy(left::get)
                .hasRootCauseMessage("No test is running, so that nobody would roll back what is"
                        + " written now. Nothing was sent. What @BeforeAll writes is kept for the class with the fixture PER_CLASS;"
                        + " a constructor is too early, and a thread that a test has left running too late.");
        assertThat(journal.after(AUTHOR).inserted())
                .extracting(author -> author.row().getName())
                .containsExactly("in time");
    }

    @RolledBack(ShopApplication.class)
    static class LeavesAThread {
        @Test
        void leaves(DSLContext dsl, HookJournal told) throws InterruptedException {
            leave(told, () -> {
                author(dsl, "in time");
                goOnWhenItIsOver();
                author(dsl, "late");
            });
        }
    }

    /** Its rows are gone by then: a COMMIT that does nothing would have its hooks say that they are committed. */
    @Test
    void aTransactionThatIsLeftOpenIsNotCommittedLater() {
        assertThat(failures(runAndGoOn(LeavesATransaction.class)))
                .singleElement()
                .satisfies(failure -> assertThat(failure)
                        .isInstanceOf(LeftBehindError.class)
                        .hasMessageContaining("OPEN_TRANSACTION"));

        assertThatThrownBy(left::get).hasStackTraceContaining("This connection has been closed");
        assertThat(journal.after(AUTHOR).isEmpty()).isTrue();
        assertThat(journal.toString()).contains("author").doesNotContain("afterCommit");
    }

    @RolledBack(ShopApplication.class)
    static class LeavesATransaction {
        @Test
        void leaves(DSLContext dsl, HookJournal told) throws InterruptedException {
            leave(
                    told,
                    () -> dsl.transaction(tx -> {
                        author(tx.dsl(), "open");
                        goOnWhenItIsOver();
                    }));
        }
    }
}
