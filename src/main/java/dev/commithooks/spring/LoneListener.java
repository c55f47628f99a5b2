package dev.commithooks.spring;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Begin and end of a manager's transactions, where the manager must not be decorated. Spring calls this while the transaction's connection
 * is held and bound: hooks run with everything unbound, and need another connection for what they do.
 */
final class LoneListener extends BoundaryListener {

    LoneListener(SpringTransactions transactions, ResourceTransactionManager manager) {
        super(transactions, manager);
    }

    @Override
    public void afterBegin(TransactionExecution execution, @Nullable Throwable failure) {
        super.afterBegin(execution, failure);
        if (failure == null && execution instanceof TransactionStatus status) {
            transactions().begun(status);
        }
    }

    /** Whether the block threw or only marked the transaction cannot be told apart here. */
    @Override
    public void beforeRollback(TransactionExecution execution) {
        SpringTransaction transaction = transactions().of(execution);
        if (transaction != null) {
            transaction.noteRollbackOnly();
        }
    }

    @Override
    public void afterCommit(TransactionExecution execution, @Nullable Throwable failure) {
        super.afterCommit(execution, failure);
        SpringTransaction transaction = transactions().of(execution);
        if (transaction != null) {
            transactions().ended(transaction);
            settle(transaction, failure);
        }
    }

    /** Of a plain rollback, or of a COMMIT that failed: then there is an exception. */
    @Override
    public void afterRollback(TransactionExecution execution, @Nullable Throwable failure) {
        super.afterRollback(execution, failure);
        SpringTransaction transaction = transactions().of(execution);
        if (transaction == null) {
            return;
        }
        transactions().ended(transaction);
        if (failure == null) {
            new Ending(transaction, LoneListener::unbound).rolledBack(null);
        } else {
            settle(transaction, failure);
        }
    }

    private static void settle(SpringTransaction transaction, @Nullable Throwable failure) {
        Throwable thrown = new Ending(transaction, LoneListener::unbound).settle(failure);
        if (thrown == null && failure != null && !transaction.isRollbackByHooks(failure)) {
            // The manager will throw in any case: let it be nothing that looks like something to retry.
            thrown = new IllegalStateException(
                    "The transaction" + transaction.title()
                            + " IS committed, as could be found out: COMMIT got no answer. Do not repeat it.",
                    failure);
        }
        Ending.rethrow(thrown, failure);
    }

    /** Runs hooks on a thread that looks as if it were in no transaction. */
    private static void unbound(Runnable hooks) {
        boolean wasActive = TransactionSynchronizationManager.isActualTransactionActive();
        Map<Object, Object> resources = new HashMap<>(TransactionSynchronizationManager.getResourceMap());
        resources.keySet().forEach(TransactionSynchronizationManager::unbindResource);
        TransactionSynchronizationManager.setActualTransactionActive(false);
        try {
            hooks.run();
        } finally {
            TransactionSynchronizationManager.setActualTransactionActive(wasActive);
            resources.forEach(TransactionSynchronizationManager::bindResource);
        }
    }
}
