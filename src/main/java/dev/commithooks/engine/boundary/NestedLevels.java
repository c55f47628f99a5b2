package dev.commithooks.engine.boundary;

import dev.commithooks.engine.connection.TransactionStatus;
import dev.commithooks.engine.scope.Level;
import dev.commithooks.spi.HookObserver.SavepointEvent;
import dev.commithooks.transaction.TransactionAbortedException;
import org.jooq.TransactionContext;
import org.jspecify.annotations.Nullable;

/** Begins and ends the nested transactions in one top-level transaction: its savepoints, where the provider has some. */
public final class NestedLevels {

    private final TransactionBoundary boundary;
    private final Policies policies;
    private final Delegate delegate;
    private final TransactionState state;

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
        return new OpenLevel(level, boundary, ctx, parent);
    }

    /** Ends a nested transaction normally: its changes and callbacks join the parent's. */
    public void commit(OpenLevel nested) {
        Level level = nested.level();
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
        try {
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
