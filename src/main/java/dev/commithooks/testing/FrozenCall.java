package dev.commithooks.testing;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A COMMIT or a statement that stands still, as with a server or a network that does: see {@link Faults#freezeNextCommit()} and
 * {@link Faults#freezeStatement}. Thread-safe.
 */
public final class FrozenCall {

    /** The ways it can go on. */
    enum End {
        /** The server answers at last. */
        RELEASED,
        /** The server gives the statement up, as it was asked to. */
        CANCELLED,
        /** The connection is lost. */
        LOST
    }

    private final String fault;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private volatile boolean waiting;

    FrozenCall(String fault) {
        this.fault = fault;
    }

    /**
     * Waits until a thread has come to it, and waits for the answer.
     *
     * @throws IllegalStateException when none has by then
     */
    public void awaitReached(Duration patience) throws InterruptedException {
        if (!reached.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException("No thread has come to " + this + " within " + patience);
        }
    }

    /** Lets it go on. Does nothing when it is repeated, or when it has ended otherwise; before the call, it will not be held back. */
    public void release() {
        end(End.RELEASED);
    }

    void end(End how) {
        end.complete(how);
    }

    /** Whether a thread stands still here. */
    boolean isWaiting() {
        return waiting;
    }

    /**
     * Stands still.
     *
     * @param milliseconds how long at most
     * @param otherwise how it ends then; a thread that is interrupted loses its connection, and its flag stays set
     */
    End await(long milliseconds, End otherwise) {
        waiting = true;
        reached.countDown();
        try {
            return end.get(milliseconds, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return otherwise;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return End.LOST;
        } catch (ExecutionException e) {
            throw new IllegalStateException("It is never completed by an exception", e);
        } finally {
            waiting = false;
        }
    }

    @Override
    public String toString() {
        return fault;
    }
}
