package dev.commithooks.spring.boot;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.change.Inserted;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.HookContext;
import dev.commithooks.transaction.AfterCommitException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jooq.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Hooks behind proxies, generic hooks and managers of other resources in applications of Spring Boot. */
@Database
class UnusualBeansTest extends BootFixture {

    UnusualBeansTest(TestDatabase database) {
        super(database);
    }

    /** A hook behind a proxy, since it works in a transaction of its own. */
    static class Welcome implements AfterCommitHooks<AccountRecord> {

        @Override
        @Transactional(propagation = Propagation.REQUIRES_NEW)
        public void afterCommitInsert(Inserted<AccountRecord> account, HookContext ctx) {
            if (!account.row().getOwner().startsWith("welcome")) {
                AccountRecord welcome = ctx.dsl().newRecord(ACCOUNT);
                welcome.setOwner("welcome, " + account.row().getOwner());
                welcome.store();
                if (account.row().getOwner().equals("unwelcome")) {
                    throw new IllegalStateException("rolls the hook's transaction back");
                }
            }
        }
    }

    /** Its application. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Accounts.class, Welcome.class})
    static class WithProxy {}

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void hookBehindAProxyIsCalledForWhatItsClassOverrides(boolean isClassProxied) {
        try (ConfigurableApplicationContext context =
                start(WithProxy.class, "spring.aop.proxy-target-class=" + isClassProxied)) {
            assertThat(AopUtils.isCglibProxy(context.getBean(AfterCommitHooks.class)))
                    .isEqualTo(isClassProxied);
            Accounts accounts = context.getBean(Accounts.class);
            accounts.open("ann");
            assertThatThrownBy(() -> accounts.open("unwelcome")).isInstanceOf(AfterCommitException.class);

            assertThat(owners()).containsExactly("ann", "welcome, ann", "unwelcome");
            assertThat(context.getBean(CommitHooks.class).explain())
                    .contains("afterCommitInsert")
                    .doesNotContain("afterCommitUpdate")
                    .doesNotContain("afterCommitDelete");
        }
    }

    /** A manager of queues, say, beside the one of JDBC. */
    static class QueueManager extends AbstractPlatformTransactionManager implements ResourceTransactionManager {

        private static final long serialVersionUID = 1L;

        @Override
        public Object getResourceFactory() {
            return "queues";
        }

        @Override
        protected Object doGetTransaction() {
            return this;
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {}

        @Override
        protected void doCommit(DefaultTransactionStatus status) {}

        @Override
        protected void doRollback(DefaultTransactionStatus status) {}
    }

    /** An application with both. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Application.class)
    static class TwoManagers {

        @Bean
        @Primary
        PlatformTransactionManager rows(DataSource dataSource) {
            return new JdbcTransactionManager(dataSource);
        }

        @Bean
        QueueManager queues() {
            return new QueueManager();
        }
    }

    @Test
    void managerOfOtherResourcesIsLeftAlone() {
        try (ConfigurableApplicationContext context = start(TwoManagers.class)) {
            QueueManager queues = context.getBean(QueueManager.class);
            new TransactionTemplate(queues)
                    .executeWithoutResult(
                            status -> context.getBean(Accounts.class).open("ann"));

            assertThat(told(context)).containsExactly("first ann", "second ann");
        }
        assertThat(owners()).containsExactly("ann");
    }

    /** A hook class for any table. */
    record Told<R extends Record>(List<String> told) implements AfterCommitHooks<R> {

        @Override
        public void afterCommitInsert(Inserted<R> row, HookContext ctx) {
            told.add("generic " + row.row().get("owner"));
        }
    }

    /** A hook bean whose table only its method names. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Accounts.class)
    static class GenericHook {

        @Bean
        List<String> told() {
            return new ArrayList<>();
        }

        @Bean
        Told<AccountRecord> generic(List<String> told) {
            return new Told<>(told);
        }
    }

    @Test
    void genericHookTakesTheTableOfItsBeanMethod() {
        try (ConfigurableApplicationContext context = start(GenericHook.class)) {
            context.getBean(Accounts.class).open("ann");

            assertThat(told(context)).containsExactly("generic ann");
            assertThat(owners()).containsExactly("ann");
        }
    }
}
