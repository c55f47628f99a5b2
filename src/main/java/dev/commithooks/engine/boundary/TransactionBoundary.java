package dev.commithooks.engine.boundary;

import static dev.commithooks.engine.scope.ScopeState.BEFORE;
import static dev.commithooks.engine.scope.ScopeState.ENDING;
import static dev.commithooks.transaction.Outcome.COMMITTED;
import static dev.commithooks.transaction.Outcome.ROLLED_BACK;
import static dev.commithooks.transaction.Outcome.UNKNOWN;

import dev.commithooks.engine.connection.CommitFailure;
import dev.commithooks.engine.connection.TransactionStatus;
import dev.commithooks.engine.log.LoggedCallback;
import dev.commithooks.engine.scope.ScopeState;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.spi.OutcomeResolver.Inquiry;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.FailureStage;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionAbortedException;
import java.util.function.Function;
import org.jooq.ConnectionProvider;
import org.jooq.TransactionContext;
import org.jspecify.annotations.Nullable;

/**
 * Begins and ends one top-level transaction; {@link NestedLevels} does so with the savepoints in it.
 *
 * <p>The life of a commit, as {@link #commit} runs it:
 *
 * <ol>
 *   <li>Other threads' statements are waited for, later ones refused.
 *   <li>A transaction that is to be rolled back is rolled back. One that PostgreSQL holds to be aborted is not committed: the
 *       server would answer ROLLBACK, and pgjdbc and jOOQ would report success.
 *   <li>Before hooks run in the transaction; what they write is part of it. What they did is checked again.
 *   <li>COMMIT. It succeeded if {@code Connection.commit()} returned, whatever the delegate throws afterwards; it failed if
 *       the server said so; all else proves nothing, and a resolver is asked.
 *   <li>The outcome is settled: after, failed or in-doubt hooks run, the connection being released. Nothing they throw leaves
 *       from here, since jOOQ would send a ROLLBACK: it waits for {@link #throwPending()}, called from jOOQ's
 *       {@code commitEnd}.
 * </ol>
 *
 * <p>Whatever fails before the outcome is known is thrown; jOOQ then calls {@link #rollback}, which settles it.
 */
public final class TransactionBoundary {

    private final Policies policies;
    private final TransactionScope scope;
    private final Delegate delegate;
    private final ConnectionWatch watch;
    private final Settlement settlement;
    private final NestedLevels nested;
    private final OpenLevel top;
    private FailureStage stage = FailureStage.WORK;
    private @Nullable Outcome outcome;
    private boolean begun;
    private boolean delegateDone;

    /** The boundary of a transaction that is about to begin. */
    public TransactionBoundary(
            Policies policies,
            TransactionScope scope,
            TransactionContext ctx,
            Function<ConnectionWatch, Delegate> delegates) {
        this.policies = policies;
        this.scope = scope;
        this.top = new OpenLevel(scope.top(), this, ctx, null);
        this.settlement = new Settlement(policies, scope, ctx.configuration());
        this.watch = new ConnectionWatch(scope, settlement);
        this.delegate = delegates.apply(watch);
        this.nested = new NestedLevels(this, policies, delegate);
    }

    /** The transaction. */
    public TransactionScope scope() {
        return scope;
    }

    /** The top level. */
    public OpenLevel top() {
        return top;
    }

    /** What is seen on the transaction's connection. */
    public ConnectionWatch watch() {
        return watch;
    }

    /** What would fire, and how it ended. */
    public Settlement settlement() {
        return settlement;
    }

    // ---------------------------------------------------------------- top level

    /** Begins the transaction; if that fails, {@link #abandon} must follow. */
    public void begin() {
        ConnectionProvider outside = top.configuration().connectionProvider();
        watch.ours(() -> delegate.provider().begin(top.ctx()));
        if (delegate.connections() == null) {
            watch.adopt(top.configuration(), outside);
        }
        OpenTransactions.enter(scope);
        begun = true;
        if (policies.isObserved()) {
            policies.observer().transactionBegun(scope.info(0, null));
        }
    }

    /** Whether the connection has a transaction open already that began before this one. */
    public boolean isInsideAnother() {
        return delegate.connections() != null && delegate.status(top.configuration(), watch) == TransactionStatus.OPEN;
    }

    /** Cleans up after a begin that failed. */
    public void abandon() {
        OpenTransactions.leave(scope);
        scope.enter(ScopeState.ENDED);
        try {
            watch.ours(() -> delegate.provider().rollback(top.ctx()));
        } finally {
            if (begun) { // its options could not be set
                settlement.observeEnd(ROLLED_BACK, Failure.of(stage, top.ctx().causeThrowable(), false), 0);
            }
        }
    }

