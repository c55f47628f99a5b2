package dev.commithooks.spring;

import dev.commithooks.spi.Boundary;
import dev.commithooks.spi.OwnedTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.ConnectionProxy;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;

/**
 * One transaction of Spring's that hooks may hear of. Its boundary is opened by the first statement, or question, that concerns
 * hooks. Used on the transaction's thread.
 */
final class SpringTransaction implements OwnedTransaction, TransactionSynchronization {

    private final ConnectionHolder holder;
    private final Connection connection;
    private final TransactionStatus status;
    private final @Nullable String name;
    private @Nullable Boundary boundary;
    private final SpringSavepoints savepoints = new SpringSavepoints();
    /** Set by hooks, callbacks and the application, until the end begins. */
    private boolean isRollbackOnly;
    /** Whether all before hooks have run, and COMMIT may have been sent since. */
    private boolean isPrepared;

    private @Nullable RuntimeException rollbackByHooks;
    /** The status that Spring reported at the end, a hint; null until then. */
    private @Nullable Integer completion;

    SpringTransaction(ConnectionHolder holder, TransactionStatus status, @Nullable String name) {
        this.holder = holder;
        this.connection = holder.getConnection();
        this.status = status;
        this.name = name;
    }

    Connection connection() {
        return connection;
    }

    TransactionStatus status() {
        return status;
    }

    /** The boundary, opened now unless it is open, if one is to be. */
    @Nullable
    Boundary boundary(Function<OwnedTransaction, @Nullable Boundary> opening) {
        savepoints.forgetReleased(boundary);
        if (boundary == null) {
            Boundary opened = opening.apply(this);
            if (opened != null) {
                savepoints.forEach(opened::savepointSet);
            }
            boundary = opened;
        }
        return boundary;
    }

    /** The boundary; null where nothing concerned hooks. */
    @Nullable
    Boundary boundaryOrNull() {
        return boundary;
    }

    /** Forgets the boundary, which has been told of an end: what comes now opens another. */
    void endBoundary() {
        boundary = null;
    }

    /** A transaction that somebody has ended by hand, on the connection that jOOQ does not see, is in doubt. */
    void lookForItsEnd() {
        if (boundary != null) {
            boundary.isAborted();
        }
    }

    boolean isPrepared() {
        return isPrepared;
    }

    /** Whether Spring says that it is committed. */
    boolean isReportedCommitted() {
        return completion != null && completion == STATUS_COMMITTED;
    }

    /** The veto of a transaction that a before hook has marked rollback-only: nothing has failed. */
    boolean isRollbackByHooks(Throwable failure) {
        return failure == rollbackByHooks;
    }

    String title() {
        return name == null ? "" : " '" + name + "'";
    }

    // ---------------------------------------------------------------- as its boundary knows it

    @Override
    public Optional<String> name() {
        return Optional.ofNullable(name);
    }

    @Override
    public boolean isEnding() {
        return isPrepared;
    }

    @Override
    public boolean isRollbackOnly() {
        return isRollbackOnly || holder.isRollbackOnly() || (completion == null && status.isRollbackOnly());
    }

    @Override
    public boolean isOpenOn(Connection given) {
        try {
            return !isPrepared
                    && completion == null
                    && given.isWrapperFor(ConnectionProxy.class)
                    && given.unwrap(ConnectionProxy.class).getTargetConnection() == connection;
        } catch (SQLException closed) {
            return false;
        }
    }

    @Override
    public boolean isDisconnected() {
        try {
            return connection.isClosed();
        } catch (SQLException cannotTell) {
            return false;
        }
    }

    @Override
    public void setRollbackOnly() {
        if (isPrepared || completion != null) {
            throw new IllegalStateException("setRollbackOnly() comes too late for the transaction" + title());
        }
        isRollbackOnly = true;
        status.setRollbackOnly();
    }

    /** A transaction that is marked is rolled back on purpose, so that nothing has failed. */
    void noteRollbackOnly() {
        isRollbackOnly = isRollbackOnly || status.isRollbackOnly();
    }

    /** A transaction that is rolled back for an exception has failed, even if it was marked as well. */
    void noteFailure() {
        isRollbackOnly = false;
    }

    /** The thread is out of the transaction by then, and so is whatever asks Spring for a connection. */
    @Override
    public Configuration afterwards(Configuration inside) {
        return inside;
    }

    // ---------------------------------------------------------------- as Spring calls it

    /** Runs the before hooks, COMMIT being the next thing to be sent. */
    void prepare(ResourceTransactionManager manager) {
        if (status.isRollbackOnly()) {
            return; // JpaTransactionManager goes this far in spite of it
        }
        if (boundary != null) {
            Jpa.flush(manager, status);
            try {
                boundary.aboutToCommit();
            } catch (RuntimeException veto) {
                rollbackByHooks = isRollbackOnly && veto.getCause() == null ? veto : null;
                throw veto;
            }
        }
        isPrepared = true;
    }

    @Override
    public void savepoint(Object savepoint) {
        savepoints.forgetReleased(boundary);
        savepoints.set(savepoint);
        if (boundary != null) {
            boundary.savepointSet(savepoint);
        }
    }

    void nestedBegun(TransactionExecution nested) {
        savepoints.nestedBegun(nested);
    }

    void nestedCommitted(TransactionExecution nested) {
        savepoints.nestedCommitted(nested, boundary);
    }

    /** As Spring does where a block fails that has joined it: COMMIT ends as an unexpected rollback. */
    void nestedNotRolledBack() {
        if (boundary != null) {
            holder.setRollbackOnly();
        }
    }

    /**
     * Spring calls this before it rolls back, and nothing when it has, or could not. So it is done here, where a failure is seen:
     * what Spring sends after that undoes nothing more. Hooks are told later, when Spring is through.
     */
    @Override
    public void savepointRollback(Object savepoint) {
        savepoints.forgetReleased(boundary);
        if (!savepoints.isKnown(savepoint)) {
            return;
        }
        if (boundary != null) {
            sendRollbackTo(savepoint);
            boundary.savepointRolledBack(savepoint);
        }
        savepoints.rolledBackTo(savepoint);
    }

    /** Throws what Spring throws. */
    private void sendRollbackTo(Object savepoint) {
        try {
            connection.rollback((Savepoint) savepoint);
        } catch (SQLException | RuntimeException failure) {
            throw new TransactionSystemException("Could not roll back to JDBC savepoint", failure);
        }
    }

    @Override
    public void afterCompletion(int how) {
        completion = how;
    }

    @Override
    public String toString() {
        return "Spring's transaction" + title();
    }
}
