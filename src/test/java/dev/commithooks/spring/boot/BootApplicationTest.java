package dev.commithooks.spring.boot;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.change.Inserted;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.HookContext;
import dev.commithooks.transaction.AfterCommitException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** A real application of Spring Boot's with hook beans, started on a real database. */
@Database
class BootApplicationTest {

    private final TestDatabase database;

    BootApplicationTest(TestDatabase database) {
        this.database = database;
    }

    /** The application. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Accounts.class, Second.class, First.class})
    static class Application {

        @Bean
        List<String> told() {
            return new ArrayList<>();
        }

        @Bean
        @AllTables
        HookJournal journal() {
            return new HookJournal();
        }
    }

    /** A service. */
    static class Accounts {

        private final DSLContext dsl;

        Accounts(DSLContext dsl) {
            this.dsl = dsl;
        }

        private void store(String owner) {
            AccountRecord account = dsl.newRecord(ACCOUNT);
            account.setOwner(owner);
            account.store();
        }

        @Transactional
        public void open(String... owners) {
            for (String owner : owners) {
                store(owner);
            }
        }

        @Transactional
        public void openAndFail(String owner) {
            store(owner);
            throw new IllegalArgumentException(owner);
        }

        @Transactional
        public void openInPart(String kept, String undone) {
            store(kept);
            try {
                dsl.transaction(tx -> {
                    store(undone);
                    throw new IllegalArgumentException(undone);
                });
            } catch (IllegalArgumentException swallowed) {
                // the savepoint is rolled back
            }
        }

        @Transactional(propagation = Propagation.NOT_SUPPORTED)
        public void openWithoutTransaction(String owner) {
            store(owner);
        }
    }

    /** A hook whose table is that of its type argument. */
    @Order(2)
    record Second(List<String> told) implements AfterCommitHooks<AccountRecord> {

        @Override
        public void afterCommitInsert(Inserted<AccountRecord> account, HookContext ctx) {
            told.add("second " + account.row().getOwner());
            if (account.row().getOwner().equals("bad")) {
                throw new IllegalStateException("no mail for the bad");
            }
        }
    }

    /** Another one, that comes before. */
    @Order(1)
    record First(List<String> told) implements AfterCommitHooks<AccountRecord> {

        @Override
        public void afterCommitInsert(Inserted<AccountRecord> account, HookContext ctx) {
            told.add("first " + account.row().getOwner());
        }
    }

    private ConfigurableApplicationContext start(Class<?> application, String... properties) {
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        DataSource pool = database.pool(2);
        return new SpringApplicationBuilder(application)
                .properties(properties)
                .properties("spring.flyway.enabled=false", "spring.main.banner-mode=off")
                .initializers((ApplicationContextInitializer<GenericApplicationContext>)
                        context -> context.registerBean("dataSource", DataSource.class, () -> pool))
                .run();
    }

    @SuppressWarnings("unchecked")
    private static List<String> told(ConfigurableApplicationContext context) {
        return context.getBean("told", List.class);
    }

    @Test
    void hookBeansAreToldWhatTheDatabaseHolds() {
        try (ConfigurableApplicationContext context = start(Application.class)) {
            Accounts accounts = context.getBean(Accounts.class);

            accounts.open("ann", "bob");
            assertThatThrownBy(() -> accounts.openAndFail("cat")).isInstanceOf(IllegalArgumentException.class);
            accounts.openInPart("dan", "eve");
            accounts.openWithoutTransaction("fay");

            assertThat(owners()).containsExactly("ann", "bob", "dan", "fay");
            assertThat(told(context))
                    .containsExactlyInAnyOrder(
                            "first ann",
                            "first bob",
                            "second ann",
                            "second bob",
                            "first dan",
                            "second dan",
                            "first fay",
                            "second fay");
            assertThat(told(context).indexOf("first ann"))
                    .isLessThan(told(context).indexOf("second ann"));
            assertThat(context.getBean(HookJournal.class).events())
                    .contains("failed WORK insert account[3]", "failed SAVEPOINT insert account[5]");
            assertThat(context.getBean(CommitHooks.class).explain())
                    .contains("$First (order 1)", "$Second (order 2)", "journal");
        }
    }

    @Test
    void exceptionOfAnAfterHookReachesTheCallerOfTheService() {
        try (ConfigurableApplicationContext context = start(Application.class)) {
            assertThatThrownBy(() -> context.getBean(Accounts.class).open("bad"))
                    .isInstanceOf(AfterCommitException.class);
        }
        assertThat(owners()).containsExactly("bad");
    }

    @Test
    void propertiesArePolicies() {
        try (ConfigurableApplicationContext context = start(
                Application.class, "commit-hooks.after-commit-errors=log", "commit-hooks.outside-transaction=reject")) {
            Accounts accounts = context.getBean(Accounts.class);

            accounts.open("bad");
            assertThatThrownBy(() -> accounts.openWithoutTransaction("fay")).hasStackTraceContaining("REJECT");
        }
        assertThat(owners()).containsExactly("bad");
    }

    @Test
    void nothingIsInstalledWhenSwitchedOff() {
        try (ConfigurableApplicationContext context = start(Application.class, "commit-hooks.enabled=false")) {
            context.getBean(Accounts.class).open("ann");

            assertThat(told(context)).isEmpty();
            assertThat(context.getBeansOfType(CommitHooks.class)).isEmpty();
        }
        assertThat(owners()).containsExactly("ann");
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
    void hookBeanWithoutATableIsReportedByName() {
        assertThatThrownBy(() -> start(WithoutTable.class).close())
                .hasStackTraceContaining("hook bean 'audit'")
                .hasStackTraceContaining("@AllTables");

        FailureAnalysis analysis =
                new HookSetupFailureAnalyzer().analyze(new HookSetupException("What is wrong.", "What to do."));
        assertThat(analysis.getDescription()).isEqualTo("What is wrong.");
        assertThat(analysis.getAction()).isEqualTo("What to do.");
    }

    /** A configuration of jOOQ's past Spring. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class PlainDataSource {

        @Bean
        DSLContext plain(DataSource dataSource) {
            return DSL.using(dataSource, org.jooq.SQLDialect.POSTGRES);
        }
    }

    @Test
    void jooqBeanPastSpringsTransactionsIsReportedByName() {
        assertThatThrownBy(() -> start(PlainDataSource.class).close())
                .hasStackTraceContaining("The jOOQ bean 'plain'")
                .hasStackTraceContaining("TransactionAwareDataSourceProxy");
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
    void managerInjectedByItsClassIsReported() {
        assertThatThrownBy(() -> start(ConcreteManager.class).close()).satisfies(failure -> {
            FailureAnalysis analysis = new ManagerTypeFailureAnalyzer().analyze(failure);
            assertThat(analysis).isNotNull();
            assertThat(analysis.getDescription()).contains("DataSourceTransactionManager");
        });
        start(ConcreteManager.class, "commit-hooks.decorate-transaction-manager=false")
                .close();
    }

    private List<String> owners() {
        return database.dsl()
                .select(ACCOUNT.OWNER)
                .from(ACCOUNT)
                .orderBy(ACCOUNT.ID)
                .fetch(ACCOUNT.OWNER);
    }
}
