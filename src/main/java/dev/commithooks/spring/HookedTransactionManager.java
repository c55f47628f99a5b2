package dev.commithooks.spring;

import dev.commithooks.spi.Boundary;
import dev.commithooks.transaction.TransactionAbortedException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A transaction manager with hooks that run when a transaction is over and its connection given back, in the interfaces that people
 * cast it to.
 */
final class HookedTransactionManager implements ResourceTransactionManager, ConfigurableTransactionManager {

    private static final TransactionDefinition OUTSIDE =
            new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);

    private final AbstractPlatformTransactionManager delegate;
    private final BoundaryListener listener;

    HookedTransactionManager(AbstractPlatformTransactionManager delegate, BoundaryListener listener) {
        this.delegate = delegate;
        this.listener = listener;
        delegate.addListener(listener);
    }

    boolean belongsTo(SpringTransactions transactions) {
        return listener.transactions() == transactions;
    }

    @Override
    public TransactionStatus getTransaction(@Nullable TransactionDefinition definition) {
        TransactionStatus status = delegate.getTransaction(definition);
        listener.transactions().begun(status);
        return status;
    }

    @Override
    public void commit(TransactionStatus status) {
        SpringTransaction transaction = listener.transactions().of(status);
        if (transaction == null) {
            commitPart(status);
            return;
        }
        transaction.noteRollbackOnly();
        Throwable failure = end(transaction, () -> delegate.commit(status));
        Ending.rethrow(new Ending(transaction, this::outsideOfOthers).settle(failure), null);
    }

    /**
     * Ends a block that has joined a transaction, or is nested in one. Spring would release a savepoint in a transaction that an
     * error has aborted, which fails, and give up the whole of it.
     */
    private void commitPart(TransactionStatus status) {
        Boundary around = listener.transactions().around(status);
        if (around == null) {
            delegate.commit(status);
        } else if (status.isRollbackOnly()) {
            delegate.commit(status);
            around.deliverRolledBack();
        } else if (around.isAborted()) {
            TransactionAbortedException aborted = new TransactionAbortedException(
                    "A nested transaction IS rolled back: an error of a statement had aborted it and was swallowed. Let"
                            + " the exception out of it.",
                    null);
            rollBackPart(status, aborted);
            throw aborted;
        } else {
            delegate.commit(status);
        }
    }

    @Override
    public void rollback(TransactionStatus status) {
        rollback(status, null);
    }

    /**
     * Rolls back.
     *
     * @param cause the exception that it is for; null where nobody says
     */
    void rollback(TransactionStatus status, @Nullable Throwable cause) {
        SpringTransaction transaction = listener.transactions().of(status);
        if (transaction == null) {
            rollBackPart(status, cause);
            return;
        }
        transaction.lookForItsEnd();
        Throwable failure = end(transaction, () -> delegate.rollback(status));
        transaction.noteFailure();
        new Ending(transaction, this::outsideOfOthers).rolledBack(cause);
        Ending.rethrow(failure, null);
    }

    private void rollBackPart(TransactionStatus status, @Nullable Throwable cause) {
        Boundary around = listener.transactions().around(status);
        delegate.rollback(status);
        if (around != null) {
            Ending.ofPart(around, cause);
        }
    }

    /** Ends a transaction; what that threw, null for nothing. */
    private @Nullable Throwable end(SpringTransaction transaction, Runnable end) {
        try {
            end.run();
            return null;
        } catch (Throwable failure) {
            return failure;
        } finally {
            listener.transactions().ended(transaction);
        }
    }

    /** Hooks are outside of the transaction that was suspended for theirs and is resumed by now. */
    private void outsideOfOthers(Runnable hooks) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            hooks.run();
            return;
        }
        TransactionStatus outside = delegate.getTransaction(OUTSIDE);
        try {
            hooks.run();
        } finally {
            delegate.commit(outside);
        }
    }

    @Override
    public Object getResourceFactory() {
        return ((ResourceTransactionManager) delegate).getResourceFactory();
    }

    @Override
    public void setTransactionExecutionListeners(Collection<TransactionExecutionListener> listeners) {
        delegate.setTransactionExecutionListeners(listeners);
        delegate.addListener(listener);
    }

    @Override
    public Collection<TransactionExecutionListener> getTransactionExecutionListeners() {
        return delegate.getTransactionExecutionListeners().stream()
                .filter(other -> other != listener)
                .toList();
    }

    @Override
    public String toString() {
        return delegate + " with hooks";
    }
}
