package dev.commithooks.engine.boundary;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The transactions that were begun on this thread and have not ended. Says little about where a statement belongs, since on
 * pooled connections that is the configuration's to tell; only that somebody may believe it belongs here, unless it is sent on the
 * very connection that one of them holds.
 */
public final class OpenTransactions {

    /** A thread's list stays, empty, which pins no class of ours and spares each transaction a new one. */
    private static final ThreadLocal<@Nullable List<TransactionBoundary>> OPEN = new ThreadLocal<>();

    private OpenTransactions() {}

    static void enter(TransactionBoundary transaction) {
        List<TransactionBoundary> open = OPEN.get();
        if (open != null) {
            open.removeIf(other -> !other.scope().isOpen());
        } else {
            OPEN.set(open = new ArrayList<>(1));
        }
        open.add(transaction);
    }

    static void leave(TransactionBoundary transaction) {
        List<TransactionBoundary> open = OPEN.get();
        if (open != null) {
            open.remove(transaction);
        }
    }

    /** Whether there is any. */
    public static boolean areThere() {
        List<TransactionBoundary> open = OPEN.get();
        if (open == null) {
            return false;
        }
        open.removeIf(
                transaction -> !transaction.scope().isOpen()); // a session's may have been ended on another thread
        return !open.isEmpty();
    }

    /** The transaction that holds this connection of the driver's or of a pool; null when none does. */
    public static @Nullable TransactionBoundary on(Connection connection) {
        if (areThere()) {
            for (TransactionBoundary transaction : OPEN.get()) {
                if (transaction.watch().holds(connection)) {
                    return transaction;
                }
            }
        }
        return null;
    }
}
