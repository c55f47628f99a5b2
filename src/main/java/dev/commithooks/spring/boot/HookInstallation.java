package dev.commithooks.spring.boot;

import dev.commithooks.CommitHooks;
import dev.commithooks.spring.SpringTransactions;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.impl.DataSourceConnectionProvider;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;

/**
 * Puts hooks into the beans that are to have them: transaction managers, and configurations of jOOQ after the last customizer
 * has had its say.
 */
final class HookInstallation implements BeanPostProcessor {

    private final ObjectProvider<SpringTransactions> transactions;
    private final ObjectProvider<CommitHooks> hooks;
    private final boolean decorates;

    HookInstallation(
            ObjectProvider<SpringTransactions> transactions,
            ObjectProvider<CommitHooks> hooks,
            Environment environment) {
        this.transactions = transactions;
        this.hooks = hooks;
        this.decorates =
                environment.getProperty("commit-hooks.decorate-transaction-manager", Boolean.class, Boolean.TRUE);
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof PlatformTransactionManager manager && bean instanceof ResourceTransactionManager) {
            return decorates ? transactions.getObject().manage(manager) : bean;
        }
        if (bean instanceof Configuration configuration) {
            install(configuration, name);
        } else if (bean instanceof DSLContext dsl) {
            install(dsl.configuration(), name);
        }
        return bean;
    }

    private void install(Configuration configuration, String name) {
        if (hasHooks(configuration)) {
            return;
        }
        if (!(configuration.connectionProvider() instanceof DataSourceConnectionProvider provider)
                || !(provider.dataSource() instanceof TransactionAwareDataSourceProxy)) {
            throw new HookSetupException(
                    "The jOOQ bean '" + name + "' does not use Spring's connections: its statements are not part of"
                            + " @Transactional, and its hooks would be told of other transactions.",
                    "Make it of new DataSourceConnectionProvider(new TransactionAwareDataSourceProxy(dataSource)), leave it"
                            + " to Spring Boot, or attach hooks to it yourself: hooks.attachTo(...).");
        }
        hooks.getObject().install(configuration);
    }

    private static boolean hasHooks(Configuration configuration) {
        try {
            CommitHooks.current(configuration);
            return true;
        } catch (IllegalStateException none) {
            return false;
        }
    }
}
