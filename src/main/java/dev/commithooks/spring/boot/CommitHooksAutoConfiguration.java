package dev.commithooks.spring.boot;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.spi.DurableDelivery;
import dev.commithooks.spring.SpringTransactions;
import org.jooq.DSLContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/**
 * Hook beans at work: a {@link CommitHooks} of all of them, unless the application has one of its own, which then needs the
 * {@link SpringTransactions} bean as its owner.
 */
@SuppressWarnings("exports") // the annotations are of modules that only those need who use it
@AutoConfiguration(
        beforeName = {
            "org.springframework.boot.autoconfigure.jooq.JooqAutoConfiguration",
            "org.springframework.boot.jooq.autoconfigure.JooqAutoConfiguration"
        })
@ConditionalOnClass({DSLContext.class, TransactionAwareDataSourceProxy.class})
@ConditionalOnProperty(prefix = "commit-hooks", name = "enabled", matchIfMissing = true)
@EnableConfigurationProperties(CommitHooksProperties.class)
public class CommitHooksAutoConfiguration {

    /** Made by Spring Boot. */
    public CommitHooksAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    static SpringTransactions springTransactions() {
        return new SpringTransactions();
    }

    @Bean
    @ConditionalOnMissingBean
    CommitHooks commitHooks(
            SpringTransactions transactions,
            CommitHooksProperties properties,
            ConfigurableListableBeanFactory beans,
            ObjectProvider<CommitHooksCustomizer> customizers) {
        CommitHooksBuilder builder = CommitHooks.builder().owner(transactions);
        apply(properties, builder);
        HookBeans hookBeans = new HookBeans(beans);
        hookBeans.registerIn(builder);
        DurableDelivery delivery = hookBeans.delivery();
        if (delivery != null) {
            builder.durable(delivery);
        }
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return builder.build();
    }

    private static void apply(CommitHooksProperties properties, CommitHooksBuilder builder) {
        if (properties.getBuckets() != null) {
            builder.buckets(properties.getBuckets());
        }
        if (properties.getOutsideTransaction() != null) {
            builder.outsideTransaction(properties.getOutsideTransaction());
        }
        if (properties.getBypass() != null) {
            builder.bypass(properties.getBypass());
        }
        if (properties.getAfterCommitErrors() != null) {
            builder.afterCommitErrors(properties.getAfterCommitErrors().policy());
        }
    }

    @Bean
    static BeanPostProcessor commitHooksInstallation(ConfigurableListableBeanFactory beans, Environment environment) {
        return new HookInstallation(beans, environment);
    }
}
