package dev.commithooks.engine.jooq;

import static dev.commithooks.transaction.Outcome.COMMITTED;
import static dev.commithooks.transaction.Outcome.ROLLED_BACK;
import static dev.commithooks.transaction.Outcome.UNKNOWN;

import dev.commithooks.engine.boundary.ConnectionWatch;
import dev.commithooks.engine.boundary.TransactionBoundary;
import dev.commithooks.engine.connection.TrackedConnection;
import dev.commithooks.engine.scope.ScopeState;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.engine.telling.Policies;
import dev.commithooks.engine.telling.Suppressed;
import dev.commithooks.spi.OwnedTransaction;
import dev.commithooks.transaction.Outcome;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.TransactionContext;
import org.jooq.TransactionProvider;
import org.jspecify.annotations.Nullable;

/**
 * One top-level transaction that jOOQ owns: sends its begin and its end, and judges how the end went. The hooks' part is its
 * {@link TransactionBoundary}'s; {@link NestedTransactions} are the savepoints in it.
 *
 * <p>COMMIT succeeded if {@code Connection.commit()} returned, whatever the delegate throws afterwards; it failed if the server said
 * so; all else proves nothing, and a resolver is asked. Nothing that hooks throw after a good COMMIT leaves from {@link #commit()},
 * since jOOQ would send a ROLLBACK: it is thrown from jOOQ's {@code commitEnd}.
 */
final class JooqTransaction implements OwnedTransaction {

    private final TransactionContext ctx;
    private final Delegate delegate;
    private final TransactionBoundary boundary;
    private final UnaryOperator<Configuration> afterwards;
    /** Made when one is begun. */
    private @Nullable NestedTransactions nested;

    private boolean isObserved;
    private boolean delegateBegan;
    private boolean delegateEnded;

    /**
     * A transaction that is about to begin.
     *
     * @param afterwards makes a configuration outside of it of one inside
     */
    JooqTransaction(
            Policies policies,
            TransactionScope scope,
            TransactionContext ctx,
            Delegates delegates,
            UnaryOperator<Configuration> afterwards) {
        this.ctx = ctx;
        this.afterwards = afterwards;
        this.boundary = new TransactionBoundary(policies, scope, this, ctx.configuration());
        this.delegate = delegates.delegate(ctx.configuration(), watch());
    }

    TransactionBoundary boundary() {
        return boundary;
    }

    Delegate delegate() {
        return delegate;
    }

    synchronized NestedTransactions nested() {
        if (nested == null) {
            nested = new NestedTransactions(this);
        }
        return nested;
    }

    private synchronized boolean hasNested() {
        return nested != null;
    }

    private ConnectionWatch watch() {
        return boundary.watch();
    }

    TransactionContext ctx() {
        return ctx;
    }

    /** Has jOOQ's provider do its part. */
    private void ours(BiConsumer<TransactionProvider, TransactionContext> part) {
        boolean before = watch().ours(true);
        try {
            part.accept(delegate.provider(), ctx);
        } finally {
            watch().ours(before);
        }
    }

    // ---------------------------------------------------------------- begin

    /**
     * Begins the transaction; if that fails, {@link #abandon()} must follow.
     *
     * @throws IllegalStateException when the connection is in somebody else's transaction
     */
    void begin() {
        ConnectionProvider outside = ctx.configuration().connectionProvider();
        if (delegate.connections() != null) {
            delegate.connections().acquire();
            TrackedConnection connection =
                    Objects.requireNonNull(delegate.connections().connection());
            refuseIfInAnother(connection);
            watch().hold(connection);
        }
        delegateBegan = true;
        ours(TransactionProvider::begin);
        if (delegate.connections() == null) {
            watch().adopt(outside);
        }
        boundary.begun();
        isObserved = true;
    }

    /** jOOQ would go on in a transaction that is open on its connection, and end it. */
    private static void refuseIfInAnother(TrackedConnection connection) {
        if (connection.isInTransaction()) {
            throw new IllegalStateException(
                    "No transaction was begun: the connection has one open that these hooks did not begin, and what it wrote"
                            + " would be committed or rolled back with this one. It is as it was. End it first, or give"
                            + " attachTo(...) a DSLContext on a data source.");
        }
    }

    /** Cleans up after a begin that failed. */
    void abandon() {
        try {
            if (delegateBegan) {
                ours(TransactionProvider::rollback);
            } else if (delegate.connections() != null) {
                delegate.connections().giveBack();
            }
        } finally {
            boundary.beginFailed(isObserved, ctx.causeThrowable());
        }
    }

