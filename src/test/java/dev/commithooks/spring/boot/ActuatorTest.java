package dev.commithooks.spring.boot;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.HookOverview;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.change.Inserted;
import dev.commithooks.durable.DbSchedulerDelivery;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.DeliveryLevel;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.micrometer.DeliveryMetrics;
import dev.commithooks.micrometer.HookMetrics;
import dev.commithooks.micrometer.HookObservations;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.test.simple.SimpleSpan;
import io.micrometer.tracing.test.simple.SimpleTracer;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.annotation.Transactional;

/** What an application with the actuator shows of its hooks. */
@Database
class ActuatorTest {

    private final TestDatabase database;

    ActuatorTest(TestDatabase database) {
        this.database = database;
    }

    /** The application. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Accounts.class)
    static class Application {

        @Bean
        Welcome welcome() {
            return new Welcome();
        }
    }

    /** A hook. */
    static final class Welcome implements AfterCommitHooks<AccountRecord> {

        @Override
        public void afterCommitInsert(Inserted<AccountRecord> account, HookContext ctx) {}
    }

    /** A service. */
    static class Accounts {

        private final DSLContext dsl;

        Accounts(DSLContext dsl) {
            this.dsl = dsl;
        }

        @Transactional
        public void open(String... owners) {
            for (String owner : owners) {
                AccountRecord account = dsl.newRecord(ACCOUNT);
                account.setOwner(owner);
                account.store();
                if (owner.equals("bad")) {
                    throw new IllegalArgumentException(owner);
                }
            }
        }
    }

    private ConfigurableApplicationContext start(Class<?> application, String... properties) {
        return Applications.start(database, application, properties);
    }

    @Test
    void metricsAreInTheApplicationsRegistry() {
        try (ConfigurableApplicationContext context = start(Application.class)) {
            Accounts accounts = context.getBean(Accounts.class);
            accounts.open("ann", "bob");
            accounts.open("cat");
            assertThatThrownBy(() -> accounts.open("bad")).isInstanceOf(IllegalArgumentException.class);

            MeterRegistry registry = context.getBean(MeterRegistry.class);
            Timer hook = registry.get("commithooks.hooks")
                    .tags("hook", "welcome", "table", "public.account", "outcome", "returned")
                    .timer();
            assertThat(database.journal()).hasSize(3);
            assertThat(hook.count()).isEqualTo(3);
            assertThat(registry.get("commithooks.transactions")
                            .tags("outcome", "committed")
                            .timer()
                            .count())
                    .isEqualTo(2);
            assertThat(registry.get("commithooks.transactions")
                            .tags("outcome", "rolled_back", "stage", "work")
                            .timer()
                            .count())
                    .isEqualTo(1);
            assertThat(context.getBeansOfType(DeliveryMetrics.class)).isEmpty();
        }
    }

    /** A tracer in the application. */
    @Configuration(proxyBeanMethods = false)
    static class Traced extends Application {

        @Bean
        SimpleTracer tracer() {
            return new SimpleTracer();
        }

        @Bean
        DefaultTracingObservationHandler tracing(SimpleTracer tracer) {
            return new DefaultTracingObservationHandler(tracer);
        }
    }

    @Test
    void spansOfHooksAreChildrenOfTheirTransactions() {
        try (ConfigurableApplicationContext context = start(Traced.class)) {
            context.getBean(Accounts.class).open("ann");

            Map<String, SimpleSpan> spans = context.getBean(SimpleTracer.class).getSpans().stream()
                    .collect(Collectors.toMap(SimpleSpan::getName, span -> span));
            assertThat(spans).containsOnlyKeys("transaction", "afterCommitInsert welcome");
            SimpleSpan hook = spans.get("afterCommitInsert welcome");
            assertThat(hook.context().parentId())
                    .isEqualTo(spans.get("transaction").context().spanId());
            assertThat(hook.getTags()).containsEntry("table", "public.account").containsEntry("phase", "after");
        }
    }

    /** Durable hooks in the application. */
    @Configuration(proxyBeanMethods = false)
    static class Durable extends Application {

        @Bean
        DbSchedulerDelivery delivery(DataSource dataSource) {
            return DbSchedulerDelivery.on(dataSource);
        }

        @Bean
        CommitHooksCustomizer mail(DbSchedulerDelivery delivery) {
            return builder -> builder.durable(delivery)
                    .on(ACCOUNT, HookOptions.durable("mail"), on -> on.afterCommitInsert((account, ctx) -> {}));
        }
    }

    @Test
    void gaugesOfDeliveriesAreBoundWhereThereIsADelivery() {
        try (ConfigurableApplicationContext context = start(Durable.class)) {
            context.getBean(Accounts.class).open("ann", "bob");

            MeterRegistry registry = context.getBean(MeterRegistry.class);
            Gauge waiting = registry.get("commithooks.deliveries.stored")
                    .tag("state", "waiting")
                    .gauge();
            assertThat(waiting.value()).isEqualTo(1); // one transaction, one parcel
            assertThat(registry.get("commithooks.deliveries.handed.over")
                            .tags("hook", "mail", "outcome", "committed")
                            .counter()
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void endpointShowsWhatIsRegistered() {
        try (ConfigurableApplicationContext context =
                start(Application.class, "management.endpoints.web.exposure.include=commithooks")) {
            Map<String, HookOverview> beans =
                    context.getBean(CommitHooksEndpoint.class).overviews().beans();

            assertThat(beans).containsOnlyKeys("commitHooks");
            HookOverview overview = beans.get("commitHooks");
            assertThat(overview.tables())
                    .containsExactly(new HookOverview.OnTable(
                            "public.account",
                            List.of(),
                            Map.of(
                                    "afterCommitInsert",
                                    List.of(new HookOverview.Hook(
                                            "welcome", Integer.MAX_VALUE, DeliveryLevel.IN_MEMORY)))));
            assertThat(overview.policies())
                    .containsEntry("buckets", "BUCKETED")
                    .hasEntrySatisfying(
                            "observer", observer -> assertThat(observer).contains("metrics"));
        }
        try (ConfigurableApplicationContext context =
                start(Application.class, "management.endpoints.web.exposure.include=health")) {
            assertThat(context.getBeansOfType(CommitHooksEndpoint.class)).isEmpty();
        }
    }

    @Test
    void withoutATracerNothingIsObserved() {
        ApplicationContextRunner runner = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(CommitHooksMicrometerAutoConfiguration.class))
                .withBean(ObservationRegistry.class, ObservationRegistry::create);

        runner.run(context -> assertThat(context).doesNotHaveBean(HookObservations.class));
        runner.withBean(SimpleTracer.class).run(context -> assertThat(context).hasSingleBean(HookObservations.class));
    }

    @Test
    void nothingOfMicrometerAndTheActuatorIsNeeded() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        CommitHooksMicrometerAutoConfiguration.class, CommitHooksEndpointAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader(
                        "io.micrometer.core", "io.micrometer.tracing", "org.springframework.boot.actuate"))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBeansOfType(HookMetrics.class)).isEmpty();
                    assertThat(context.getBeansOfType(CommitHooksCustomizer.class))
                            .isEmpty();
                });
    }
}
