package dev.commithooks;

import dev.commithooks.hook.CurrentTransaction;
import dev.commithooks.row.RecordState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The states of the records that a transaction was told of, in the order of telling. A rollback restores them backwards, so that
 * the oldest of the level that is rolled back is the last.
 *
 * <p>Callbacks run in the order in which they were registered, the oldest first: that one restores all, and those after it find
 * nothing left to do. Each note is ended by exactly one of its three callbacks; with the last of them the log is forgotten.
 */
final class UndoLog {

    private static final Map<String, UndoLog> BY_TRANSACTION = new ConcurrentHashMap<>();

    private final String transaction;
    private final List<List<RecordState>> states = new ArrayList<>();
    private int open;

    private UndoLog(String transaction) {
        this.transaction = transaction;
    }

    /** Sees to it that records get their states back when the level they are noted under is rolled back. */
    static void note(List<RecordState> before, CurrentTransaction level) {
        UndoLog log = BY_TRANSACTION.computeIfAbsent(level.info().id(), UndoLog::new);
        int mark = log.add(before);
        try {
            level.onRollback(failure -> log.undoTo(mark));
            level.onCommit(log::end);
            level.onInDoubt(log::end);
        } catch (RuntimeException tooLate) {
            log.end();
            throw tooLate;
        }
    }

    private synchronized int add(List<RecordState> before) {
        open++;
        states.add(before);
        return states.size() - 1;
    }

    private synchronized void undoTo(int mark) {
        try {
            while (states.size() > mark) {
                states.remove(states.size() - 1).forEach(RecordState::restore);
            }
        } finally {
            end();
        }
    }

    private synchronized void end() {
        if (--open == 0) {
            BY_TRANSACTION.remove(transaction, this);
        }
    }

    /** How many transactions are remembered. */
    static int remembered() {
        return BY_TRANSACTION.size();
    }
}
