package dev.commithooks.engine.scope;

import static dev.commithooks.engine.scope.ScopeState.ACTIVE;
import static dev.commithooks.engine.scope.ScopeState.BEFORE;
import static dev.commithooks.engine.scope.ScopeState.ENDED;
import static dev.commithooks.engine.scope.ScopeState.SETTLING;

import dev.commithooks.engine.log.HandedOver;
import dev.commithooks.engine.log.LogItem;
import dev.commithooks.engine.log.LoggedCallback;
import dev.commithooks.engine.log.Recorded;
import dev.commithooks.engine.log.UntoldRows;
import dev.commithooks.spi.HookObserver.Phase;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.util.List;
import org.jooq.TableRecord;
import org.jooq.conf.Settings;
import org.jspecify.annotations.Nullable;

/**
 * One top-level transaction: its log, its state and its outcome. Plain Java; knows of no database and runs no hook.
 *
 * <p>Several threads may work in it. The log must tell the order in which the connection did things, so while a statement of one
 * thread is under way, from before it is sent until its rows are logged, other threads' statements and savepoints wait. The
 * boundary waits for a statement under way too, and refuses those that come later.
 */
public final class TransactionScope extends StatementGate implements StatementTarget {

    private final ScopeInfo info;
    private final boolean restoresRecords;
    private final TransactionLog log = new TransactionLog();
    private volatile @Nullable Outcome outcome;
    private volatile boolean wrote;
    private boolean beforeCallbacksOver;
    private boolean hasHadUntoldRows;
    private volatile boolean rollbackOnly;
    private @Nullable Throwable rollbackOnlyCause;
    private @Nullable Throwable statementFailure;

    /**
     * A transaction that has just begun.
     *
     * @param info the public description of it, seen from its top
     * @param restoresRecords whether records that are written in it are to be remembered
     */
    public TransactionScope(ScopeInfo info, boolean restoresRecords) {
        this.info = info;
        this.restoresRecords = restoresRecords;
    }

    @Override
    public String id() {
        return info.id();
    }

    /** The public description of the transaction, seen from a level. */
    public TransactionInfo info(int depth, @Nullable String name) {
        return info.from(depth, name);
    }

    /** The public description of the transaction, seen from its top. */
    public ScopeInfo info() {
        return info;
    }

    // ---------------------------------------------------------------- state

    /** How it ended; null until that is decided. */
    public @Nullable Outcome outcome() {
        return outcome;
    }

    @Override
    public synchronized void enter(ScopeState next) {
        super.enter(next);
        if (next == ENDED) {
            log.letGo();
        }
    }

    /** Whether it has neither been committed nor rolled back. */
    public boolean isOpen() {
        return state().compareTo(SETTLING) < 0;
    }

    /** Decides the outcome, once; what is recorded from here on is callbacks alone. False if it had been decided. */
    public synchronized boolean decide(Outcome how) {
        if (outcome != null) {
            return false;
        }
        outcome = how;
        stateIs(SETTLING);
        return true;
    }

    /** Ends the callbacks before COMMIT, if all are known that are in the log; false if there are more than that. */
    public synchronized boolean endBeforeCallbacks(int known) {
        beforeCallbacksOver = log.size() <= known;
        return beforeCallbacksOver;
    }

    /** Ends the transaction, if all is known that is in the log; false if there is more than that. */
    public synchronized boolean end(int known) {
        if (log.size() > known) {
            return false;
        }
        enter(ENDED);
        return true;
    }

    @Override
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

    /** The failure that made the transaction rollback-only; null when it was somebody's wish. */
    public synchronized @Nullable Throwable rollbackOnlyCause() {
        return rollbackOnlyCause;
    }

    /** Remembers the last failure of a statement, the likely reason should the transaction turn out aborted. */
    public synchronized void statementFailed(Throwable failure) {
        statementFailure = failure;
    }

    /** A statement's failure has rolled back what was written: the transaction that comes in its place has written nothing yet. */
    public synchronized void lost(Throwable failure) {
        statementFailure = failure;
        wrote = false;
    }

    /** The last failure of a statement that was not undone by a savepoint. */
    public synchronized @Nullable Throwable statementFailure() {
        return statementFailure;
    }

    // ---------------------------------------------------------------- statements

    @Override
    public synchronized void written(Recorded recorded) {
        log.add(recorded);
        wrote = true;
    }

    @Override
    public synchronized void mayHaveWritten(Throwable cause) {
        log.add(new UntoldRows(cause));
        wrote = true;
        hasHadUntoldRows = true;
    }

