package dev.commithooks.jta;

import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * A manager's registry in which interposed synchronizations hear of each end. Atomikos' own forgets them in a transaction that is
 * rolled back: a pool would not get its connection back.
 */
final class HookedRegistry implements TransactionSynchronizationRegistry {

    private final TransactionSynchronizationRegistry delegate;
    private final KnownTransactions owner;

    HookedRegistry(TransactionSynchronizationRegistry delegate, KnownTransactions owner) {
        this.delegate = delegate;
        this.owner = owner;
    }

    @Override
    public void registerInterposedSynchronization(Synchronization synchronization) {
        JtaTransaction transaction = owner.tellsInterposedOfRollbacks() ? null : owner.ofThread();
        if (transaction == null) {
            delegate.registerInterposedSynchronization(synchronization);
        } else {
            delegate.registerInterposedSynchronization(new Before(synchronization));
            transaction.tellsOfItsEnd(synchronization);
        }
    }

    /** What one does before the end. */
    private record Before(Synchronization whole) implements Synchronization {

        @Override
        public void beforeCompletion() {
            whole.beforeCompletion();
        }

        @Override
        public void afterCompletion(int status) {}
    }

    @Override
    public @Nullable Object getTransactionKey() {
        return delegate.getTransactionKey();
    }

    @Override
    public void putResource(Object key, @Nullable Object value) {
        delegate.putResource(key, value);
    }

    @Override
    public @Nullable Object getResource(Object key) {
        return delegate.getResource(key);
    }

    @Override
    public int getTransactionStatus() {
        return delegate.getTransactionStatus();
    }

    @Override
    public void setRollbackOnly() {
        delegate.setRollbackOnly();
        JtaTransaction transaction = owner.onThread();
        if (transaction != null) {
            transaction.marked();
        }
    }

    @Override
    public boolean getRollbackOnly() {
        return delegate.getRollbackOnly();
    }

    @Override
    public String toString() {
        return delegate + " with hooks";
    }
}
