package dev.commithooks.spring;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.JdbcTransactionObjectSupport;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** A transaction manager with the hooks around its begin and its end, in the interfaces that people cast it to. */
final class HookedTransactionManager implements ResourceTransactionManager, ConfigurableTransactionManager {

    private final AbstractPlatformTransactionManager delegate;
    private final SpringTransactions transactions;

    private HookedTransactionManager(AbstractPlatformTransactionManager delegate, SpringTransactions transactions) {
        this.delegate = delegate;
        this.transactions = transactions;
    }

    static PlatformTransactionManager around(TransactionManager manager, SpringTransactions transactions) {
        if (manager instanceof HookedTransactionManager hooked) {
            if (hooked.transactions == transactions) {
                return hooked;
            }
            throw new IllegalArgumentException("The transaction manager " + hooked.delegate
                    + " has commit hooks already, of other hooks: each row would"
                    + " be told of twice. Register all hooks in one CommitHooks.");
        }
        if (!(manager instanceof PlatformTransactionManager)) {
            throw new IllegalArgumentException("The transaction manager " + name(manager)
                    + " is a reactive one: jOOQ calls no listener on R2DBC, so no hook could be told. Use a JDBC data"
                    + " source and a JdbcTransactionManager.");
        }
        if (!(manager instanceof AbstractPlatformTransactionManager delegate
                && manager instanceof ResourceTransactionManager)) {
            throw new IllegalArgumentException("The transaction manager " + name(manager)
                    + " does not hold one JDBC connection a transaction, so hooks could not be told how it ends. Those of"
                    + " Spring that do are JdbcTransactionManager, DataSourceTransactionManager and"
                    + " JpaTransactionManager; JTA is not supported here.");
        }
        if (delegate.getTransactionSynchronization() == AbstractPlatformTransactionManager.SYNCHRONIZATION_NEVER) {
            throw new IllegalArgumentException("The transaction manager " + name(manager)
                    + " calls no synchronizations (SYNCHRONIZATION_NEVER), by which hooks are told of its end. Leave"
                    + " setTransactionSynchronization(...) at its default.");
        }
        return new HookedTransactionManager(delegate, transactions);
    }

    private static String name(TransactionManager manager) {
        return manager.getClass().getName();
    }

    @Override
    public TransactionStatus getTransaction(@Nullable TransactionDefinition definition) {
        TransactionStatus status = delegate.getTransaction(definition);
        ConnectionHolder holder = status.isNewTransaction() ? holder(status) : null;
        if (holder != null && TransactionSynchronizationManager.isSynchronizationActive()) {
            SpringTransaction transaction = new SpringTransaction(
                    holder, status, TransactionSynchronizationManager.getCurrentTransactionName());
            TransactionSynchronizationManager.registerSynchronization(transaction);
            transactions.begun(transaction);
        }
        return status;
    }

    private static @Nullable ConnectionHolder holder(TransactionStatus status) {
        return status instanceof DefaultTransactionStatus known
                        && known.getTransaction() instanceof JdbcTransactionObjectSupport jdbc
                        && jdbc.hasConnectionHolder()
                ? jdbc.getConnectionHolder()
                : null;
    }

    /** The transaction that ends with this status; null where that is none of its own, or has ended. */
    private @Nullable SpringTransaction ending(TransactionStatus status) {
        ConnectionHolder holder = !status.isCompleted() && status.isNewTransaction() ? holder(status) : null;
        return holder == null ? null : transactions.on(holder.getConnection());
    }

    @Override
    public void commit(TransactionStatus status) {
        SpringTransaction transaction = ending(status);
        if (transaction == null) {
            delegate.commit(status);
        } else {
            new Ending(delegate, transactions, transaction).commit();
        }
    }

    @Override
    public void rollback(TransactionStatus status) {
        SpringTransaction transaction = ending(status);
        if (transaction == null) {
            delegate.rollback(status);
        } else {
            new Ending(delegate, transactions, transaction).rollback();
        }
    }

    @Override
    public Object getResourceFactory() {
        return ((ResourceTransactionManager) delegate).getResourceFactory();
    }

    @Override
    public void setTransactionExecutionListeners(Collection<TransactionExecutionListener> listeners) {
        delegate.setTransactionExecutionListeners(listeners);
    }

    @Override
    public Collection<TransactionExecutionListener> getTransactionExecutionListeners() {
        return delegate.getTransactionExecutionListeners();
    }

    @Override
    public String toString() {
        return delegate + " with hooks";
    }
}