    /** What a statement failed with that may have written rows of which nobody can be told; null where there is none. */
    public synchronized @Nullable Throwable untoldRows() {
        return hasHadUntoldRows ? log.untoldRows() : null;
    }

    @Override
    public void settle() {}

    // ---------------------------------------------------------------- log and savepoints

    /**
     * Registers a callback.
     *
     * @throws IllegalStateException when its phase is over, or will not come
     */
    public synchronized void register(LoggedCallback callback) {
        boolean isInTime = switch (state()) {
            case ACTIVE, BEFORE -> callback.phase() != Phase.BEFORE || isBeforeCallbacks();
            case SETTLING -> outcome != null && callback.phase() == ScopeInfo.phaseOf(outcome);
            case ENDING, ENDED -> false;
        };
        add(callback, isInTime, "A callback for " + callback.methodName(), "was not registered");
    }

    /**
     * Takes a text for a durable callback.
     *
     * @throws IllegalStateException when it is too late
     */
    public synchronized void handOver(HandedOver text) {
        String call = "handOver(\"" + text.text().hook().name() + "\", ...)";
        add(text, isBeforeCallbacks(), call, "nothing was handed over");
    }

    private boolean isBeforeCallbacks() {
        return state() == ACTIVE || state() == BEFORE && !beforeCallbacksOver;
    }

    private void add(LogItem item, boolean isInTime, String what, String outcomeOfIt) {
        if (!isInTime) {
            throw new IllegalStateException(what + " comes too late and " + outcomeOfIt + ": transaction " + id()
                    + (outcome == null ? " is " + state() : " has ended, " + outcome));
        }
        log.add(item);
    }

    /** Whether rows were written, rolled back with a savepoint or not, since it was begun or found to have been ended. */
    public boolean hasWritten() {
        return wrote;
    }

    /** The log's length. */
    public synchronized int size() {
        return log.size();
    }

    /** The log as it is; a view that grows with it, to be read by the thread of the boundary. */
    public List<LogItem> log() {
        return log.view();
    }

    /** A copy of the log. */
    public synchronized List<LogItem> snapshot() {
        return log.copy();
    }

    /** The number of times that something was taken out of the log. */
    public synchronized int cuts() {
        return log.cuts();
    }

    /** A savepoint was set, by a nested transaction or by hand. */
    public synchronized void savepointSet(Object savepoint, boolean isNestedTransaction, String title) {
        log.savepointSet(savepoint, isNestedTransaction, title);
    }

    /** Another savepoint is about to be set under the name of this one, which is gone then. */
    public synchronized void savepointReplaced(Object savepoint) {
        log.savepoints().forgetName(savepoint);
    }

    /** A savepoint was released. */
    public synchronized void savepointReleased(Object savepoint) {
        log.savepointReleased(savepoint);
    }

    /** Whether the savepoint is there to be released or rolled back to. */
    public synchronized boolean isSet(Object savepoint) {
        return log.savepoints().isSet(savepoint);
    }

    /** Whether it was there, until an earlier savepoint was rolled back to or the transaction was found to have been ended. */
    public synchronized boolean isOverrun(Object savepoint) {
        return log.savepoints().isOverrun(savepoint);
    }

    /** Whether a nested transaction was begun after the savepoint and has not ended. */
    public synchronized boolean hasNestedTransactionAfter(Object savepoint) {
        return log.savepoints().hasNestedTransactionAfter(savepoint);
    }

    /** What came after the savepoint is rolled back: takes it out of the log; of a savepoint never heard of, everything. */
    public synchronized List<LogItem> savepointRolledBack(Object savepoint) {
        statementFailure = null;
        return log.savepointRolledBack(savepoint);
    }

    /** Takes everything out of the log and forgets the savepoints: the transaction was ended behind the hooks' back. */
    public synchronized List<LogItem> sever() {
        wrote = false;
        return log.sever();
    }

    // ---------------------------------------------------------------- records

    /** Whether records that are about to be written are to be remembered, so that a rollback can restore them. */
    public boolean restoresRecords() {
        return restoresRecords;
    }

    /** Remembers what a record is like, to be restored when what comes now is rolled back. */
    public synchronized void remember(TableRecord<?> row, Settings settings) {
        log.undo().remember(row, settings);
    }

    /** Whether a rollback would restore any record. */
    public synchronized boolean remembersRecords() {
        return log.remembersRecords();
    }

    /** Makes all remembered records what they were: the transaction was rolled back. */
    public synchronized void restoreRecords() {
        log.undoTo(0);
    }

    @Override
    public synchronized String toString() {
        return info() + " " + state() + (rollbackOnly ? ", rollback-only" : "") + ", " + log;
    }
}
