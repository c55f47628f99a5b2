package dev.commithooks.engine.jooq;

import dev.commithooks.engine.boundary.ConnectionWatch;
import dev.commithooks.engine.boundary.Level;
import dev.commithooks.engine.boundary.NestedLevel;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.transaction.TransactionAbortedException;
import java.util.ArrayList;
import java.util.List;
import org.jooq.TransactionContext;
import org.jspecify.annotations.Nullable;

/**
 * jOOQ's stack of nested transactions in one top-level transaction: its savepoints, where the provider has some. jOOQ ends whatever
 * was begun last, whichever it is told to end.
 */
final class NestedTransactions {

    private static final List<Open> NONE = List.of();

    private final JooqTransaction transaction;
    /** Those that have not ended, the last begun last. Its elements are guarded by this, since several threads may begin some. */
    private volatile List<Open> open = NONE;

    private record Open(NestedLevel level, TransactionContext ctx) {}

    NestedTransactions(JooqTransaction transaction) {
        this.transaction = transaction;
    }

    private TransactionScope scope() {
        return transaction.boundary().scope();
    }

    private boolean savepoints() {
        return transaction.delegate().savepoints();
    }

    /** Begins a nested transaction. */
    NestedLevel begin(Level parent, TransactionContext ctx, @Nullable String name) {
        NestedLevel level = parent.nest(name, ctx.configuration(), savepoints());
        onTheConnection(() -> {
            transaction.delegate().provider().begin(ctx);
            if (savepoints()) {
                level.savepointIsSet();
            }
            opened(new Open(level, ctx));
        });
        return level;
    }

    /** The connection's savepoints and the log's must come in the same order. */
    private void onTheConnection(Runnable action) {
        scope().whileNothingElseIsUnderWay(() -> ours(action));
    }

    /** Does what the library does itself. */
    private void ours(Runnable action) {
        ConnectionWatch watch = transaction.boundary().watch();
        boolean before = watch.ours(true);
        try {
            action.run();
        } finally {
            watch.ours(before);
        }
    }

    private synchronized void opened(Open nested) {
        if (open == NONE) {
            open = new ArrayList<>(2); // most transactions need none
        }
        open.add(nested);
    }

    private synchronized void ended(NestedLevel level) {
        if (open != NONE) {
            open.removeIf(one -> one.level() == level);
        }
    }

    /** The one that was begun last of those within the given level that have not ended; null when there is none. */
    private @Nullable Open lastOpenWithin(Level level) {
        return open == NONE ? null : lastOfSomeWithin(level);
    }

    private synchronized @Nullable Open lastOfSomeWithin(Level level) {
        for (int i = open.size() - 1; i >= 0; i--) {
            if (open.get(i).level().isWithin(level)) {
                return open.get(i);
            }
        }
        return null;
    }

    /**
     * Refuses to end a level normally while one within it has not ended: jOOQ ends whatever was begun last, so that the level
     * would not be ended at all.
     */
    void refuseIfOpenWithin(Level level) {
        Open nested = lastOpenWithin(level);
        if (nested != null) {
            throw new IllegalStateException("Transaction " + scope().id()
                    + (level.parent() == null
                            ? " IS rolled back"
                            : " IS rolled back to the savepoint at depth " + level.depth())
                    + ": the " + nested.level()
                    + " has not ended. Close sessions that were opened in a transaction before it ends,"
                    + " and wait for other threads' work in it.");
        }
    }

    /** Before a level is rolled back, rolls back what within it has not ended, the last begun first. */
    void rollBackOpenWithin(Level level) {
        for (Open last = lastOpenWithin(level); last != null; last = lastOpenWithin(level)) {
            Open nested = last;
            ended(nested.level());
            nested.level().leave();
            ours(() -> transaction.delegate().provider().rollback(nested.ctx()));
        }
    }

    /** Ends a nested transaction normally: its changes and callbacks join the parent's. */
    void commit(NestedLevel level, TransactionContext ctx) {
        refuseIfOpenWithin(level);
        if (level.failedBlock() != null) {
            throw new TransactionAbortedException(
                    "A nested transaction of " + scope().id()
                            + " IS rolled back to its savepoint: a block that had joined it"
                            + " failed, and half of its work must not be committed; the exception had been swallowed. The"
                            + " enclosing transaction is fit to go on. To undo only the block, run it with"
                            + " Propagation.NESTED.",
                    level.failedBlock());
        }
        if (savepoints() && transaction.boundary().watch().isAborted()) {
            throw new TransactionAbortedException(
                    "A nested transaction of " + scope().id()
                            + " IS rolled back to its savepoint: an error of a statement"
                            + " had aborted it and was swallowed. The enclosing transaction is fit to go on.",
                    scope().statementFailure());
        }
        onTheConnection(() -> {
            transaction.delegate().provider().commit(ctx);
            ended(level);
            if (savepoints()) {
                level.savepointIsReleased();
            } else {
                level.leave();
            }
        });
    }

    /** Rolls a nested transaction back to its savepoint and tells the hooks of what it wrote. */
    void rollback(NestedLevel level, TransactionContext ctx, @Nullable Throwable cause) {
        try {
            onTheConnection(() -> {
                ended(level);
                rollBackOpenWithin(level);
                transaction.delegate().provider().rollback(ctx);
                if (savepoints()) {
                    level.isRolledBack(cause);
                }
            });
        } catch (Throwable failure) {
            scope().setRollbackOnly(cause == null ? failure : cause);
            scope().savepointReleased(level); // what it wrote is the transaction's, and is rolled back with that
            level.leave();
            throw failure;
        }
        level.leave();
        level.parent().tellOfRolledBack();
    }
}
