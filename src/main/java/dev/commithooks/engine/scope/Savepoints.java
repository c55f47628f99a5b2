package dev.commithooks.engine.scope;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The savepoints of one transaction's connection, innermost last, each with its places in the logs. Follows PostgreSQL's rules:
 * rolling back to a savepoint keeps it and destroys those set after it; releasing destroys it and those set after it; a name that
 * is set again shadows the earlier one until it is released, unless that is {@linkplain #forgetName forgotten} before.
 */
final class Savepoints {

    private List<Mark> marks = List.of();

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
        marks.subList(index + 1, marks.size()).clear();
        return marks.get(index);
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

    void clear() {
        marks = List.of();
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
