package dev.commithooks.engine.boundary;

import dev.commithooks.engine.connection.TransactionStatus;
import dev.commithooks.engine.scope.Level;
import dev.commithooks.spi.HookObserver.SavepointEvent;
import dev.commithooks.transaction.TransactionAbortedException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jooq.TransactionContext;
import org.jspecify.annotations.Nullable;

/** Begins and ends the nested transactions in one top-level transaction: its savepoints, where the provider has some. */
public final class NestedLevels {

    private final TransactionBoundary boundary;
    private final Policies policies;
    private final Delegate delegate;
    private final TransactionState state;
    private final List<OpenLevel> open = new CopyOnWriteArrayList<>();

    NestedLevels(TransactionBoundary boundary, Policies policies, Delegate delegate, TransactionState state) {
        this.boundary = boundary;
        this.policies = policies;
        this.delegate = delegate;
        this.state = state;
    }

    /** Begins a nested transaction. */
    public OpenLevel begin(OpenLevel parent, TransactionContext ctx, @Nullable String name) {
        boundary.watch().ours(() -> delegate.provider().begin(ctx));
        Level level = boundary.scope().nest(parent.level(), name, delegate.savepoints());
        if (delegate.savepoints()) {
            policies.observer().savepoint(boundary.scope().info(level.depth(), name), SavepointEvent.SET);
        }
        OpenLevel nested = new OpenLevel(level, boundary, ctx, parent);
        open.add(nested);
        return nested;
    }

    /**
     * Refuses to end a level normally while one within it has not ended: jOOQ ends whatever was begun last, so that the level
     * would not be ended at all.
     */
    void refuseIfOpenWithin(OpenLevel level) {
        for (OpenLevel nested : open) {
            if (isWithin(nested, level)) {
                throw new IllegalStateException(
                        "Transaction " + boundary.scope().id()
                                + (level.parent() == null
                                        ? " IS rolled back"
                                        : " IS rolled back to the savepoint at depth "
                                                + level.level().depth())
                                + ": the " + nested
                                + " has not ended. Close sessions that were opened in a transaction before it ends,"
                                + " and wait for other threads' work in it.");
            }
        }
    }

    /** Before a level is rolled back, rolls back what within it has not ended, the last begun first. */
    void rollBackOpenWithin(OpenLevel level) {
        for (int i = open.size() - 1; i >= 0; i--) {
            OpenLevel nested = open.get(i);
            if (isWithin(nested, level)) {
                open.remove(nested);
                nested.level().leave();
                boundary.watch().ours(() -> delegate.provider().rollback(nested.ctx()));
            }
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
        if (delegate.savepoints() && state.of(nested.configuration()) == TransactionStatus.ABORTED) {
            throw new TransactionAbortedException(
                    "A nested transaction of " + boundary.scope().id()
                            + " IS rolled back to its savepoint: an error of a statement"
                            + " had aborted it and was swallowed. The enclosing transaction is fit to go on.",
                    boundary.scope().statementFailure());
        }
        boundary.watch().ours(() -> delegate.provider().commit(nested.ctx()));
        open.remove(nested);
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
        open.remove(nested);
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
