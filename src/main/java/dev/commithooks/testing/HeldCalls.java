package dev.commithooks.testing;

import dev.commithooks.spi.HookInterceptor.Invocation;
import dev.commithooks.spi.HookObserver.HookCall;
import dev.commithooks.testing.Finding.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * After hooks and {@code onCommit} callbacks that are held back, by {@link HookJournal#hold()}: the transaction is committed, the
 * caller of {@code transaction(..)} has gone on, and they are called when the test says so, in the order the test says, or never.
 * As if they were called by a slow thread, or as if the process had died before.
 *
 * <p>Before, failed and in-doubt hooks are called as ever; durable ones are called by what delivers them.
 *
 * <p>A call that is delivered runs on the thread that delivers it. It is given the changes, the outcome and the transaction as they
 * were at the boundary; its {@code dsl()} works outside of that transaction, as in every after hook, on the database as it is by
 * then.
 * Thread-locals of the transaction's thread are not there. What it throws is thrown by whoever delivers it, as it is:
 * {@code afterCommitErrors} has no part in it.
 *
 * <p>Thread-safe; deliver on one thread at a time.
 */
public final class HeldCalls implements AutoCloseable {

    private final List<HeldCall> waiting = new ArrayList<>();
    private final Runnable end;
    private boolean ended;

    HeldCalls(Runnable end) {
        this.end = end;
    }

    /** One call that is held back. */
    public final class HeldCall {

        private final HookCall call;
        private final Invocation invocation;

        private HeldCall(HookCall call, Invocation invocation) {
            this.call = call;
            this.invocation = invocation;
        }

        /** Which hook, and for which changes. */
        public HookJournal.Call call() {
            return new HookJournal.Call(call, Optional.empty());
        }

        /**
         * Makes the call; it need not be the first that waits.
         *
         * @throws Exception what the hook throws
         * @throws IllegalStateException when it waits no more
         */
        public void deliver() throws Exception {
            take(this, "delivered");
            invocation.proceed();
        }

        /**
         * Forgets the call: as if the process had died before it.
         *
         * @throws IllegalStateException when it waits no more
         */
        public void drop() {
            take(this, "dropped");
        }

        @Override
        public String toString() {
            return call().toString();
        }
    }

    /** False when calls are not held back any more. */
    synchronized boolean hold(HookCall call, Invocation invocation) {
        return !ended && waiting.add(new HeldCall(call, invocation));
    }

    private synchronized void take(HeldCall call, String what) {
        if (!waiting.remove(call)) {
            throw new IllegalStateException(
                    call + " cannot be " + what + ": it was delivered or dropped before, or its test has ended");
        }
    }

    /** What waits, in the order it would have been called. A snapshot. */
    public synchronized List<HeldCall> waiting() {
        return List.copyOf(waiting);
    }

    /**
     * Makes all the calls that wait, in their order, and those that come to wait meanwhile. All are made, whatever they throw.
     *
     * @throws Exception what the first hook that throws threw, the others' added to it
     */
    public void deliver() throws Exception {
        Throwable thrown = null;
        for (List<HeldCall> next = waiting(); !next.isEmpty(); next = waiting()) {
            try {
                next.get(0).deliver();
            } catch (Exception | Error e) {
                if (thrown == null) {
                    thrown = e;
                } else if (thrown != e) {
                    thrown.addSuppressed(e);
                }
            }
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown != null) {
            throw (Exception) thrown;
        }
    }

    /** Forgets all the calls that wait: as if the process had died before them. */
    public synchronized void drop() {
        waiting.clear();
    }

    /**
     * Ends holding back: from here on hooks are called at once. Does nothing when it is repeated. Where it is not called, the end
     * of the test does it.
     *
     * @throws LeftBehindError when calls still wait; they are dropped
     */
    @Override
    public void close() {
        List<Finding> left = end();
        if (!left.isEmpty()) {
            throw new LeftBehindError("Holding back", left);
        }
    }

    /** Ends holding back, and drops what still waits; gives a finding for each. */
    synchronized List<Finding> end() {
        ended = true;
        end.run();
        List<Finding> left = waiting.stream()
                .map(call -> new Finding(
                        Kind.HELD_CALL,
                        call + " was held back, and was neither delivered nor dropped: it has never been called"))
                .toList();
        waiting.clear();
        return left;
    }

    @Override
    public synchronized String toString() {
        StringBuilder dump = new StringBuilder(waiting.isEmpty() ? "nothing is held back" : "held back:");
        waiting.forEach(call -> dump.append("\n  ").append(call));
        return dump.toString();
    }
}
