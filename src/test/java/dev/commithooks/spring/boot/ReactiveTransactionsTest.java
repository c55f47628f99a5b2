package dev.commithooks.spring.boot;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.spring.SpringTransactions;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/** Spring's reactive transactions, by PostgreSQL's R2DBC driver: jOOQ calls no listener there, so hooks are refused at start. */
@Database
@NeedsRealCommits("an R2DBC driver has connections of its own")
class ReactiveTransactionsTest {

    private final TestDatabase database;
    private final String url;

    ReactiveTransactionsTest(TestDatabase database) {
        this.database = database;
        this.url = database.jdbcUrl()
                .replaceFirst(
                        "jdbc:postgresql://", "r2dbc:postgresql://" + database.user() + ":" + database.password() + "@")
                .replaceFirst("\\?.*", "");
    }

    /** An operator, as reactive applications have one. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Reactive {

        @Bean
        ConnectionFactory connectionFactory(Environment environment) {
            return ConnectionFactories.get(environment.getRequiredProperty("shop.r2dbc"));
        }

        @Bean
        ReactiveTransactionManager reactiveOne(ConnectionFactory connections) {
            return new R2dbcTransactionManager(connections);
        }

        @Bean
        TransactionalOperator operator(ReactiveTransactionManager manager) {
            return TransactionalOperator.create(manager);
        }
    }

    @Test
    void reactiveManagerAloneKeepsTheApplicationFromStarting() {
        FailureAnalysis report = Applications.reportOf(database, Reactive.class, "shop.r2dbc=" + url);

        assertThat(report.getDescription())
                .contains("the jOOQ bean 'jooqConfiguration'")
                .contains("[reactiveOne, a reactive one]");
        assertThat(report.getAction())
                .contains("define such a manager for its data source")
                .contains("Reactive managers, and what runs in a TransactionalOperator, cannot have hooks");
    }

    /** A DSLContext over R2DBC. */
    @Configuration(proxyBeanMethods = false)
    @Import(Reactive.class)
    static class OverR2dbc {

        @Bean
        PlatformTransactionManager transactionManager(DataSource dataSource) {
            return new JdbcTransactionManager(dataSource);
        }

        @Bean
        DSLContext reactive(ConnectionFactory connections) {
            return DSL.using(connections, SQLDialect.POSTGRES);
        }
    }

    @Test
    void jooqBeanOverR2dbcKeepsTheApplicationFromStarting() {
        FailureAnalysis report = Applications.reportOf(database, OverR2dbc.class, "shop.r2dbc=" + url);

        assertThat(report.getDescription()).contains("The jOOQ bean 'reactive' works over R2DBC");
        assertThat(report.getAction()).contains("Give it a JDBC data source");
    }

    @Test
    void reactiveManagerIsRefusedByItsClass() {
        SpringTransactions transactions = new SpringTransactions();
        ReactiveTransactionManager manager = new R2dbcTransactionManager(ConnectionFactories.get(url));

        assertThatThrownBy(() -> transactions.manage(manager))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("R2dbcTransactionManager is a reactive one")
                .hasMessageContaining("JdbcTransactionManager");
        assertThatThrownBy(() -> transactions.listenTo(manager)).hasMessageContaining("is a reactive one");
    }

    /** Both kinds of transactions, each with its own manager. */
    @Configuration(proxyBeanMethods = false)
    @Import(Reactive.class)
    static class Both {

        @Bean
        PlatformTransactionManager transactionManager(DataSource dataSource) {
            return new JdbcTransactionManager(dataSource);
        }

        @Bean
        @AllTables
        HookJournal told() {
            return new HookJournal();
        }
    }

    /** What jOOQ writes by JDBC is no part of it, and stays when it is rolled back: hooks say that, and not what the operator says. */
    @Test
    void writeByJdbcInAReactiveTransactionIsToldOfAsWhatItIs() {
        try (ConfigurableApplicationContext application =
                Applications.start(database, Both.class, "shop.r2dbc=" + url)) {
            DSLContext dsl = application.getBean(DSLContext.class);
            DatabaseClient reactive = DatabaseClient.create(application.getBean(ConnectionFactory.class));
            TransactionalOperator operator = application.getBean(TransactionalOperator.class);

            Mono<Void> work = reactive.sql("insert into account (owner) values ('reactive')")
                    .then()
                    .then(Mono.fromRunnable(() -> store(dsl, "by JDBC")))
                    .then(Mono.error(new IllegalStateException("rolled back")));
            assertThatThrownBy(() -> operator.transactional(work).block()).hasMessage("rolled back");

            assertThat(database.dsl().fetchValues(ACCOUNT.OWNER)).containsExactly("by JDBC");
            assertThat(application.getBean(HookJournal.class).events())
                    .containsExactly("before insert account[2]", "after insert account[2]");
        }
    }

    private static void store(DSLContext dsl, String owner) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setOwner(owner);
        account.store();
    }
}
