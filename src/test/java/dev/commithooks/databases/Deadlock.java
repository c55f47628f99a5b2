package dev.commithooks.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.Transactions;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.transaction.TransactionAbortedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;

/** Two transactions that lock two rows in opposite order, of which the database ends one. */
final class Deadlock {

    private Deadlock() {}

    /**
     * Locks one row, waits until the other transaction has locked the other one, and locks that too.
     *
     * @return what that failed with
     */
    private static Throwable lockBoth(DSLContext dsl, long first, long second, CountDownLatch locked) {
        return catchThrowable(() -> {
            lock(dsl, first);
            locked.countDown();
            assertThat(locked.await(10, TimeUnit.SECONDS)).isTrue();
            lock(dsl, second);
        });
    }

    private static void lock(DSLContext dsl, long id) {
        dsl.execute("update author set email = email where id = ?", id);
    }

    private static void makeTwoRows(Shop shop) {
        shop.author(shop.plain(), 1, "Ann").store();
        shop.author(shop.plain(), 2, "Bob").store();
    }

    /** Both store a row of their own first, and swallow what happens. */
    static void assertLoserIsTold(Shop shop) throws Exception {
        makeTwoRows(shop);
        CountDownLatch locked = new CountDownLatch(2);
        CompletableFuture<Throwable> other = CompletableFuture.supplyAsync(() -> swallowing(shop, 11, 1, 2, locked));
        Throwable mine = swallowing(shop, 12, 2, 1, locked);
        Throwable theirs = other.get(30, TimeUnit.SECONDS);

        Throwable thrown = mine == null ? theirs : mine;
        long lost = mine == null ? 11 : 12;
        long won = mine == null ? 12 : 11;
        assertThat(thrown).isInstanceOf(TransactionAbortedException.class).hasMessageContaining("IS rolled back");
        assertThat(mine == null || theirs == null).isTrue();
        assertThat(shop.told.drain())
                .containsExactlyInAnyOrder(
                        "before insert author[" + won + "]",
                        "before insert author[" + (won + 10) + "]",
                        "after insert author[" + won + "]",
                        "after insert author[" + (won + 10) + "]",
                        "failed COMMIT insert author[" + lost + "]",
                        "failed COMMIT insert author[" + (lost + 10) + "]");
        assertThat(shop.rows()).containsExactly("Ann", "Bob", "row " + won, "row " + (won + 10));
    }

    private static Throwable swallowing(Shop shop, long own, long first, long second, CountDownLatch locked) {
        return catchThrowable(() -> shop.dsl.transaction(tx -> {
            shop.author(tx.dsl(), own, "row " + own).store();
            lockBoth(tx.dsl(), first, second, locked);
            shop.author(tx.dsl(), own + 10, "row " + (own + 10)).store();
        }));
    }

    /** The loser's block runs again, and both rows are there in the end. */
    static void assertLoserIsTriedAgain(Shop shop) throws Exception {
        makeTwoRows(shop);
        CountDownLatch locked = new CountDownLatch(2);
        CountDownLatch won = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> throwing(shop, 21, 1, 2, locked, won, runs));
        throwing(shop, 22, 2, 1, locked, won, runs);
        other.get(30, TimeUnit.SECONDS);

        assertThat(runs).hasValue(3);
        List<String> told = shop.told.drain();
        assertThat(told).filteredOn(event -> event.startsWith("after insert")).hasSize(2);
        assertThat(told)
                .filteredOn(event -> event.startsWith("failed") && event.contains("insert"))
                .hasSize(1);
        assertThat(shop.rows()).containsExactly("Ann", "Bob", "row 21", "row 22");
    }

    /** The second try waits for the winner, in whose way it would be again. */
    private static void throwing(
            Shop shop,
            long own,
            long first,
            long second,
            CountDownLatch locked,
            CountDownLatch won,
            AtomicInteger runs) {
        Transactions.with(shop.dsl)
                .retry(RetryPolicy.attempts(3).backoff(Duration.ZERO, 1, Duration.ZERO))
                .run(tx -> {
                    if (runs.incrementAndGet() > 2) {
                        assertThat(won.await(10, TimeUnit.SECONDS)).isTrue();
                    }
                    shop.author(tx.dsl(), own, "row " + own).store();
                    Throwable failure = lockBoth(tx.dsl(), first, second, locked);
                    if (failure instanceof DataAccessException lost) {
                        throw lost;
                    }
                });
        won.countDown();
    }
}
