package dev.commithooks.engine.boundary;

import dev.commithooks.engine.connection.AdoptedConnection;
import dev.commithooks.engine.connection.CommitFailure;
import dev.commithooks.engine.connection.ConnectionEvents;
import dev.commithooks.engine.connection.DriverConnections;
import dev.commithooks.engine.connection.TrackedConnection;
import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.dialect.TransactionStatus;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.engine.sql.TransactionControl;
import dev.commithooks.engine.telling.Failures;
import dev.commithooks.spi.HookObserver.SavepointEvent;
import java.sql.Connection;
import java.sql.SQLException;
import org.jooq.ConnectionProvider;
import org.jooq.impl.DefaultConnectionProvider;
import org.jspecify.annotations.Nullable;

/**
 * The eyes of a boundary on its transaction's connection. Of steps that are not the library's own, savepoints are followed, and a
 * commit or rollback puts what was recorded so far in doubt.
 */
public final class ConnectionWatch implements ConnectionEvents {

    private final TransactionBoundary boundary;
    /** Set while the library itself begins or ends something, on the thread that does. */
    private boolean ours;

    private boolean commitSent;
    private boolean commitReturned;
    private boolean isRolledBackByCommit;
    /** Whether a statement's failure has taken the whole transaction with it. */
    private boolean isLost;

    private @Nullable Throwable commitFailure;
    private @Nullable AdoptedConnection adopted;
    private @Nullable TrackedConnection tracked;
    private @Nullable Connection held;

    ConnectionWatch(TransactionBoundary boundary) {
        this.boundary = boundary;
    }

    /** The boundary of the transaction. */
    public TransactionBoundary boundary() {
        return boundary;
    }

    private TransactionScope scope() {
        return boundary.scope();
    }

    /** Watches the connection of a transaction that the user's own provider has begun, if it can be got at. */
    public void adopt(ConnectionProvider outside) {
        adopted = AdoptedConnection.of(boundary.configuration(), outside, this);
    }

    private void giveBackAdopted() {
        if (adopted != null) {
            adopted.giveBack();
            adopted = null;
        }
    }

    /** The transaction holds this connection from now on. */
    public void hold(Connection connection) {
        held = connection;
    }

    /** The transaction holds this connection from now on, until it is released. */
    public void hold(TrackedConnection connection) {
        tracked = connection;
        held = connection.getDelegate();
    }

    /** Whether the transaction holds this very connection of the driver's or of a pool. */
    boolean holds(Connection connection) {
        return held != null && DriverConnections.belowJooq(held) == connection;
    }

    /** What comes next is the library's own doing, or is not. Says whether what came before was. */
    public boolean ours(boolean areOurs) {
        boolean before = ours;
        ours = areOurs;
        return before;
    }

    /** Whether the library's own {@code Connection.commit()} was about to be called. */
    public boolean commitSent() {
        return commitSent;
    }

    /** Whether it returned. */
    public boolean commitReturned() {
        return commitReturned;
    }

    /** What it threw; null where it threw nothing. */
    public @Nullable Throwable commitFailure() {
        return commitFailure;
    }

    /** Whether the failure of COMMIT, or the first {@link SQLException} among its causes, shows that nothing was committed. */
    public boolean provesRollback(Throwable failure) {
        return isRolledBackByCommit || CommitFailure.provesRollback(failure, dialect());
    }

    /**
     * Whether the database would answer COMMIT with a rollback: as the driver says; where it says nothing and a statement had failed,
     * as the server says. If the transaction turns out to have ended, that is the end behind the hooks' back.
     */
    public boolean isAborted() {
        return look() == TransactionStatus.ABORTED;
    }

    private TransactionStatus look() {
        if (tracked != null && !tracked.isReleased()) {
            return look(tracked, true);
        }
        ConnectionProvider provider = boundary.configuration().connectionProvider();
        Connection connection = provider.acquire();
        if (connection == null) {
            return TransactionStatus.UNKNOWN;
        }
        try {
            return look(connection, provider instanceof DefaultConnectionProvider);
        } finally {
            provider.release(connection);
        }
    }

