package dev.commithooks.spring;

import dev.commithooks.spi.Boundary;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionSystemException;

/**
 * The savepoints of one transaction of Spring's. Spring tells of those that are set and of those that it is about to roll back to,
 * but of no release, and it tells the transaction that the thread is in, whosever savepoint it is. A release by hand is asked of the
 * driver's savepoint, which gives no name any more. Used on the transaction's thread.
 */
final class SpringSavepoints {

    /** Those that are set, the outermost first. */
    private List<Held> held = List.of();
    /** Those that went when an earlier one was rolled back to. */
    private Set<Object> overrun = Set.of();

    /** A savepoint, and the nested transaction that holds it; null for one that somebody has set by hand. */
    private record Held(Object savepoint, @Nullable TransactionExecution nested) {

        /** Nobody but Spring has the savepoint of a nested transaction. */
        boolean isReleased() {
            return nested == null && SpringSavepoints.isReleased(savepoint);
        }
    }

    void set(Object savepoint) {
        if (held.isEmpty()) {
            held = new ArrayList<>(2); // most transactions have none
        }
        held.add(new Held(savepoint, null));
    }

    /** The savepoint that was set last is that of a nested transaction, which has begun. */
    void nestedBegun(TransactionExecution nested) {
        int last = held.size() - 1;
        if (last >= 0) {
            held.set(last, new Held(held.get(last).savepoint(), nested));
        }
    }

    /** A nested transaction was committed, which has released its savepoint. */
    void nestedCommitted(TransactionExecution nested, @Nullable Boundary boundary) {
        for (int i = held.size() - 1; i >= 0; i--) {
            if (held.get(i).nested() == nested) {
                release(i, boundary);
                return;
            }
        }
    }

    /** Forgets those that were released by hand, and those set after them. */
    void forgetReleased(@Nullable Boundary boundary) {
        for (int i = 0; i < held.size(); i++) {
            if (held.get(i).isReleased()) {
                release(i, boundary);
            }
        }
    }

    private void release(int index, @Nullable Boundary boundary) {
        Object released = held.get(index).savepoint();
        held.subList(index, held.size()).clear();
        if (boundary != null) {
            boundary.savepointReleased(released);
        }
    }

    /**
     * Whether a savepoint that is about to be rolled back to is of use: not one that was released, which the driver refuses.
     *
     * @throws TransactionSystemException where it is not one of this transaction's
     */
    boolean isKnown(Object savepoint) {
        if (indexOf(savepoint) >= 0) {
            return true;
        }
        if (isReleased(savepoint)) {
            return false;
        }
        if (overrun.contains(savepoint)) {
            return true; // what that undoes differs from database to database
        }
        throw new TransactionSystemException(
                "The savepoint was not set in the transaction that this thread is in, or past its"
                        + " TransactionStatus, so hooks could not be told what a rollback to it undoes. Nothing was sent. Roll back to it"
                        + " where it was set, by the TransactionStatus that has set it.");
    }

    /** What came after a savepoint was rolled back. Forgets those set after it. */
    void rolledBackTo(Object savepoint) {
        int index = indexOf(savepoint);
        if (index >= 0) {
            overrun(held.subList(index + 1, held.size()));
        }
    }

    private int indexOf(Object savepoint) {
        for (int i = held.size() - 1; i >= 0; i--) {
            if (held.get(i).savepoint() == savepoint) {
                return i;
            }
        }
        return -1;
    }

    private void overrun(List<Held> after) {
        if (!after.isEmpty()) {
            if (overrun.isEmpty()) {
                overrun = Collections.newSetFromMap(new IdentityHashMap<>());
            }
            after.forEach(gone -> overrun.add(gone.savepoint()));
            after.clear();
        }
    }

    void forEach(Consumer<Object> action) {
        held.forEach(one -> action.accept(one.savepoint()));
    }

    private static boolean isReleased(Object savepoint) {
        if (savepoint instanceof Savepoint known) {
            try {
                known.getSavepointName(); // Spring gives each a name
            } catch (SQLException released) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return held.size() + " savepoints";
    }
}
