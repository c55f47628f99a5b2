package dev.commithooks.engine.scope;

import dev.commithooks.engine.log.LevelMark;
import dev.commithooks.engine.log.LogItem;
import dev.commithooks.engine.log.Write;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The log of one transaction: its writes and callbacks in the order they were made. A savepoint is a place in it; rolling back to
 * the savepoint cuts the log there; releasing it changes nothing. Guarded by its {@link TransactionScope}.
 */
final class TransactionLog {

    private List<LogItem> items = new ArrayList<>();
    private final Savepoints savepoints = new Savepoints();
    private int cuts;

    void add(LogItem item) {
        if (item instanceof Write write) {
            write.loggedAt(items.size());
        }
        items.add(item);
    }

    int size() {
        return items.size();
    }

    /** A view that grows with the log. */
    List<LogItem> view() {
        return Collections.unmodifiableList(items);
    }

    List<LogItem> copy() {
        return List.copyOf(items);
    }

    /** How many times something was taken out. */
    int cuts() {
        return cuts;
    }

    Savepoints savepoints() {
        return savepoints;
    }

    void savepointSet(Object savepoint, boolean isNestedTransaction, String title) {
        savepoints.set(savepoint, isNestedTransaction, title, items.size());
        items.add(new LevelMark("savepoint " + title));
    }

    void savepointReleased(Object savepoint) {
        for (int released = savepoints.release(savepoint); released > 0; released--) {
            unmark();
        }
    }

    /** Ends the innermost savepoint's part of the log; leaves no trace of one that nothing was done under. */
    private void unmark() {
        int last = items.size() - 1;
        if (last >= 0 && items.get(last) instanceof LevelMark mark && mark.title() != null) {
            items.remove(last);
        } else {
            items.add(LevelMark.RELEASED);
        }
    }

    /** Takes out what came after the savepoint; of one that was never heard of, everything. */
    List<LogItem> savepointRolledBack(Object savepoint) {
        int position = savepoints.rollbackTo(savepoint);
        return position == Savepoints.UNHEARD_OF ? sever() : cut(position + 1);
    }

    /** Takes everything out and forgets the savepoints. */
    List<LogItem> sever() {
        savepoints.clear();
        return cut(0);
    }

    private List<LogItem> cut(int position) {
        cuts++;
        List<LogItem> tail = items.subList(position, items.size());
        List<LogItem> cut = List.copyOf(tail);
        tail.clear();
        return cut;
    }

    /** Lets go of everything: configurations and changes that outlive the transaction would keep all its rows. */
    void letGo() {
        if (!items.isEmpty()) {
            items = new ArrayList<>(0);
        }
    }
}