    private TransactionStatus look(Connection connection, boolean isSurelyOurs) {
        if (isLost) {
            return TransactionStatus.ABORTED;
        }
        boolean hadWritten = hasWritten(); // another thread's first statement may begin the transaction meanwhile
        TransactionStatus status = TrackedConnection.status(connection);
        if (status == TransactionStatus.UNKNOWN && scope().statementFailure() != null) {
            status = dialect().probe(connection);
        }
        if (status == TransactionStatus.IDLE
                && hadWritten
                && (isSurelyOurs || boundary.owned().isOpenOn(connection))) {
            foundIdle();
        }
        return status;
    }

    @Override
    public Dialect dialect() {
        return Dialect.of(boundary.configuration());
    }

    @Override
    public boolean hearsOfTheEnd() {
        return true;
    }

    @Override
    public void lost(Throwable failure) {
        isLost = true;
        scope().lost(failure);
    }

    /** A statement has failed on a connection that was not seen; where that may have taken the transaction along, finds out. */
    public void statementFailed(SQLException failure, Connection connection) {
        if (dialect().failuresMayLose() && dialect().losesTransaction(failure, connection, hasWritten())) {
            lost(failure);
        }
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
    public void commitFailed(Throwable failure, boolean isRolledBack) {
        if (ours) {
            commitFailure = failure;
            isRolledBackByCommit = isRolledBack;
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
            if (dialect().replacesSavepoints()) {
                scope().savepointReplaced(savepoint);
            }
            scope().savepointSet(
                            savepoint, false, savepoint instanceof String name ? "\"" + name + "\"" : "set by hand");
            boundary.observer().savepoint(scope().info(), SavepointEvent.SET);
        }
    }

    @Override
    public void savepointReleased(Object savepoint) {
        if (!ours && dialect().releasesSavepoints()) {
            scope().savepointReleased(savepoint);
            boundary.observer().savepoint(scope().info(), SavepointEvent.RELEASED);
        }
    }

    @Override
    public void savepointRolledBack(Object savepoint) {
        if (ours) {
            return;
        }
        boundary.observer().savepoint(scope().info(), SavepointEvent.ROLLED_BACK);
        if (!scope().isSet(savepoint)) {
            endedBehindOurBack("a rollback to a savepoint that was not seen being set");
            return;
        }
        boundary.settlement().rollBackTo(savepoint, scope().info(), null);
        boundary.tellAtSafeMoment();
    }

    @Override
    public boolean cleanUpFailed(Throwable failure) {
        Failures.logCleanUp(scope().id(), failure);
        boundary.observer().cleanUpFailed(scope().info(), failure);
        return commitReturned;
    }

    @Override
    public boolean hasWritten() {
        return scope().hasWritten();
    }

    @Override
    public void foundIdle() {
        endedBehindOurBack("a statement that was not seen");
    }

    @Override
    public void executed(TransactionControl control) {
        switch (control.kind()) {
            case SAVEPOINT -> savepointSet(control.identity());
            case RELEASE -> savepointReleased(control.identity());
            case ROLLBACK_TO -> savepointRolledBack(control.identity());
            case COMMIT, ROLLBACK -> endedBehindOurBack("a " + control.kind() + " statement");
            case PREPARE -> endedBehindOurBack("a PREPARE TRANSACTION statement");
            case UNCLEAR, UNCLEAR_SAVEPOINTS ->
                endedBehindOurBack("several statements, of which nobody says how many were executed");
            case IMPLICIT_COMMIT, BEGIN_ANEW -> committedImplicitly();
            case BEGIN -> {}
        }
    }

    /** Where hooks could be told of nothing yet, nothing but the savepoints is lost. */
    private void committedImplicitly() {
        if (boundary.hasSomethingToTell()) {
            endedBehindOurBack("a statement that commits implicitly");
        } else {
            scope().sever();
        }
    }

    private void endedBehindOurBack(String how) {
        Failures.logEndBehindOurBack(scope().id(), how);
        boundary.settlement().sever();
    }
}