    // ---------------------------------------------------------------- end

    /** Commits the transaction and tells its hooks. */
    void commit() {
        Throwable failed = end();
        boundary.tell();
        if (failed != null) {
            throw Suppressed.<RuntimeException>rethrow(failed);
        }
    }

    /**
     * Commits the transaction, or rolls it back if that is wanted; hooks are not told yet.
     *
     * @return what such a rollback failed with
     */
    @Nullable
    Throwable end() {
        refuseIfOneIsOpen();
        if (!boundary.prepare()) {
            return rollBack(null);
        }
        refuseIfOneIsOpen();
        try {
            ours(TransactionProvider::commit);
            refuseUnlessCommitted();
        } catch (Throwable failure) {
            if (!isCommittedDespite(failure)) {
                throw failure;
            }
        }
        boundary.completed(COMMITTED, null);
        return null;
    }

    private void refuseIfOneIsOpen() {
        if (hasNested()) {
            nested().refuseIfOpenWithin(boundary);
        }
    }

    /** jOOQ commits by the depth of its own stack of savepoints, and says nothing when it does not. */
    private void refuseUnlessCommitted() {
        if (delegate.connections() != null && !watch().commitReturned()) {
            throw new IllegalStateException("Transaction " + boundary.scope().id()
                    + " IS rolled back: jOOQ took its end for that of a nested transaction, and did not commit");
        }
    }

    /** Decides what an exception out of COMMIT means; false when it is to be thrown, as failed or in doubt. */
    private boolean isCommittedDespite(Throwable failure) {
        if (watch().commitReturned()) {
            watch().cleanUpFailed(failure);
            return true;
        }
        Throwable answer = Objects.requireNonNullElse(watch().commitFailure(), failure);
        boolean neverSent = delegate.connections() != null && !watch().commitSent();
        if (neverSent || watch().provesRollback(answer)) {
            return false;
        }
        Throwable failedCleanUp = rollBackDelegate();
        if (failedCleanUp != null) {
            Suppressed.add(failure, failedCleanUp);
        }
        Outcome outcome = boundary.resolve(failure);
        if (outcome == UNKNOWN) {
            boundary.completed(UNKNOWN, null); // the cause is what jOOQ makes of the exception
            throw boundary.inDoubt(answer, failure);
        }
        return outcome == COMMITTED;
    }

    /** Rolls the transaction back, if it has not been, and tells its hooks. */
    void rollback(@Nullable Throwable cause) {
        Throwable failed = rollBack(cause);
        boundary.tell();
        if (failed != null && cause == null) {
            throw Suppressed.<RuntimeException>rethrow(failed);
        }
    }

    /**
     * Rolls the transaction back, if it has not been; hooks are not told yet.
     *
     * @return what that failed with, which is suppressed in the cause if there is one
     */
    @Nullable
    Throwable rollBack(@Nullable Throwable cause) {
        if (!isEnding()) {
            boundary.scope().enter(ScopeState.ENDING);
        }
        Throwable failed = delegateEnded ? null : rollBackDelegate();
        if (failed != null && cause != null) {
            Suppressed.add(cause, failed);
        }
        boundary.completed(ROLLED_BACK, cause);
        return failed;
    }

    private @Nullable Throwable rollBackDelegate() {
        delegateEnded = true;
        try {
            if (hasNested()) {
                nested().rollBackOpenWithin(boundary);
            }
            ours(TransactionProvider::rollback);
            return null;
        } catch (Throwable failure) {
            return failure;
        }
    }

    // ---------------------------------------------------------------- as its boundary knows it

    @Override
    public Optional<String> name() {
        return boundary.scope().info().name();
    }

    @Override
    public boolean isEnding() {
        return boundary.scope().state().compareTo(ScopeState.ENDING) >= 0;
    }

    @Override
    public boolean isRollbackOnly() {
        return boundary.scope().isRollbackOnly();
    }

    @Override
    public void setRollbackOnly() {
        if (isEnding()) {
            throw new IllegalStateException("setRollbackOnly() comes too late: " + boundary);
        }
        boundary.scope().setRollbackOnly(null);
    }

    @Override
    public Configuration afterwards(Configuration inside) {
        return afterwards.apply(inside);
    }

    @Override
    public String toString() {
        return boundary.toString();
    }
}
