package dev.commithooks.engine.scope;

import dev.commithooks.engine.log.LevelMark;
import dev.commithooks.engine.log.LogItem;
import dev.commithooks.engine.log.LoggedCallback;
import dev.commithooks.engine.log.Write;
import dev.commithooks.transaction.StatementRefusedException;
import dev.commithooks.transaction.TransactionInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One top-level transaction: its log, its savepoints and its state. Plain Java; knows of no database and runs no hook.
 *
 * <p>There is one log for the whole transaction. A savepoint is a place in it; rolling back to the savepoint cuts the log
 * there; releasing it changes nothing. Writes are logged in the order in which their statements ended, whichever level's
 * configuration they were made with, since a savepoint of the connection holds them all.
 *
 * <p>Statements may run on several threads. The boundary waits for those under way and refuses those that come later.
 */
public final class TransactionScope implements StatementTarget {

    private final ScopeIdentity identity;
    private List<LogItem> log = new ArrayList<>();
    private final Savepoints savepoints = new Savepoints();
    private final Level top;
    private volatile ScopeState state = ScopeState.ACTIVE;
    private @Nullable Thread boundary;
    private int statementsUnderWay;
    private int cuts;
    private volatile boolean rollbackOnly;
    private @Nullable Throwable rollbackOnlyCause;
    private @Nullable Throwable statementFailure;

    /** A transaction that has just begun. */
    public TransactionScope(ScopeIdentity identity) {
        this.identity = identity;
        this.top = new Level(this, null, identity.name());
    }

    /** The level of the top-level transaction. */
    public Level top() {
        return top;
    }

    /** The transaction's own id. */
    public String id() {
        return identity.id();
    }

    /** When it began, on {@link System#nanoTime()}. */
    public long startNanos() {
        return identity.startNanos();
    }

    /** Which attempt of a retried transaction it is. */
    public int attempt() {
        return identity.attempt();
    }

    /** What users are told of it, seen from a level. */
    public TransactionInfo info(int depth, @Nullable String name) {
        return new ScopeInfo(identity, depth, name == null ? identity.name() : name);
    }

    // ---------------------------------------------------------------- state

    /** Where the transaction stands. */
    public ScopeState state() {
        return state;
    }

