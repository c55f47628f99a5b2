package dev.commithooks.engine.scope;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The gate that one thread's statements at a time go through, one within another. Guarded by the monitor of its
 * {@link TransactionScope}, on which others wait.
 */
final class StatementGate {

    private final Object monitor;
    private final Runnable abandoned;
    /** The thread whose statements are under way, and how many they are. */
    private @Nullable Thread thread;

    private int underWay;

    /**
     * A gate that is open.
     *
     * @param abandoned called when a statement is found of whose end nobody told
     */
    StatementGate(Object monitor, Runnable abandoned) {
        this.monitor = monitor;
        this.abandoned = abandoned;
    }

    static IllegalStateException unheard() {
        return new IllegalStateException(
                "A statement ended without anybody telling how: a listener's Error has kept jOOQ from it");
    }

    /** How long to wait before looking whether the statement that is waited for is still under way, in milliseconds. */
    private static final long PATIENCE = 500;

    void enter() {
        thread = Thread.currentThread();
        underWay++;
    }

    void leave() {
        underWay = Math.max(0, underWay - 1);
        if (underWay == 0) {
            thread = null;
            monitor.notifyAll();
        }
    }

    /** Forgets statements of this thread of whose end nobody told. */
    void forgetOwn() {
        if (isMine()) {
            forget();
        }
    }

    private void forget() {
        underWay = 0;
        leave();
        abandoned.run();
    }

    boolean isMine() {
        return underWay > 0 && thread == Thread.currentThread();
    }

    /**
     * Waits for the statements of other threads. One whose thread has left jOOQ is over, though nobody told of its end: an {@code
     * Error} of somebody's listener. It is forgotten.
     */
    void awaitOtherThreads() {
        boolean interrupted = false;
        while (underWay > 0 && thread != Thread.currentThread()) {
            try {
                monitor.wait(PATIENCE);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            if (underWay > 0 && isAbandoned(thread)) {
                forget();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isAbandoned(@Nullable Thread its) {
        return its != null
                && Arrays.stream(its.getStackTrace())
                        .noneMatch(frame -> frame.getClassName().startsWith("org.jooq."));
    }
}
