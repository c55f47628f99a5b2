package dev.commithooks.engine.scope;

import static dev.commithooks.engine.scope.ScopeState.ACTIVE;
import static dev.commithooks.engine.scope.ScopeState.BEFORE;
import static dev.commithooks.engine.scope.ScopeState.ENDED;

import dev.commithooks.engine.log.Write;
import dev.commithooks.transaction.StatementRefusedException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The gate that one thread's statements at a time go through, one within another, as long as the transaction's state lets that thread
 * write.
 */
abstract class StatementGate {

    /** How long to wait before looking whether the statement that is waited for is still under way, in milliseconds. */
    private static final long PATIENCE = 500;

    private volatile ScopeState state = ACTIVE;
    /** The thread that runs the boundary; set with the state. */
    private @Nullable Thread boundaryThread;
    /** The thread whose statements are under way, and how many they are. */
    private @Nullable Thread thread;

    private int underWay;
    /** How many threads wait for them. */
    private int waiting;

    /** The transaction's own id. */
    public abstract String id();

    /** Makes the transaction roll back at its end, because of the cause if there is one. */
    public abstract void setRollbackOnly(@Nullable Throwable cause);

    // ---------------------------------------------------------------- the state

    /** The transaction's state. */
    public final ScopeState state() {
        return state;
    }

    /**
     * Enters the next state, on the thread of the boundary, once no other thread's statement is under way. From here on no other
     * thread may write.
     */
    public synchronized void enter(ScopeState next) {
        if (next.compareTo(state) < 0) {
            throw new IllegalStateException(this + " cannot go back to " + next);
        }
        stateIs(next);
        if (isWithinStatement()) {
            forget(); // of whose end nobody told
        }
        if (next != ENDED) {
            awaitOtherThreads();
        }
    }

    /** The state from now on, whatever is under way. */
    final void stateIs(ScopeState next) {
        boundaryThread = Thread.currentThread();
        state = next;
    }

    // ---------------------------------------------------------------- statements

    /**
     * A statement is about to be sent.
     *
     * @throws StatementRefusedException when this thread may not write any more
     */
    public synchronized void aboutToSend(String table, Supplier<List<Write>> expected) {
        awaitOtherThreads();
        if (state != ACTIVE && !(state == BEFORE && Thread.currentThread() == boundaryThread)) {
            throw new StatementRefusedException("A write to " + table
                    + " came while transaction " + id() + " was being ended (" + state
                    + "); nothing was sent. Wait for other threads' work before the transaction's code returns.");
        }
        pass();
    }

    private void pass() {
        thread = Thread.currentThread();
        underWay++;
    }

    /** The statement is over. */
    public synchronized void ended(@Nullable Throwable failure) {
        underWay = Math.max(0, underWay - 1);
        if (underWay == 0) {
            thread = null;
            if (waiting > 0) {
                notifyAll();
            }
        }
    }

    /** Does something with the connection's savepoints while no other thread's statement is under way. */
    public final void whileNothingElseIsUnderWay(Runnable action) {
        synchronized (this) {
            awaitOtherThreads();
            pass();
        }
        try {
            action.run();
        } finally {
            ended(null);
        }
    }

    /** Whether the caller was called by a statement of the transaction, a listener's call for instance. */
    public final synchronized boolean isWithinStatement() {
        return underWay > 0 && thread == Thread.currentThread();
    }

    /** Nobody has told what a statement wrote: it must not be committed. */
    public final synchronized void statementWasAbandoned() {
        setRollbackOnly(new IllegalStateException(
                "A statement ended without anybody telling how: a listener's Error has kept jOOQ from it"));
    }

    private void forget() {
        underWay = 0;
        ended(null);
        statementWasAbandoned();
    }

    /**
     * Waits for the statements of other threads. One whose thread has left jOOQ is over, though nobody told of its end: an {@code
     * Error} of somebody's listener. It is forgotten.
     */
    private void awaitOtherThreads() {
        boolean interrupted = false;
        while (underWay > 0 && thread != Thread.currentThread()) {
            waiting++;
            try {
                wait(PATIENCE);
            } catch (InterruptedException e) {
                interrupted = true;
            } finally {
                waiting--;
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
