package dev.commithooks.engine.boundary;

import dev.commithooks.engine.scope.TransactionScope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The transactions that were begun on this thread and have not ended. Says nothing about where a statement belongs, since on
 * pooled connections that is the configuration's to tell; only that somebody may believe it belongs here.
 */
final class OpenTransactions {

    /** A thread's list stays, empty, which pins no class of ours and spares each transaction a new one. */
    private static final ThreadLocal<@Nullable List<TransactionScope>> OPEN = new ThreadLocal<>();

    private OpenTransactions() {}

    static void enter(TransactionScope scope) {
        List<TransactionScope> open = OPEN.get();
        if (open != null) {
            open.removeIf(other -> !other.top().isOpen());
        } else {
            OPEN.set(open = new ArrayList<>(1));
        }
        open.add(scope);
    }

    static void leave(TransactionScope scope) {
        List<TransactionScope> open = OPEN.get();
        if (open != null) {
            open.remove(scope);
        }
    }

    /** The innermost; null when there is none. A session's may have been ended on another thread. */
    static @Nullable TransactionScope innermost() {
        List<TransactionScope> open = OPEN.get();
        if (open == null) {
            return null;
        }
        open.removeIf(scope -> !scope.top().isOpen());
        return open.isEmpty() ? null : open.get(open.size() - 1);
    }
}
