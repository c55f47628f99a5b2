package dev.commithooks.spring.boot;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;

import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.change.Inserted;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.HookContext;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** An application of Spring Boot with a service and two hooks. */
abstract class BootFixture {

    final TestDatabase database;

    BootFixture(TestDatabase database) {
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

    ConfigurableApplicationContext start(Class<?> application, String... properties) {
        return Applications.start(database, application, properties);
    }

    @SuppressWarnings("unchecked")
    static List<String> told(ConfigurableApplicationContext context) {
        return context.getBean("told", List.class);
    }

    List<String> owners() {
        return database.dsl()
                .select(ACCOUNT.OWNER)
                .from(ACCOUNT)
                .orderBy(ACCOUNT.ID)
                .fetch(ACCOUNT.OWNER);
    }
}
