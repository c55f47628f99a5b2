package dev.commithooks.jta;

import jakarta.transaction.RollbackException;
import jakarta.transaction.Synchronization;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/** A transaction of the manager's, in which enlisted resources are watched. Equal to others in front of the same one. */
final class HookedTransaction implements Transaction {

    private final Transaction delegate;
    private final KnownTransactions owner;

    HookedTransaction(Transaction delegate, KnownTransactions owner) {
        this.delegate = delegate;
        this.owner = owner;
    }

    /** The manager's own object for a transaction. */
    static @Nullable Transaction delegate(@Nullable Transaction transaction) {
        return transaction instanceof HookedTransaction hooked ? hooked.delegate : transaction;
    }

    @Override
    public void commit() {
        owner.commit(delegate);
    }

    @Override
    public void rollback() {
        owner.end(owner.known(delegate), delegate::rollback, false);
    }

    @Override
    public void setRollbackOnly() throws SystemException {
        delegate.setRollbackOnly();
        owner.marked(delegate);
    }

    @Override
    public boolean enlistResource(XAResource resource) throws RollbackException, SystemException {
        JtaTransaction transaction = owner.of(delegate);
        WatchedResource watched = transaction.watched(resource);
        boolean isTaken = false;
        watched.asked();
        try {
            isTaken = (watched.isXa() || owner.takesLocalResources()) && delegate.enlistResource(watched);
            if (!isTaken) {
                transaction.refused();
            }
            return isTaken;
        } finally {
            watched.answered(isTaken);
        }
    }

    @Override
    public boolean delistResource(XAResource resource, int flag) throws SystemException {
        return delegate.delistResource(owner.of(delegate).watched(resource), flag);
    }

    @Override
    public int getStatus() throws SystemException {
        return delegate.getStatus();
    }

    @Override
    public void registerSynchronization(Synchronization synchronization) throws RollbackException, SystemException {
        delegate.registerSynchronization(synchronization);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HookedTransaction hooked && delegate.equals(hooked.delegate);
    }

    @Override
    public int hashCode() {
        return delegate.hashCode();
    }

    @Override
    public String toString() {
        return delegate + " with hooks";
    }
}
