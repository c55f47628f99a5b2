package dev.commithooks.testing;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A COMMIT that was carried out, and whose answer is held back as by a server or a network that stands still. The thread that
 * commits waits until it is released, or until its connection's network timeout has passed: then the connection is lost, and the
 * commit is in doubt. Thread-safe.
 */
public final class FrozenCommit {

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    FrozenCommit() {}

    /**
     * Waits until a thread has sent its COMMIT and waits for the answer.
     *
     * @throws IllegalStateException when none has by then
     */
    public void awaitReached(Duration patience) throws InterruptedException {
        if (!reached.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException("No commit has come to " + this + " within " + patience);
        }
    }

    /** Lets the answer through. Does nothing when it is repeated; before the commit, it will not be held back. */
    public void release() {
        released.countDown();
    }

    /**
     * Waits for the answer.
     *
     * @param milliseconds how long; 0 without end
     * @return false when it did not come; nor does it to a thread that is interrupted, whose flag stays set
     */
    boolean answers(int milliseconds) {
        reached.countDown();
        try {
            return released.await(milliseconds == 0 ? Long.MAX_VALUE : milliseconds, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public String toString() {
        return "freezeNextCommit()";
    }
}
