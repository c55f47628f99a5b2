package dev.commithooks.engine.boundary;

import static dev.commithooks.transaction.Outcome.ROLLED_BACK;

import dev.commithooks.engine.connection.CommitFailure;
import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.telling.Policies;
import dev.commithooks.spi.Boundary;
import dev.commithooks.spi.HookObserver.SavepointEvent;
import dev.commithooks.transaction.FailureStage;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInDoubtException;
import org.jspecify.annotations.Nullable;

/** The boundary of a transaction that somebody else owns, as its owner drives it. */
public final class OwnersBoundary implements Boundary {

    private final TransactionBoundary boundary;

    /** The owner's face of a boundary. */
    public OwnersBoundary(TransactionBoundary boundary) {
        this.boundary = boundary;
    }

    /** The boundary itself. */
    public TransactionBoundary boundary() {
        return boundary;
    }

    /** Whether it tells by these. */
    public boolean isBy(Policies others) {
        return boundary.policies == others;
    }

    @Override
    public void runBeforeHooks() {
        if (!boundary.runBeforeHooks()) {
            throw Aborted.onPurpose(boundary.scope());
        }
    }

    @Override
    public boolean hasSomethingToTell() {
        return boundary.hasSomethingToTell();
    }

    @Override
    public void aboutToCommit() {
        if (!boundary.prepare()) {
            throw Aborted.onPurpose(boundary.scope());
        }
        if (boundary.owned().isDisconnected()) {
            throw boundary.settlement().orInDoubt(Aborted.byClosedConnection(boundary.scope()));
        }
    }

    @Override
    public Outcome judge(Throwable failure) {
        Dialect dialect = boundary.watch().dialect();
        return CommitFailure.provesRollback(failure, dialect) ? ROLLED_BACK : boundary.resolve(failure);
    }

    @Override
    public TransactionInDoubtException inDoubt(Throwable failure) {
        return boundary.inDoubt(failure, failure);
    }

    @Override
    public void endsAt(FailureStage stage) {
        boundary.endsAt(stage);
    }

    @Override
    public void completed(Outcome outcome, @Nullable Throwable cause) {
        boundary.completed(outcome, cause);
    }

    @Override
    public void deliver() {
        boundary.tell();
        boundary.throwWaiting();
    }

    @Override
    public void discard() {
        boundary.discard();
    }

    @Override
    public boolean isAborted() {
        return boundary.watch().isAborted();
    }

    @Override
    public void savepointSet(Object savepoint) {
        String title = savepoint instanceof String name ? '"' + name + '"' : "of its owner";
        boundary.scope().savepointSet(savepoint, false, title);
        observe(SavepointEvent.SET);
    }

    @Override
    public void savepointReleased(Object savepoint) {
        boundary.scope().savepointReleased(savepoint);
        observe(SavepointEvent.RELEASED);
    }

    /** Its owner is not through with it, so that no hook can run yet. */
    @Override
    public void savepointRolledBack(Object savepoint) {
        boundary.settlement().rollBackTo(savepoint, boundary.scope().info(), null);
        observe(SavepointEvent.ROLLED_BACK);
    }

    @Override
    public void deliverRolledBack() {
        boundary.tellAtSafeMoment();
    }

    private void observe(SavepointEvent event) {
        boundary.observer().savepoint(boundary.scope().info(), event);
    }

    @Override
    public String toString() {
        return boundary.toString();
    }
}
