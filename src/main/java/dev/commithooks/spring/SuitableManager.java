package dev.commithooks.spring;

import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;

/**
 * A transaction manager whose transactions are those of one JDBC connection each, as the two types that it is.
 *
 * @param manager the manager
 * @param resources the same
 * @param dataSource where its connections come from
 */
record SuitableManager(
        AbstractPlatformTransactionManager manager, ResourceTransactionManager resources, DataSource dataSource) {

    static @Nullable DataSource dataSource(TransactionManager manager) {
        if (!(manager instanceof AbstractPlatformTransactionManager
                && manager instanceof ResourceTransactionManager resources)) {
            return null;
        }
        return resources.getResourceFactory() instanceof DataSource dataSource ? dataSource : Jpa.dataSource(manager);
    }

    static SuitableManager of(TransactionManager manager) {
        refuseTwice(manager);
        DataSource dataSource = dataSource(manager);
        if (dataSource == null) {
            throw unsuitable(manager);
        }
        AbstractPlatformTransactionManager known = (AbstractPlatformTransactionManager) manager;
        if (known.getTransactionSynchronization() == AbstractPlatformTransactionManager.SYNCHRONIZATION_NEVER) {
            throw new IllegalArgumentException("The transaction manager " + name(manager)
                    + " calls no synchronizations (SYNCHRONIZATION_NEVER), by which hooks are told of its end. Leave"
                    + " setTransactionSynchronization(...) at its default.");
        }
        return new SuitableManager(known, (ResourceTransactionManager) manager, dataSource);
    }

    private static void refuseTwice(TransactionManager manager) {
        if (manager instanceof HookedTransactionManager
                || (manager instanceof AbstractPlatformTransactionManager known
                        && known.getTransactionExecutionListeners().stream()
                                .anyMatch(BoundaryListener.class::isInstance))) {
            throw new IllegalArgumentException("The transaction manager " + manager
                    + " has commit hooks already: each row would be told of twice. Register all hooks in one"
                    + " CommitHooks, and give the manager to one SpringTransactions, once.");
        }
    }

    private static IllegalArgumentException unsuitable(TransactionManager manager) {
        if (!(manager instanceof PlatformTransactionManager)) {
            return new IllegalArgumentException("The transaction manager " + name(manager)
                    + " is a reactive one: jOOQ calls no listener on R2DBC, so no hook could be told. Use a JDBC data"
                    + " source and a JdbcTransactionManager.");
        }
        return new IllegalArgumentException(
                "The transaction manager " + name(manager)
                        + " does not hold one JDBC connection a transaction, so hooks could not be told how it ends. Those of"
                        + " Spring that do are JdbcTransactionManager, DataSourceTransactionManager, and"
                        + " JpaTransactionManager with setDataSource(...). For JTA, give"
                        + " JtaTransactionManager the manager of dev.commithooks.jta.JtaTransactions, which needs nothing of this.");
    }

    private static String name(TransactionManager manager) {
        return manager.getClass().getName();
    }
}
