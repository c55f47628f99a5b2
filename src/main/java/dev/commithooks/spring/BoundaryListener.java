package dev.commithooks.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.ResourceTransactionManager;

/**
 * The last moment before COMMIT of a manager's transactions: Spring calls this after every synchronization's
 * {@code beforeCommit} and {@code beforeCompletion}. An exception from there rolls the transaction back, and reaches the caller.
 * Of nested transactions all but the rollback that succeeds.
 */
class BoundaryListener implements TransactionExecutionListener {

    private final SpringTransactions transactions;
    private final ResourceTransactionManager manager;

    BoundaryListener(SpringTransactions transactions, ResourceTransactionManager manager) {
        this.transactions = transactions;
        this.manager = manager;
    }

    SpringTransactions transactions() {
        return transactions;
    }

    @Override
    public final void beforeCommit(TransactionExecution execution) {
        SpringTransaction transaction = transactions.of(execution);
        if (transaction != null) {
            transaction.prepare(manager);
        }
    }

    @Override
    public void afterBegin(TransactionExecution execution, @Nullable Throwable failure) {
        SpringTransaction around = failure == null && execution.isNested() ? transactions.enclosing(execution) : null;
        if (around != null) {
            around.nestedBegun(execution);
        }
    }

    @Override
    public void afterCommit(TransactionExecution execution, @Nullable Throwable failure) {
        SpringTransaction around = failure == null && execution.isNested() ? transactions.enclosing(execution) : null;
        if (around != null) {
            around.nestedCommitted(execution);
        }
    }

    /** A nested transaction that could not be rolled back is there still, and must not be committed. */
    @Override
    public void afterRollback(TransactionExecution execution, @Nullable Throwable failure) {
        SpringTransaction around = failure != null && execution.isNested() ? transactions.enclosing(execution) : null;
        if (around != null) {
            around.nestedNotRolledBack();
        }
    }
}
