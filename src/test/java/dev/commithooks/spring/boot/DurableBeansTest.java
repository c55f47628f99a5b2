package dev.commithooks.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.change.Inserted;
import dev.commithooks.durable.DbSchedulerDelivery;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.HookContext;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Durable hooks that are beans. */
@Database
class DurableBeansTest extends BootFixture {

    DurableBeansTest(TestDatabase database) {
        super(database);
    }

    /** The mail server. */
    static class Mailbox {

        private final BlockingQueue<String> sent = new LinkedBlockingQueue<>();

        void send(String mail) {
            sent.add(mail);
        }
    }

    // region: spring-durable
    @Component
    @Durable("welcome-mail")
    static class WelcomeMail implements AfterCommitHooks<AccountRecord> {

        private final Mailbox mailbox;

        WelcomeMail(Mailbox mailbox) {
            this.mailbox = mailbox;
        }

        @Override
        public void afterCommitInsert(Inserted<AccountRecord> account, HookContext ctx) {
            mailbox.send("welcome, " + account.row().getOwner() + ", in attempt "
                    + ctx.delivery().orElseThrow().attempt());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Deliveries {

        @Bean
        DbSchedulerDelivery delivery(DataSource dataSource) {
            return DbSchedulerDelivery.on(dataSource);
        }

        @EventListener
        void deliver(ApplicationReadyEvent ready) { // on every node that is to deliver
            ready.getApplicationContext().getBean(DbSchedulerDelivery.class).start();
        }
    }
    // endregion

    /** An application with a durable hook, which nobody delivers yet. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Accounts.class, Mailbox.class, WelcomeMail.class})
    static class Undelivered {}

    /** An application that delivers. */
    @Configuration(proxyBeanMethods = false)
    @Import({Undelivered.class, Deliveries.class})
    static class Delivered {}

    @Test
    void durableHookBeanIsCalledOutOfTheStore() throws InterruptedException {
        try (ConfigurableApplicationContext context = start(Delivered.class)) {
            BlockingQueue<String> sent = context.getBean(Mailbox.class).sent;
            context.getBean(Accounts.class).open("ann");

            assertThat(sent.poll(60, TimeUnit.SECONDS)).isEqualTo("welcome, ann, in attempt 1");
            assertThat(owners()).containsExactly("ann");
        }
    }

    @Test
    void durableHookBeanThatNobodyDelivers() {
        FailureAnalysis report = Applications.reportOf(database, Undelivered.class);

        assertThat(report.getDescription()).contains("WelcomeMail' is @Durable");
        assertThat(report.getAction()).contains("DbSchedulerDelivery.on(dataSource)");
    }
}
