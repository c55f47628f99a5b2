package dev.commithooks.engine.scope;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The savepoints of one transaction, innermost last, each with its place in the log. Follows PostgreSQL's rules: rolling
 * back to a savepoint keeps it and destroys those set after it; releasing destroys it and those set after it; a name that
 * is set again shadows the earlier one until it is released.
 */
final class Savepoints {

    private List<Mark> marks = List.of();

    private record Mark(Object savepoint, int position) {

        @Override
        public String toString() {
            return savepoint instanceof Level level
                    ? "at depth " + level.depth() + (level.name() == null ? "" : " '" + level.name() + "'")
                    : savepoint instanceof String name ? '"' + name + '"' : "unnamed";
        }
    }

    boolean isEmpty() {
        return marks.isEmpty();
    }

    void set(Object savepoint, int position) {
        if (marks.isEmpty()) {
            marks = new ArrayList<>(2); // most transactions need none
        }
        marks.add(new Mark(savepoint, position));
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

    /** Where in the log the savepoint was set; those set after it are forgotten. */
    OptionalInt rollbackTo(Object savepoint) {
        int index = find(savepoint);
        if (index < 0) {
            return OptionalInt.empty();
        }
        marks.subList(index + 1, marks.size()).clear();
        return OptionalInt.of(marks.get(index).position());
    }

    boolean isSet(Object savepoint) {
        return find(savepoint) >= 0;
    }

    /** The innermost nested transaction's that was set after the savepoint; null when there is none. */
    @Nullable
    Level levelAfter(Object savepoint) {
        for (int i = marks.size() - 1; i > find(savepoint); i--) {
            if (marks.get(i).savepoint() instanceof Level level) {
                return level;
            }
        }
        return null;
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
