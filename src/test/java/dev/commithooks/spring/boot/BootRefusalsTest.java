package dev.commithooks.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.change.Inserted;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.HookContext;
import dev.commithooks.spring.SpringTransactions;
import java.util.Map;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.scheduling.annotation.Async;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;

/** What hooks cannot be set up with keeps the application from starting, in a report that names the bean and the way out. */
@Database
class BootRefusalsTest {

    private final TestDatabase database;

    BootRefusalsTest(TestDatabase database) {
        this.database = database;
    }

    private FailureAnalysis reportOf(Class<?> application) {
        return Applications.reportOf(database, application);
    }

    /** A hook bean of no table. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class WithoutTable {

        @Bean
        AfterCommitHooks<Record> audit() {
            return new HookJournal();
        }
    }

    @Test
    void hookBeanWithoutATable() {
        FailureAnalysis report = reportOf(WithoutTable.class);

        assertThat(report.getDescription()).contains("hook bean 'audit'");
        assertThat(report.getAction()).contains("@AllTables");
    }

    /** A hook that is to run some time. */
    static class Mail implements AfterCommitHooks<AccountRecord> {

        @Async
        @Override
        public void afterCommitInsert(Inserted<AccountRecord> account, HookContext ctx) {}
    }

    /** A hook of which another method is to run some time. */
    static class Search implements AfterCommitHooks<AccountRecord> {

        @Override
        public void afterCommitInsert(Inserted<AccountRecord> account, HookContext ctx) {}

        @Async
        void index() {}
    }

    /** A hook bean that is asynchronous. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Asynchronous {

        @Bean
        Search search() {
            return new Search();
        }

        @Bean
        Mail mail() {
            return new Mail();
        }
    }

    @Test
    void asynchronousHookBean() {
        FailureAnalysis report = reportOf(Asynchronous.class);

        assertThat(report.getDescription()).contains("hook bean 'mail' is @Async");
        assertThat(report.getAction()).contains("@Durable");
    }

    /** Hooks that are all to run some time. */
    @Async
    static class Newsletter implements AfterCommitHooks<AccountRecord> {}

    /** A hook bean of a class that is asynchronous. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class AsynchronousClass {

        @Bean
        Newsletter newsletter() {
            return new Newsletter();
        }
    }

    @Test
    void hookBeanOfAnAsynchronousClass() {
        assertThat(reportOf(AsynchronousClass.class).getDescription()).contains("hook bean 'newsletter' is @Async");
    }

    /** Two sets of hooks for one jOOQ. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class TwoSets {

        @Bean
        CommitHooks one(SpringTransactions transactions) {
            return CommitHooks.builder().owner(transactions).build();
        }

        @Bean
        CommitHooks other(SpringTransactions transactions) {
            return CommitHooks.builder().owner(transactions).build();
        }
    }

    @Test
    void twoCommitHooks() {
        FailureAnalysis report = reportOf(TwoSets.class);

        assertThat(report.getDescription()).contains("[one, other]").contains("'jooqConfiguration'");
        assertThat(report.getAction()).contains("@Primary");
    }

    /** Hooks of the application's own that do not know Spring. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class WithoutOwner {

        @Bean
        CommitHooks hooks() {
            return CommitHooks.builder().registerAll(new HookJournal()).build();
        }
    }

    @Test
    void commitHooksWithoutAnOwner() {
        FailureAnalysis report = reportOf(WithoutOwner.class);

        assertThat(report.getDescription()).contains("'jooqConfiguration'");
        assertThat(report.getAction()).contains("owner(springTransactions)");
    }

    /** A DSLContext past Spring. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class PlainDataSource {

        @Bean
        DSLContext plain(DataSource dataSource) {
            return DSL.using(dataSource, SQLDialect.POSTGRES);
        }
    }

    @Test
    void jooqBeanPastSpringsTransactions() {
        FailureAnalysis report = reportOf(PlainDataSource.class);

        assertThat(report.getDescription()).contains("The jOOQ bean 'plain'");
        assertThat(report.getAction()).contains("TransactionAwareDataSourceProxy");
    }

    /** A DSLContext on a data source that has no manager. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class OtherDataSource {

        @Bean
        DSLContext other(DataSource dataSource, PlatformTransactionManager manager) {
            return new DefaultConfiguration()
                    .set(SQLDialect.POSTGRES)
                    .set(SpringTransactions.provider(manager))
                    .set(new DataSourceConnectionProvider(
                            new TransactionAwareDataSourceProxy(new DelegatingDataSource(dataSource))))
                    .dsl();
        }
    }

    @Test
    void jooqBeanOnADataSourceThatIsNotTheManagers() {
        FailureAnalysis report = reportOf(OtherDataSource.class);

        assertThat(report.getDescription()).contains("the jOOQ bean 'other'").contains("[transactionManager]");
        assertThat(report.getAction()).contains("JdbcTransactionManager");
    }

    /** A manager that tells nobody. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class SilentManager {

        @Bean
        PlatformTransactionManager silent(DataSource dataSource) {
            JdbcTransactionManager manager = new JdbcTransactionManager(dataSource);
            manager.setTransactionSynchronization(AbstractPlatformTransactionManager.SYNCHRONIZATION_NEVER);
            return manager;
        }
    }

    @Test
    void managerThatCallsNoSynchronizations() {
        FailureAnalysis report = reportOf(SilentManager.class);

        assertThat(report.getDescription()).contains("manager bean 'silent'").contains("SYNCHRONIZATION_NEVER");
    }

    /** A manager that is injected by its class. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class ConcreteManager {

        @Bean
        Map<String, DataSourceTransactionManager> holder(DataSourceTransactionManager transactionManager) {
            return Map.of("it", transactionManager);
        }
    }

    @Test
    void managerInjectedByItsClass() {
        FailureAnalysis report = reportOf(ConcreteManager.class);

        assertThat(report.getDescription()).contains("DataSourceTransactionManager");
        assertThat(report.getAction()).contains("commit-hooks.decorate-transaction-manager=false");
        Applications.start(database, ConcreteManager.class, "commit-hooks.decorate-transaction-manager=false")
                .close();
    }
}
