package dev.commithooks.engine.scope;

import dev.commithooks.engine.log.LevelMark;
import dev.commithooks.engine.log.LogItem;
import dev.commithooks.engine.log.LoggedCallback;
import dev.commithooks.engine.log.Recorded;
import dev.commithooks.engine.log.UntoldRows;
import dev.commithooks.engine.undo.UndoLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log of one transaction: its writes and callbacks in the order they were made, and what records were like before. A savepoint
 * is a place in it; rolling back to the savepoint cuts the log there; releasing it changes nothing. Guarded by its {@link TransactionScope}.
 */
final class TransactionLog {

    /** The items of most logs, or more. */
    private static final int MOSTLY = 4;

    /** Made when there is something to log. */
    private @Nullable ArrayList<LogItem> items;
    /** Made with it. */
    private @Nullable List<LogItem> view;
    /** Made when there is one to be set. */
    private @Nullable Savepoints savepoints;

    private int cuts;
    /** Made when there is a record to remember. */
    private @Nullable UndoLog undo;

    void add(LogItem item) {
        List<LogItem> log = items();
        if (item instanceof Recorded recorded) {
            recorded.loggedAt(log.size());
        }
        log.add(item);
    }

    private List<LogItem> items() {
        List<LogItem> made = items;
        return made != null ? made : (items = new ArrayList<>(MOSTLY));
    }

    /** The log so far. */
    private List<LogItem> soFar() {
        return items == null ? List.of() : items;
    }

    int size() {
        return items == null ? 0 : items.size();
    }

    /** A view that grows with the log. */
    List<LogItem> view() {
        List<LogItem> made = view;
        return made != null ? made : (view = Collections.unmodifiableList(items()));
    }

    List<LogItem> copy() {
        return List.copyOf(soFar());
    }

    /** What a statement failed with that may have written rows of which nobody can be told; null where there is none. */
    @Nullable
    Throwable untoldRows() {
        for (LogItem item : soFar()) {
            if (item instanceof UntoldRows rows) {
                return rows.cause();
            }
        }
        return null;
    }

    /** How many times something was taken out. */
    int cuts() {
        return cuts;
    }

    Savepoints savepoints() {
        return savepoints != null ? savepoints : (savepoints = new Savepoints());
    }

    void savepointSet(Object savepoint, boolean isNestedTransaction, String title) {
        int undoPosition = undo == null ? 0 : undo.beginPart();
        savepoints().set(new Savepoints.Mark(savepoint, isNestedTransaction, title, size(), undoPosition));
        items().add(new LevelMark("savepoint " + title));
    }

    void savepointReleased(Object savepoint) {
        for (int released = savepoints().release(savepoint); released > 0; released--) {
            unmark();
        }
    }

    /** Ends the innermost savepoint's part of the log; leaves no trace of one that nothing was done under. */
    private void unmark() {
        List<LogItem> log = items();
        int last = log.size() - 1;
        if (last >= 0 && log.get(last) instanceof LevelMark mark && mark.title() != null) {
            log.remove(last);
        } else {
            log.add(LevelMark.RELEASED);
        }
    }

    /** Takes out what came after the savepoint, and restores its records; of one that was never heard of, everything. */
    List<LogItem> savepointRolledBack(Object savepoint) {
        Savepoints.Mark mark = savepoints().rollbackTo(savepoint);
        undoTo(mark == null ? 0 : mark.undoPosition());
        return mark == null ? sever() : cut(mark.position() + 1);
    }

    /** Takes everything out, leaves records alone and forgets the savepoints. */
    List<LogItem> sever() {
        savepoints().clear();
        undo = null;
        return cut(0);
    }

    /** The states of records that were remembered. */
    UndoLog undo() {
        return undo != null ? undo : (undo = new UndoLog());
    }

    /** Whether there are any. */
    boolean remembersRecords() {
        return undo != null && !undo.isEmpty();
    }

    /** Makes records what they were at a place in the log of their states. */
    void undoTo(int position) {
        if (undo != null) {
            undo.undoTo(position);
        }
    }

    private List<LogItem> cut(int position) {
        cuts++;
        List<LogItem> tail = items().subList(position, size());
        List<LogItem> cut = List.copyOf(tail);
        tail.clear();
        return cut;
    }

    /** Lets go of everything: configurations and changes that outlive the transaction would keep all its rows. */
    void letGo() {
        items = null;
        view = null;
        undo = null;
    }

    private long count(Class<? extends LogItem> kind) {
        return soFar().stream().filter(kind::isInstance).count();
    }

    @Override
    public String toString() {
        return count(Recorded.class) + " writes, " + count(LoggedCallback.class) + " callbacks, savepoints "
                + savepoints();
    }
}
