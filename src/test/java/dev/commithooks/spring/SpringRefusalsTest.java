package dev.commithooks.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.policy.TransactionDefaults;
import dev.commithooks.transaction.IsolationLevel;
import dev.commithooks.transaction.Propagation;
import org.jooq.SQLDialect;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What cannot be had under Spring is refused by name, before anything is sent. */
@Database
class SpringRefusalsTest {

    private final TestDatabase database;
    private final HookJournal told = new HookJournal();
    private final SpringWorld world;

    SpringRefusalsTest(TestDatabase database) {
        this.database = database;
        this.world = new SpringWorld(Managers.JDBC, database.pool(2), told);
    }

    @Test
    void transactionOfAManagerWithoutHooksIsRefused() {
        TransactionTemplate plain = new TransactionTemplate(new JdbcTransactionManager(world.dataSource));

        assertThatThrownBy(() -> plain.executeWithoutResult(status -> world.store("ann")))
                .hasStackTraceContaining("SpringTransactions.manage(...)")
                .hasStackTraceContaining("nothing was sent");

        assertThat(SpringWorld.committed(database)).isEmpty();
        assertThat(told.events()).isEmpty();
    }

    /** The manager itself has a listener of the hooks by now, and still they could not be told of its end. */
    @Test
    void managerThatWasGivenAwayIsRefused() {
        JdbcTransactionManager given = new JdbcTransactionManager(world.dataSource);
        world.spring.manage(given);

        assertThatThrownBy(() -> new TransactionTemplate(given).executeWithoutResult(status -> world.store("ann")))
                .hasStackTraceContaining("SpringTransactions.manage(...)");
        assertThatThrownBy(() -> world.spring.manage(given)).hasMessageContaining("commit hooks already");
        assertThatThrownBy(() -> world.spring.listenTo(given)).hasMessageContaining("commit hooks already");

        assertThat(SpringWorld.committed(database)).isEmpty();
        world.assertNothingIsBound();
    }

    @Test
    void managerKeepsTheInterfacesThatPeopleCastItTo() {
        assertThat(((ResourceTransactionManager) world.manager).getResourceFactory())
                .isSameAs(world.dataSource);
        assertThat(world.spring.manage(world.manager)).isSameAs(world.manager);
        assertThatThrownBy(() -> new SpringTransactions().manage(world.manager))
                .hasMessageContaining("commit hooks already");
    }

    @Test
    void jooqsOwnTransactionsOnSpringsDataSourceAreRefused() {
        assertThatThrownBy(() -> world.hooks.attachTo(new DefaultConfiguration()
                        .set(SQLDialect.POSTGRES)
                        .set(new DataSourceConnectionProvider(new TransactionAwareDataSourceProxy(world.dataSource)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SpringTransactions.provider(manager)");
    }

    @Test
    void withoutAnOwnerSpringsDataSourceIsRefused() {
        assertThatThrownBy(() -> CommitHooks.builder()
                        .registerAll(told)
                        .build()
                        .attachTo(new DefaultConfiguration()
                                .set(SQLDialect.POSTGRES)
                                .set(new DataSourceConnectionProvider(
                                        new TransactionAwareDataSourceProxy(world.dataSource)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SpringTransactions");
    }

    @Test
    void optionsThatSpringWouldNotKnowOfAreRefused() {
        Transactions plain = Transactions.with(world.dsl);

        assertThatThrownBy(() -> plain.isolation(IsolationLevel.SERIALIZABLE).run(tx -> world.store("ann")))
                .hasMessageContaining("isolation(")
                .hasMessageContaining("@Transactional");
        assertThatThrownBy(() -> plain.retry(RetryPolicy.attempts(3)).run(tx -> world.store("ann")))
                .hasMessageContaining("retry(");
        assertThatThrownBy(() -> world.template()
                        .executeWithoutResult(status ->
                                plain.propagation(Propagation.REQUIRES_NEW).run(tx -> world.store("ann"))))
                .hasMessageContaining("REQUIRES_NEW");
        assertThatThrownBy(() -> plain.name("payday").run(tx -> world.store("ann")))
                .hasMessageContaining("name(payday)")
                .hasMessageContaining("TransactionTemplate.setName(...)");
        assertThatThrownBy(() -> plain.readOnly().run(tx -> world.store("ann"))).hasMessageContaining("readOnly()");
        assertThatThrownBy(() -> plain.deferrable().run(tx -> world.store("ann")))
                .hasMessageContaining("deferrable()");
        assertThatThrownBy(() -> world.template()
                        .executeWithoutResult(
                                status -> plain.propagation(Propagation.NEVER).run(tx -> world.store("ann"))))
                .hasMessageContaining("NEVER");
        assertThatThrownBy(() -> plain.propagation(Propagation.MANDATORY).run(tx -> world.store("ann")))
                .hasMessageContaining("MANDATORY");
        assertThatThrownBy(() -> world.hooks.open(world.dsl)).hasMessageContaining("TransactionTemplate");

        assertThat(SpringWorld.committed(database)).isEmpty();
    }

    @Test
    void defaultsThatSpringWouldNotKnowOfAreRefused() {
        assertThatThrownBy(() -> new SpringWorld(
                        Managers.JDBC,
                        world.dataSource,
                        told,
                        builder -> builder.transactionDefaults(
                                TransactionDefaults.none().isolation(IsolationLevel.SERIALIZABLE))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("transactionDefaults(isolation serializable")
                .hasMessageContaining("@Transactional(isolation");
    }

    @Test
    void managerWithoutAJdbcConnectionIsRefused() {
        JpaTransactionManager withoutDataSource = new JpaTransactionManager();
        withoutDataSource.setEntityManagerFactory(
                Hibernate.manager(world.dataSource).getEntityManagerFactory());

        assertThat(SpringTransactions.suits(withoutDataSource)).isFalse();
        assertThatThrownBy(() -> world.spring.manage(withoutDataSource))
                .hasMessageContaining("JpaTransactionManager with setDataSource(...)");
    }

    @Test
    void namedBlockThatJoinsLeavesTheNameAlone() {
        TransactionTemplate named = world.template();
        named.setName("payroll");

        named.executeWithoutResult(status -> Transactions.with(world.dsl)
                .propagation(Propagation.REQUIRED)
                .name("payday")
                .run(tx -> {
                    world.store("ann");
                    assertThat(CommitHooks.current(tx).info().name()).contains("payroll");
                }));

        assertThat(world.told("after")).containsExactlyElementsOf(SpringWorld.committed(database));
    }

    @Test
    void plainTransactionsAreSprings() {
        world.template().executeWithoutResult(status -> {
            Transactions.with(world.dsl)
                    .propagation(Propagation.MANDATORY)
                    .run(tx -> SpringWorld.store(tx.dsl(), "joined"));
            Transactions.with(world.dsl).run(tx -> SpringWorld.store(tx.dsl(), "nested"));
        });
        Transactions.with(world.dsl).run(tx -> SpringWorld.store(tx.dsl(), "of its own"));

        assertThat(world.told("after")).hasSize(3).containsExactlyElementsOf(SpringWorld.committed(database));
    }
}