    /**
     * Enters the next state, on the thread of the boundary. From here on no other thread may write. Of a transaction that has
     * ended the log is let go: configurations and changes that outlive it would keep all its rows.
     */
    public synchronized void enter(ScopeState next) {
        boolean interrupted = false;
        boundary = Thread.currentThread();
        state = next;
        if (next == ScopeState.ENDED && !log.isEmpty()) {
            log = new ArrayList<>(0);
        }
        while (statementsUnderWay > 0 && next != ScopeState.ENDED) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether callbacks may still be registered. */
    public boolean takesCallbacks() {
        return state != ScopeState.ENDED;
    }

    /** Makes the transaction roll back at its end, because of the cause if there is one. */
    public synchronized void setRollbackOnly(@Nullable Throwable cause) {
        rollbackOnly = true;
        if (rollbackOnlyCause == null) {
            rollbackOnlyCause = cause;
        }
    }

    /** Whether the transaction is to be rolled back. */
    public boolean isRollbackOnly() {
        return rollbackOnly;
    }

    /** What made the transaction rollback-only; null when it was somebody's wish. */
    public synchronized @Nullable Throwable rollbackOnlyCause() {
        return rollbackOnlyCause;
    }

    /** Remembers the last failure of a statement, the likely reason should the transaction turn out aborted. */
    public synchronized void statementFailed(Throwable failure) {
        statementFailure = failure;
    }

    /** The last failure of a statement that was not undone by a savepoint. */
    public synchronized @Nullable Throwable statementFailure() {
        return statementFailure;
    }

    // ---------------------------------------------------------------- statements

    @Override
    public synchronized void aboutToSend(String table, Supplier<List<Write>> expected) {
        boolean mine = Thread.currentThread() == boundary;
        if (state != ScopeState.ACTIVE && !(state == ScopeState.BEFORE && mine)) {
            throw new StatementRefusedException("A write to " + table
                    + " came while transaction " + id() + " was being ended (" + state
                    + "); nothing was sent. Wait for other threads' work before the transaction's code returns.");
        }
        statementsUnderWay++;
    }

    @Override
    public synchronized void written(Write write) {
        write.loggedAt(log.size());
        log.add(write);
    }

    @Override
    public synchronized void ended(@Nullable Throwable failure) {
        statementsUnderWay--;
        if (state != ScopeState.ACTIVE) {
            notifyAll(); // the boundary waits
        }
    }

    @Override
    public void settle() {}

    // ---------------------------------------------------------------- log and savepoints

    /** Adds what is no write. */
    public synchronized void add(LogItem item) {
        log.add(item);
    }

    /** The log's length. */
    public synchronized int size() {
        return log.size();
    }

    /** The log as it is; a view that grows with it, to be read by the thread of the boundary. */
    public List<LogItem> log() {
        return Collections.unmodifiableList(log);
    }

    /** A copy of the log. */
    public synchronized List<LogItem> snapshot() {
        return List.copyOf(log);
    }

    /** A nested transaction begins; with its savepoint, unless the provider has none. */
    public synchronized Level nest(Level parent, @Nullable String name, boolean savepoint) {
        Level level = new Level(this, parent, name);
        if (savepoint) {
            savepointSet(level, level.depth() + (name == null ? "" : " '" + name + "'"));
        }
        return level;
    }

    /** A nested transaction has ended normally: what it wrote is its parent's now. */
    public synchronized void release(Level level) {
        savepointReleased(level);
        level.leave();
    }

    /** A nested transaction was rolled back to its savepoint, which is gone: takes out of the log what it wrote. */
    public synchronized List<LogItem> rollBack(Level level) {
        List<LogItem> cut = savepointRolledBack(level);
        savepointReleased(level);
        level.leave();
        return cut;
    }

    /** A savepoint was set. */
    public synchronized void savepointSet(Object savepoint, String title) {
        savepoints.set(savepoint, log.size());
        log.add(new LevelMark("savepoint " + title));
    }

    /** A savepoint was released. */
    public synchronized void savepointReleased(Object savepoint) {
        for (int released = savepoints.release(savepoint); released > 0; released--) {
            unmark();
        }
    }

    /** Ends the innermost savepoint's part of the log; leaves no trace of one that nothing was done under. */
    private void unmark() {
        int last = log.size() - 1;
        if (last >= 0 && log.get(last) instanceof LevelMark mark && mark.title() != null) {
            log.remove(last);
        } else {
            log.add(LevelMark.RELEASED);
        }
    }

    /** Whether the savepoint is there to be released or rolled back to. */
    public synchronized boolean isSet(Object savepoint) {
        return savepoints.isSet(savepoint);
    }

    /** The innermost nested transaction that was begun after the savepoint, or in the level, and has not ended. */
    public synchronized @Nullable Level nestedLevelAfter(Object savepoint) {
        return savepoints.levelAfter(savepoint);
    }

    /** What came after the savepoint was rolled back: takes it out of the log. */
    public synchronized List<LogItem> savepointRolledBack(Object savepoint) {
        statementFailure = null;
        OptionalInt position = savepoints.rollbackTo(savepoint);
        return position.isEmpty() ? List.of() : cut(position.getAsInt() + 1);
    }

    /** Takes everything out of the log and forgets the savepoints: the transaction was ended behind our back. */
    public synchronized List<LogItem> sever() {
        savepoints.clear();
        return cut(0);
    }

    /** How many times something was taken out of the log. */
    public synchronized int cuts() {
        return cuts;
    }

    private List<LogItem> cut(int position) {
        cuts++;
        List<LogItem> tail = log.subList(position, log.size());
        List<LogItem> cut = List.copyOf(tail);
        tail.clear();
        return cut;
    }

    @Override
    public synchronized String toString() {
        long writes = log.stream().filter(Write.class::isInstance).count();
        long callbacks = log.stream().filter(LoggedCallback.class::isInstance).count();
        return info(0, null) + " " + state + (rollbackOnly ? ", rollback-only" : "") + ", " + writes + " writes, "
                + callbacks + " callbacks, savepoints " + savepoints;
    }
}
