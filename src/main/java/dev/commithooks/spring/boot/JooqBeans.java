package dev.commithooks.spring.boot;

import dev.commithooks.CommitHooks;
import dev.commithooks.spring.SpringTransactions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jooq.Configuration;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultConfiguration;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionManager;

/** The application's jOOQ beans, in which hooks are installed, or which are refused by name. */
final class JooqBeans {

    private final ConfigurableListableBeanFactory beans;
    /** Those with hooks and their data sources, until it is known which managers there are. */
    private final Map<String, DataSource> installed = new LinkedHashMap<>();

    private boolean areManagersKnown;

    JooqBeans(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    void install(Configuration configuration, String name) {
        if (hasHooks(configuration)) {
            return;
        }
        DataSource dataSource = springsDataSource(configuration);
        if (dataSource == null) {
            throw notSprings(configuration, name);
        }
        try {
            theHooks(name).install(configuration);
        } catch (IllegalArgumentException | IllegalStateException refused) {
            if (beans.getBeanNamesForType(PlatformTransactionManager.class).length == 0) {
                throw managedByNobody(name);
            }
            throw new HookSetupException(
                    "Hooks cannot be installed in the jOOQ bean '" + name + "'. " + refused.getMessage(),
                    "A CommitHooks bean of your own is built with CommitHooks.builder().owner(springTransactions), the"
                            + " bean of that type; a Configuration of your own has the transactionProvider bean.");
        }
        if (areManagersKnown) {
            refuseUnlessManaged(name, dataSource);
        } else {
            installed.put(name, dataSource);
        }
    }

    private static boolean hasHooks(Configuration configuration) {
        try {
            CommitHooks.current(configuration);
            return true;
        } catch (IllegalStateException none) {
            return false;
        }
    }

    /** The data source whose connections are those of Spring's transactions; null where they are not. */
    private static @Nullable DataSource springsDataSource(Configuration configuration) {
        return configuration.connectionProvider() instanceof DataSourceConnectionProvider provider
                        && provider.dataSource() instanceof TransactionAwareDataSourceProxy proxy
                ? proxy.getTargetDataSource()
                : null;
    }

    private static HookSetupException notSprings(Configuration configuration, String name) {
        if (configuration.connectionFactory().getClass()
                != new DefaultConfiguration().connectionFactory().getClass()) {
            return new HookSetupException(
                    "The jOOQ bean '" + name
                            + "' works over R2DBC, where jOOQ calls no listener: no hook could be told.",
                    "Give it a JDBC data source, or make it where it is no bean.");
        }
        return new HookSetupException(
                "The jOOQ bean '" + name + "' does not use Spring's connections: its statements are not part of"
                        + " @Transactional, and its hooks would be told of other transactions.",
                "Make it of new DataSourceConnectionProvider(new TransactionAwareDataSourceProxy(dataSource)), leave it"
                        + " to Spring Boot, attach hooks to it yourself: hooks.attachTo(...), or do without: commit-hooks.enabled=false.");
    }

    private CommitHooks theHooks(String jooqBean) {
        CommitHooks only = beans.getBeanProvider(CommitHooks.class).getIfUnique();
        if (only == null) {
            throw new HookSetupException(
                    "There are several CommitHooks beans, "
                            + List.of(beans.getBeanNamesForType(CommitHooks.class)) + ", and the jOOQ bean '" + jooqBean
                            + "' can have the hooks of one.",
                    "Register all hooks in one CommitHooks, make one bean @Primary, or attach hooks to each jOOQ bean"
                            + " where it is made: hooks.attachTo(...).");
        }
        return only;
    }

    /** All managers have been made, but for those that are lazy. */
    void refuseWhatNobodyManages() {
        areManagersKnown = true;
        installed.forEach(this::refuseUnlessManaged);
        installed.clear();
    }

    private void refuseUnlessManaged(String name, DataSource dataSource) {
        SpringTransactions transactions = beans.getBean(SpringTransactions.class);
        if (!transactions.manages(dataSource)) {
            beans.getBeanProvider(PlatformTransactionManager.class).stream().forEach(made -> {});
        }
        if (!transactions.manages(dataSource)) {
            throw managedByNobody(name);
        }
    }

    private HookSetupException managedByNobody(String name) {
        return new HookSetupException(
                "No transaction manager that hooks can be told by begins transactions on the data source of the jOOQ bean '"
                        + name + "'; the managers are " + managers() + ".",
                "Give the jOOQ bean the data source of a JdbcTransactionManager, DataSourceTransactionManager or"
                        + " JpaTransactionManager bean, or define such a manager for its data source. Reactive managers,"
                        + " and what runs in a TransactionalOperator, cannot have hooks.");
    }

    private String managers() {
        return Stream.of(beans.getBeanNamesForType(TransactionManager.class))
                .map(name ->
                        name + (beans.isTypeMatch(name, PlatformTransactionManager.class) ? "" : ", a reactive one"))
                .toList()
                .toString();
    }
}
