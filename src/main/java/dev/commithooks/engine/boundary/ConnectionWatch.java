package dev.commithooks.engine.boundary;

import dev.commithooks.engine.connection.AdoptedConnection;
import dev.commithooks.engine.connection.ConnectionEvents;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.engine.sql.TransactionControl;
import dev.commithooks.spi.HookObserver.SavepointEvent;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jspecify.annotations.Nullable;

/**
 * Sees what happens on a transaction's connection, and tells what the boundary does itself from what happens behind its back:
 * savepoints set by hand are followed; a commit or rollback by hand puts what was recorded so far in doubt.
 */
public final class ConnectionWatch implements ConnectionEvents {

    private static final System.Logger LOG = System.getLogger("dev.commithooks");

    private final TransactionScope scope;
    private final Settlement settlement;
    private boolean ours;
    private boolean commitSent;
    private boolean commitReturned;
    private @Nullable Throwable commitFailure;
    private @Nullable AdoptedConnection adopted;

    ConnectionWatch(TransactionScope scope, Settlement settlement) {
        this.scope = scope;
        this.settlement = settlement;
    }

    /** The transaction. */
    public TransactionScope scope() {
        return scope;
    }

    /** Watches the connection of a transaction that the user's own provider has begun, if it can be got at. */
    void adopt(Configuration transaction, ConnectionProvider outside) {
        adopted = AdoptedConnection.of(transaction, outside, this);
    }

    private void giveBackAdopted() {
        if (adopted != null) {
            adopted.giveBack();
            adopted = null;
        }
    }

    /** Does what the boundary does itself. */
    void ours(Runnable action) {
        ours = true;
        try {
            action.run();
        } finally {
            ours = false;
        }
    }

    /** Whether the boundary's own COMMIT was about to be sent. */
    boolean commitSent() {
        return commitSent;
    }

    /** Whether the boundary's own COMMIT succeeded. */
    boolean commitReturned() {
        return commitReturned;
    }

    /** What the boundary's own COMMIT failed with. */
    @Nullable
    Throwable commitFailure() {
        return commitFailure;
    }

    @Override
    public void committing() {
        commitSent |= ours;
    }

    @Override
    public void committed() {
        if (ours) {
            commitReturned = true;
            giveBackAdopted();
        } else {
            endedBehindOurBack("Connection.commit()");
        }
    }

    @Override
    public void commitFailed(Throwable failure) {
        if (ours) {
            commitFailure = failure;
        } else {
            endedBehindOurBack("Connection.commit(), which failed: " + failure);
        }
    }

    @Override
    public void rolledBack() {
        if (ours) {
            giveBackAdopted();
        } else {
            endedBehindOurBack("Connection.rollback()");
        }
    }

    @Override
    public void autoCommitSwitchedOn() {
        if (!ours) {
            endedBehindOurBack("Connection.setAutoCommit(true)");
        }
    }

    @Override
    public void savepointSet(Object savepoint) {
        if (!ours) {
            scope.savepointSet(savepoint, savepoint instanceof String name ? "\"" + name + "\"" : "set by hand");
            settlement.savepointByHand(SavepointEvent.SET);
        }
    }

    @Override
    public void savepointReleased(Object savepoint) {
        if (!ours) {
            scope.savepointReleased(savepoint);
            settlement.savepointByHand(SavepointEvent.RELEASED);
        }
    }

    @Override
    public void savepointRolledBack(Object savepoint) {
        if (!ours) {
            settlement.savepointByHand(SavepointEvent.ROLLED_BACK);
            settlement.savepointRolledBack(
                    scope.savepointRolledBack(savepoint), scope.info(0, null), settlement.configuration(), null);
            settlement.throwPending();
        }
    }

    @Override
    public boolean cleanUpFailed(Throwable failure) {
        settlement.cleanUpFailed(failure);
        return commitReturned;
    }

    /** If anything was written, somebody has ended the transaction. */
    @Override
    public boolean foundIdle() {
        boolean ended = settlement.soFar().hasWritten();
        if (ended) {
            endedBehindOurBack("a statement that was not seen");
        }
        return ended;
    }

    /** What jOOQ or anybody else executed. */
    @Override
    public void executed(TransactionControl control) {
        switch (control.kind()) {
            case SAVEPOINT -> savepointSet(nameOf(control));
            case RELEASE -> savepointReleased(nameOf(control));
            case ROLLBACK_TO -> savepointRolledBack(nameOf(control));
            case COMMIT -> endedBehindOurBack("a COMMIT statement");
            case ROLLBACK -> endedBehindOurBack("a ROLLBACK statement");
            case PREPARE -> endedBehindOurBack("a PREPARE TRANSACTION statement");
            case UNCLEAR, UNCLEAR_SAVEPOINTS -> endedBehindOurBack("statements that failed half way");
            case BEGIN -> {}
        }
    }

    private static Object nameOf(TransactionControl control) {
        return control.savepoint() == null ? control : control.savepoint();
    }

    private void endedBehindOurBack(String how) {
        LOG.log(
                System.Logger.Level.WARNING,
                "Transaction {0} was ended behind the back of its hooks, by {1}: {2} so far is in doubt. Leave the end of a"
                        + " transaction to dsl.transaction.",
                scope.id(),
                how,
                "what was recorded");
        settlement.sever();
    }
}
