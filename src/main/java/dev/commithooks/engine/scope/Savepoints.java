package dev.commithooks.engine.scope;

import java.util.ArrayList;
import java.util.List;

/**
 * The savepoints of one transaction's connection, innermost last, each with its place in the log. Follows PostgreSQL's rules:
 * rolling back to a savepoint keeps it and destroys those set after it; releasing destroys it and those set after it; a name that
 * is set again shadows the earlier one until it is released.
 */
final class Savepoints {

    /** A rollback to a savepoint that was never heard of. */
    static final int UNHEARD_OF = -1;

    private List<Mark> marks = List.of();

    private record Mark(Object savepoint, boolean isNestedTransaction, String title, int position) {

        @Override
        public String toString() {
            return isNestedTransaction ? "at depth " + title : savepoint instanceof String ? title : "unnamed";
        }
    }

    void set(Object savepoint, boolean isNestedTransaction, String title, int position) {
        if (marks.isEmpty()) {
            marks = new ArrayList<>(2); // most transactions need none
        }
        marks.add(new Mark(savepoint, isNestedTransaction, title, position));
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

    /** The place in the log at which the savepoint was set, or {@link #UNHEARD_OF}; those set after it are forgotten. */
    int rollbackTo(Object savepoint) {
        int index = find(savepoint);
        if (index < 0) {
            return UNHEARD_OF;
        }
        marks.subList(index + 1, marks.size()).clear();
        return marks.get(index).position();
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