    /** Commits the transaction and tells its hooks, see above. */
    public void commit() {
        scope.enter(BEFORE);
        nested.refuseIfOpenWithin(top);
        if (endedRollbackOnly()) {
            return;
        }
        refuseIfAborted();
        if (scope.size() > 0) {
            stage = FailureStage.BEFORE_HOOK;
            settlement.before(top.configuration());
            nested.refuseIfOpenWithin(top);
            if (endedRollbackOnly()) {
                return;
            }
            refuseIfAborted();
        }
        stage = FailureStage.COMMIT;
        Inquiry inquiry = policies.resolver() != null && settlement.soFar().hasSomethingToTell()
                ? Doubt.prepare(policies.resolver(), top.configuration())
                : null;
        scope.enter(ENDING);
        try {
            watch.ours(() -> delegate.provider().commit(top.ctx()));
            refuseUnlessCommitted();
        } catch (Throwable failure) {
            if (!isCommittedDespite(failure, inquiry)) {
                throw failure;
            }
        }
        outcome = COMMITTED;
        settlement.settle(COMMITTED, null);
    }

    /** jOOQ commits by the depth of its own stack of savepoints, and says nothing when it does not. */
    private void refuseUnlessCommitted() {
        if (delegate.connections() != null && !watch.commitReturned()) {
            throw new IllegalStateException("Transaction " + scope.id()
                    + " IS rolled back: jOOQ took its end for that of a nested transaction, and did not commit");
        }
    }

    /** Rolls the transaction back, if it has not been, and tells its hooks. */
    public void rollback(@Nullable Throwable cause) {
        scope.enter(ENDING);
        Throwable failed = null;
        if (!delegateDone) {
            failed = rollBackDelegate();
        }
        if (failed != null && cause != null) {
            Suppressed.add(cause, failed);
        }
        settlement.settle(outcome == null ? ROLLED_BACK : outcome, Failure.of(stage, cause, false));
        if (failed != null && cause == null) {
            throw Suppressed.<RuntimeException>rethrow(failed);
        }
    }

    /**
     * Registers a callback.
     *
     * @throws IllegalStateException when it is too late for its phase
     */
    public void register(LoggedCallback callback) {
        settlement.refuseIfTooLate(callback);
        scope.add(callback);
    }

    /**
     * Makes the transaction roll back at its end.
     *
     * @throws IllegalStateException when it is too late
     */
    public void setRollbackOnly() {
        if (scope.state().compareTo(BEFORE) > 0) {
            throw new IllegalStateException("setRollbackOnly() comes too late: " + settlement);
        }
        scope.setRollbackOnly(null);
    }

    /**
     * A block that had joined the level failed: what the level did so far must not be committed, even if the exception is
     * swallowed. A rollback to the level's savepoint heals that.
     */
    public void joinedBlockFailed(OpenLevel level, Throwable failure) {
        if (level.parent() == null || !delegate.savepoints()) {
            scope.setRollbackOnly(failure);
        } else {
            level.level().blockFailed(failure);
        }
    }

    /** The rollback that follows is meant so: nothing has failed. */
    public void endsOnPurpose() {
        stage = FailureStage.ROLLBACK_ONLY;
    }

    /** Throws what hooks threw after the transaction had ended, when nothing can be undone by it any more. */
    public void throwPending() {
        settlement.throwPending();
    }

    private @Nullable Throwable rollBackDelegate() {
        delegateDone = true;
        try {
            nested.rollBackOpenWithin(top);
            watch.ours(() -> delegate.provider().rollback(top.ctx()));
            return null;
        } catch (Throwable failure) {
            return failure;
        }
    }

    private boolean endedRollbackOnly() {
        if (!scope.isRollbackOnly()) {
            return false;
        }
        stage = FailureStage.ROLLBACK_ONLY;
        Throwable cause = scope.rollbackOnlyCause();
        if (cause != null) {
            throw new TransactionAbortedException(
                    "Transaction " + scope.id() + " IS rolled back: a block that had joined it failed, and half of its"
                            + " work must not be committed; the exception had been swallowed. To undo only the block, run"
                            + " it with Propagation.NESTED.",
                    cause);
        }
        rollback(null);
        return true;
    }

    private void refuseIfAborted() {
        if (delegate.status(top.configuration(), watch) == TransactionStatus.ABORTED) {
            stage = FailureStage.COMMIT;
            throw new TransactionAbortedException(
                    "Transaction " + scope.id() + " IS rolled back: an error of a statement had aborted it and was"
                            + " swallowed. Let the exception out of the transaction, or run what may fail in a nested"
                            + " transaction of its own.",
                    scope.statementFailure());
        }
    }

    /** Decides what an exception out of COMMIT means; false when it is to be thrown, as failed or in doubt. */
    private boolean isCommittedDespite(Throwable failure, @Nullable Inquiry inquiry) {
        if (watch.commitReturned()) {
            watch.cleanUpFailed(failure);
            return true;
        }
        Throwable answer = watch.commitFailure() == null ? failure : watch.commitFailure();
        boolean neverSent = delegate.connections() != null && !watch.commitSent();
        if (neverSent || CommitFailure.provesRollback(answer)) {
            outcome = ROLLED_BACK;
            return false;
        }
        Throwable failedCleanUp = rollBackDelegate();
        if (failedCleanUp != null) {
            Suppressed.add(failure, failedCleanUp);
        }
        outcome = Doubt.ask(inquiry, failure);
        if (outcome == UNKNOWN) {
            throw Doubt.exception(scope.id(), answer, inquiry != null, failure);
        }
        return outcome == COMMITTED;
    }

    /** The savepoints in it. */
    public NestedLevels nested() {
        return nested;
    }

    @Override
    public String toString() {
        return settlement.toString();
    }
}
