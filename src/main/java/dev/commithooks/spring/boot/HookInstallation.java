package dev.commithooks.spring.boot;

import dev.commithooks.spring.SpringTransactions;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Puts hooks into the beans that are to have them: transaction managers, and configurations of jOOQ after the last customizer
 * has had its say.
 */
final class HookInstallation implements BeanPostProcessor, SmartInitializingSingleton {

    private final Supplier<SpringTransactions> transactions;
    private final JooqBeans jooqBeans;
    private final boolean decorates;

    HookInstallation(ConfigurableListableBeanFactory beans, Environment environment) {
        this.transactions = () -> beans.getBean(SpringTransactions.class);
        this.jooqBeans = new JooqBeans(beans);
        this.decorates =
                environment.getProperty("commit-hooks.decorate-transaction-manager", Boolean.class, Boolean.TRUE);
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof PlatformTransactionManager manager) {
            return SpringTransactions.suits(manager) ? managed(manager, name) : bean;
        }
        if (bean instanceof Configuration configuration) {
            jooqBeans.install(configuration, name);
        } else if (bean instanceof DSLContext dsl) {
            jooqBeans.install(dsl.configuration(), name);
        }
        return bean;
    }

    private Object managed(PlatformTransactionManager manager, String name) {
        try {
            if (decorates) {
                return transactions.get().manage(manager);
            }
            transactions.get().listenTo(manager);
            return manager;
        } catch (IllegalArgumentException refused) {
            throw new HookSetupException(
                    "The transaction manager bean '" + name + "' cannot have hooks. " + refused.getMessage(),
                    "Change the bean as it says, or switch hooks off: commit-hooks.enabled=false.");
        }
    }

    @Override
    public void afterSingletonsInstantiated() {
        jooqBeans.refuseWhatNobodyManages();
    }
}
