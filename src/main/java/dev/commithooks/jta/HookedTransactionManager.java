package dev.commithooks.jta;

import jakarta.transaction.InvalidTransactionException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.UserTransaction;
import org.jspecify.annotations.Nullable;

/**
 * A transaction manager with hooks that run when a transaction is over and its connections given back. As an application's view of
 * it, a {@link UserTransaction}, it is the same.
 */
final class HookedTransactionManager implements TransactionManager, UserTransaction {

    private final TransactionManager delegate;
    private final KnownTransactions owner;

    HookedTransactionManager(TransactionManager delegate, KnownTransactions owner) {
        this.delegate = delegate;
        this.owner = owner;
    }

    @Override
    public void begin() throws NotSupportedException, SystemException {
        delegate.begin();
    }

    @Override
    public void commit() throws SystemException {
        owner.commit();
    }

    @Override
    public void rollback() throws SystemException {
        owner.end(owner.known(delegate.getTransaction()), delegate::rollback, false);
    }

    @Override
    public void setRollbackOnly() throws SystemException {
        delegate.setRollbackOnly();
        owner.marked(delegate.getTransaction());
    }

    @Override
    public int getStatus() throws SystemException {
        int status = delegate.getStatus();
        if (status != Status.STATUS_ACTIVE) {
            return status;
        }
        JtaTransaction transaction = owner.known(delegate.getTransaction());
        return transaction != null && transaction.isMarked() ? Status.STATUS_MARKED_ROLLBACK : status;
    }

    @Override
    public @Nullable Transaction getTransaction() throws SystemException {
        return hooked(delegate.getTransaction());
    }

    @Override
    public void setTransactionTimeout(int seconds) throws SystemException {
        delegate.setTransactionTimeout(seconds);
    }

    @Override
    public @Nullable Transaction suspend() throws SystemException {
        return hooked(delegate.suspend());
    }

    @Override
    public void resume(Transaction transaction) throws InvalidTransactionException, SystemException {
        delegate.resume(HookedTransaction.delegate(transaction));
    }

    private @Nullable Transaction hooked(@Nullable Transaction transaction) {
        return transaction == null ? null : new HookedTransaction(transaction, owner);
    }

    @Override
    public String toString() {
        return delegate + " with hooks";
    }
}
