package dev.commithooks.engine.scope;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The savepoints of one transaction's connection, innermost last, each with its places in the logs. Follows PostgreSQL's rules:
 * rolling back to a savepoint keeps it and destroys those set after it; releasing destroys it and those set after it; a name that
 * is set again shadows the earlier one until it is released, unless that is {@linkplain #forgetName forgotten} before.
 */
final class Savepoints {

    private List<Mark> marks = List.of();
    /** Those that ended otherwise than by their own end: they were set after one that was rolled back to. */
    private Set<Object> overrun = Set.of();

    /**
     * A savepoint that is set.
     *
     * @param position its place in the transaction's log
     * @param undoPosition its place among the states of records
     */
    record Mark(Object savepoint, boolean isNestedTransaction, String title, int position, int undoPosition) {

        Mark unnamed() {
            return new Mark(new Object(), isNestedTransaction, title, position, undoPosition);
        }

        @Override
        public String toString() {
            return isNestedTransaction ? "at depth " + title : savepoint instanceof String ? title : "unnamed";
        }
    }

    void set(Mark mark) {
        if (marks.isEmpty()) {
            marks = new ArrayList<>(2); // most transactions need none
        }
        marks.add(mark);
        if (!overrun.isEmpty()) {
            overrun.remove(mark.savepoint());
        }
    }

    /** Forgets the savepoint and those set after it; how many that were. */
    int release(Object savepoint) {
        int index = find(savepoint);
        if (index < 0) {
            return 0;
        }
        int released = marks.size() - index;
        marks.subList(index, marks.size()).clear();
        return released;
    }

    /** The savepoint's mark, null if it was never heard of; those set after it are forgotten. */
    @Nullable
    Mark rollbackTo(Object savepoint) {
        int index = find(savepoint);
        if (index < 0) {
            return null;
        }
        overrunFrom(index + 1);
        return marks.get(index);
    }

    private void overrunFrom(int index) {
        List<Mark> after = marks.subList(index, marks.size());
        if (!after.isEmpty()) {
            overrun = new HashSet<>(overrun);
            after.forEach(mark -> overrun.add(mark.savepoint()));
            after.clear();
        }
    }

    /** Whether it was set, until an earlier one was rolled back to or all were forgotten. */
    boolean isOverrun(Object savepoint) {
        return overrun.contains(savepoint);
    }

    boolean isSet(Object savepoint) {
        return find(savepoint) >= 0;
    }

    /** Whether a nested transaction was begun after the savepoint and has not ended. */
    boolean hasNestedTransactionAfter(Object savepoint) {
        for (int i = marks.size() - 1; i > find(savepoint); i--) {
            if (marks.get(i).isNestedTransaction()) {
                return true;
            }
        }
        return false;
    }

    /** Forgets all. */
    void clear() {
        overrunFrom(0);
    }

    /** Lets a savepoint be found no more; its place in the log is kept until one around it ends. */
    void forgetName(Object savepoint) {
        int index = find(savepoint);
        if (index >= 0) {
            marks.set(index, marks.get(index).unnamed());
        }
    }

    private int find(Object savepoint) {
        for (int i = marks.size() - 1; i >= 0; i--) {
            if (marks.get(i).savepoint().equals(savepoint)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public String toString() {
        return marks.toString();
    }
}
