package dev.commithooks.engine.scope;

import org.jspecify.annotations.Nullable;

/**
 * The gate that one thread's statements at a time go through, one within another. Guarded by the monitor of its
 * {@link TransactionScope}, on which others wait.
 */
final class StatementGate {

    private final Object monitor;
    /** The thread whose statements are under way, and how many they are. */
    private @Nullable Thread thread;

    private int underWay;

    StatementGate(Object monitor) {
        this.monitor = monitor;
    }

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
            underWay = 0;
            leave();
        }
    }

    boolean isMine() {
        return underWay > 0 && thread == Thread.currentThread();
    }

    void awaitOtherThreads() {
        boolean interrupted = false;
        while (underWay > 0 && thread != Thread.currentThread()) {
            try {
                monitor.wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
