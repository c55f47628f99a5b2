package dev.commithooks.spring.boot;

import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.transaction.PlatformTransactionManager;

/** The report of a transaction manager that is injected by its concrete class, which the one with hooks is not. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ManagerTypeFailureAnalyzer extends AbstractFailureAnalyzer<BeansException> {

    ManagerTypeFailureAnalyzer() {}

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BeansException cause) {
        Class<?> wanted = wanted(rootFailure);
        if (wanted == null
                || !PlatformTransactionManager.class.isAssignableFrom(wanted)
                || Modifier.isAbstract(wanted.getModifiers())) {
            return null;
        }
        return new FailureAnalysis(
                "A transaction manager is injected as a " + wanted.getName()
                        + ", and there is none: one with commit hooks around it is not of its own class any more.",
                "Inject it as PlatformTransactionManager, ResourceTransactionManager or ConfigurableTransactionManager; or"
                        + " set commit-hooks.decorate-transaction-manager=false, which promises less: see"
                        + " SpringTransactions.listenTo.",
                cause);
    }

    private static @Nullable Class<?> wanted(Throwable failure) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (one instanceof BeanNotOfRequiredTypeException other
                    && PlatformTransactionManager.class.isAssignableFrom(other.getActualType())) {
                return other.getRequiredType();
            }
            if (one instanceof NoSuchBeanDefinitionException none) {
                ResolvableType type = none.getResolvableType();
                return type == null ? null : type.resolve();
            }
        }
        return null;
    }
}
