package dev.commithooks.engine.boundary;

import dev.commithooks.engine.connection.AdoptedConnection;
import dev.commithooks.engine.connection.ConnectionEvents;
import dev.commithooks.engine.connection.DriverConnections;
import dev.commithooks.engine.connection.TransactionStatus;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.engine.sql.TransactionControl;
import dev.commithooks.engine.telling.Failures;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.spi.HookObserver.SavepointEvent;
import java.sql.Connection;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.impl.DefaultConnectionProvider;
import org.jspecify.annotations.Nullable;

/**
 * The eyes of a boundary on its transaction's connection. Tells the library's own steps from those of others: savepoints set by
 * hand are followed; a commit or rollback by hand puts what was recorded so far in doubt.
 */
public final class ConnectionWatch implements ConnectionEvents {

    private static final System.Logger LOG = System.getLogger("dev.commithooks");

    private final TransactionBoundary boundary;
    private final TransactionScope scope;
    private final Settlement settlement;
    private final Configuration inside;
    private final HookObserver observer;
    /** Set while the library itself begins or ends something, on the thread that does. */
    private boolean ours;

    private @Nullable CommitAttempt attempt;
    private @Nullable AdoptedConnection adopted;
    private @Nullable Connection held;

    ConnectionWatch(TransactionBoundary boundary, Settlement settlement, Configuration inside, HookObserver observer) {
        this.boundary = boundary;
        this.scope = boundary.scope();
        this.settlement = settlement;
        this.inside = inside;
        this.observer = observer;
    }

    /** The boundary of the transaction. */
    public TransactionBoundary boundary() {
        return boundary;
    }

    /** The transaction. */
    public TransactionScope scope() {
        return scope;
    }

    /** Watches the connection of a transaction that the user's own provider has begun, if it can be got at. */
    public void adopt(ConnectionProvider outside) {
        adopted = AdoptedConnection.of(inside, outside, this);
    }

    private void giveBackAdopted() {
        if (adopted != null) {
            adopted.giveBack();
            adopted = null;
        }
    }

    /** The transaction holds this connection from now on. */
    public void hold(Connection connection) {
        held = DriverConnections.belowJooq(connection);
    }

    /** Whether the transaction holds this very connection. */
    boolean holds(Connection connection) {
        return held != null && held == connection;
    }

    /** Does what the library does itself. */
    public void ours(Runnable action) {
        boolean before = ours;
        ours = true;
        try {
            action.run();
        } finally {
            ours = before;
        }
    }

    /** The library's own COMMIT begins; what the connection sees of it is noted there. */
    public CommitAttempt attemptCommit() {
        return attempt = new CommitAttempt();
    }

    /**
     * Looks at the state of the open transaction: what the driver says; where it says nothing and a statement had failed, what the
     * server says. If the transaction turns out to have ended, that is the end behind the hooks' back.
     *
     * @param tracked its connection; null where the owner of the transaction has to be asked for it
     */
    public TransactionStatus look(@Nullable Connection tracked) {
        ConnectionProvider provider = inside.connectionProvider();
        Connection connection = tracked != null ? tracked : provider.acquire();
        if (connection == null) {
            return TransactionStatus.UNKNOWN;
        }
        try {
            boolean hadWritten = hasWritten(); // another thread's first statement may begin the transaction meanwhile
            TransactionStatus status = TransactionStatus.of(connection);
            if (status == TransactionStatus.UNKNOWN && scope.statementFailure() != null) {
                status = TransactionStatus.probe(connection);
            }
            boolean isSurelyOurs = tracked != null || provider instanceof DefaultConnectionProvider;
            if (status == TransactionStatus.IDLE && hadWritten && isSurelyOurs) {
                foundIdle();
            }
            return status;
        } finally {
            if (tracked == null) {
                provider.release(connection);
            }
        }
    }

    @Override
    public void committing() {
        if (ours && attempt != null) {
            attempt.sending();
        }
    }

    @Override
    public void committed() {
        if (ours) {
            if (attempt != null) {
                attempt.hasReturned();
            }
            giveBackAdopted();
        } else {
            endedBehindOurBack("Connection.commit()");
        }
    }

    @Override
    public void commitFailed(Throwable failure) {
        if (ours) {
            if (attempt != null) {
                attempt.failed(failure);
            }
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
            scope.savepointSet(savepoint, false, savepoint instanceof String name ? "\"" + name + "\"" : "set by hand");
            observer.savepoint(scope.info(), SavepointEvent.SET);
        }
    }

    @Override
    public void savepointReleased(Object savepoint) {
        if (!ours) {
            scope.savepointReleased(savepoint);
            observer.savepoint(scope.info(), SavepointEvent.RELEASED);
        }
    }

    @Override
    public void savepointRolledBack(Object savepoint) {
        if (ours) {
            return;
        }
        observer.savepoint(scope.info(), SavepointEvent.ROLLED_BACK);
        if (!scope.isSet(savepoint)) {
            endedBehindOurBack("a rollback to a savepoint that was not seen being set");
            return;
        }
        settlement.rollBackTo(savepoint, scope.info(), null);
        settlement.tellOfRolledBack(inside);
        settlement.throwWaiting();
    }

    @Override
    public boolean cleanUpFailed(Throwable failure) {
        Failures.logCleanUp(scope.id(), failure);
        observer.cleanUpFailed(scope.info(), failure);
        return attempt != null && attempt.returned();
    }

    @Override
    public boolean hasWritten() {
        return scope.hasWritten();
    }

    @Override
    public void foundIdle() {
        endedBehindOurBack("a statement that was not seen");
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
