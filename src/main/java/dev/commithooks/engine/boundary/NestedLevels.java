package dev.commithooks.engine.boundary;

import dev.commithooks.engine.connection.TransactionStatus;
import dev.commithooks.engine.scope.Level;
import dev.commithooks.spi.HookObserver.SavepointEvent;
import dev.commithooks.transaction.TransactionAbortedException;
import java.util.ArrayList;
import java.util.List;
import org.jooq.TransactionContext;
import org.jspecify.annotations.Nullable;

/** Begins and ends the nested transactions in one top-level transaction: its savepoints, where the provider has some. */
public final class NestedLevels {

    private static final List<OpenLevel> NONE = List.of();

    private final TransactionBoundary boundary;
    private final Policies policies;
    private final Delegate delegate;
    /** Those that have not ended, the last begun last. Its elements are guarded by this, since several threads may begin some. */
    private volatile List<OpenLevel> open = NONE;

    NestedLevels(TransactionBoundary boundary, Policies policies, Delegate delegate) {
        this.boundary = boundary;
        this.policies = policies;
        this.delegate = delegate;
    }

    /** Begins a nested transaction. */
    public OpenLevel begin(OpenLevel parent, TransactionContext ctx, @Nullable String name) {
        boundary.watch().ours(() -> delegate.provider().begin(ctx));
        Level level = boundary.scope().nest(parent.level(), name, delegate.savepoints());
        if (delegate.savepoints()) {
            policies.observer().savepoint(boundary.scope().info(level.depth(), name), SavepointEvent.SET);
        }
        OpenLevel nested = new OpenLevel(level, boundary, ctx, parent);
        opened(nested);
        return nested;
    }

    private synchronized void opened(OpenLevel nested) {
        if (open == NONE) {
            open = new ArrayList<>(2); // most transactions need none
        }
        open.add(nested);
    }

    private synchronized void ended(OpenLevel nested) {
        for (int i = open.size() - 1; i >= 0; i--) {
            if (open.get(i) == nested) {
                open.remove(i);
                return;
            }
        }
    }

    /** The level that was begun last of those within the given one that have not ended; null when there is none. */
    private @Nullable OpenLevel lastOpenWithin(OpenLevel level) {
        return open == NONE ? null : lastOfSomeWithin(level);
    }

    private synchronized @Nullable OpenLevel lastOfSomeWithin(OpenLevel level) {
        for (int i = open.size() - 1; i >= 0; i--) {
            if (isWithin(open.get(i), level)) {
                return open.get(i);
            }
        }
        return null;
    }

    /**
     * Refuses to end a level normally while one within it has not ended: jOOQ ends whatever was begun last, so that the level
     * would not be ended at all.
     */
    void refuseIfOpenWithin(OpenLevel level) {
        OpenLevel nested = lastOpenWithin(level);
        if (nested != null) {
            throw new IllegalStateException("Transaction " + boundary.scope().id()
                    + (level.parent() == null
                            ? " IS rolled back"
                            : " IS rolled back to the savepoint at depth "
                                    + level.level().depth())
                    + ": the " + nested
                    + " has not ended. Close sessions that were opened in a transaction before it ends,"
                    + " and wait for other threads' work in it.");
        }
    }

    /** Before a level is rolled back, rolls back what within it has not ended, the last begun first. */
    void rollBackOpenWithin(OpenLevel level) {
        for (OpenLevel last = lastOpenWithin(level); last != null; last = lastOpenWithin(level)) {
            OpenLevel nested = last;
            ended(nested);
            nested.level().leave();
            boundary.watch().ours(() -> delegate.provider().rollback(nested.ctx()));
        }
    }

    private static boolean isWithin(OpenLevel nested, OpenLevel level) {
        for (OpenLevel outer = nested.parent(); outer != null; outer = outer.parent()) {
            if (outer == level) {
                return true;
            }
        }
        return false;
    }

    /** Ends a nested transaction normally: its changes and callbacks join the parent's. */
    public void commit(OpenLevel nested) {
        Level level = nested.level();
        refuseIfOpenWithin(nested);
        if (level.failedBlock() != null) {
            throw new TransactionAbortedException(
                    "A nested transaction of " + boundary.scope().id()
                            + " IS rolled back to its savepoint: a block that had joined it"
                            + " failed, and half of its work must not be committed; the exception had been swallowed. The"
                            + " enclosing transaction is fit to go on. To undo only the block, run it with"
                            + " Propagation.NESTED.",
                    level.failedBlock());
        }
        if (delegate.savepoints()
                && delegate.status(nested.configuration(), boundary.watch()) == TransactionStatus.ABORTED) {
            throw new TransactionAbortedException(
                    "A nested transaction of " + boundary.scope().id()
                            + " IS rolled back to its savepoint: an error of a statement"
                            + " had aborted it and was swallowed. The enclosing transaction is fit to go on.",
                    boundary.scope().statementFailure());
        }
        boundary.watch().ours(() -> delegate.provider().commit(nested.ctx()));
        ended(nested);
        if (delegate.savepoints()) {
            boundary.scope().release(level);
            policies.observer().savepoint(boundary.scope().info(level.depth(), level.name()), SavepointEvent.RELEASED);
        } else {
            level.leave();
        }
    }

    /** Rolls a nested transaction back to its savepoint and tells the hooks of what it wrote. */
    public void rollback(OpenLevel nested, @Nullable Throwable cause) {
        Level level = nested.level();
        ended(nested);
        try {
            rollBackOpenWithin(nested);
            boundary.watch().ours(() -> delegate.provider().rollback(nested.ctx()));
        } catch (Throwable failure) {
            boundary.scope().setRollbackOnly(cause == null ? failure : cause);
            level.leave();
            throw failure;
        }
        if (!delegate.savepoints()) {
            level.leave();
            return;
        }
        policies.observer().savepoint(boundary.scope().info(level.depth(), level.name()), SavepointEvent.ROLLED_BACK);
        OpenLevel parent = nested.parent() == null ? boundary.top() : nested.parent();
        boundary.settlement()
                .savepointRolledBack(
                        boundary.scope().rollBack(level),
                        boundary.scope().info(level.depth(), level.name()),
                        parent.configuration(),
                        cause);
    }
}
