package dev.commithooks.spring.boot;

import dev.commithooks.durable.DbSchedulerDelivery;
import dev.commithooks.micrometer.DeliveryMetrics;
import dev.commithooks.micrometer.HookMetrics;
import dev.commithooks.micrometer.HookObservations;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Metrics where there is a meter registry, observations where there is a tracer to take them. Each is a bean, by which a
 * {@code CommitHooks} of the application's own can have it too.
 */
@SuppressWarnings("exports") // the annotations are of modules that only those need who use it
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.tracing.MicrometerTracingAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
            "org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration"
        })
@ConditionalOnProperty(prefix = "commit-hooks", name = "enabled", matchIfMissing = true)
public class CommitHooksMicrometerAutoConfiguration {

    /** Made by Spring Boot. */
    public CommitHooksMicrometerAutoConfiguration() {}

    /** Metrics of transactions, hooks and deliveries. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    @ConditionalOnSingleCandidate(MeterRegistry.class)
    static class Metrics {

        @Bean
        @ConditionalOnMissingBean
        HookMetrics hookMetrics(MeterRegistry registry) {
            return new HookMetrics(registry);
        }

        @Bean
        CommitHooksCustomizer hookMetricsCustomizer(HookMetrics metrics) {
            return builder -> builder.observer(metrics);
        }
    }

    /** What is stored for durable hooks. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = {"io.micrometer.core.instrument.MeterRegistry", "com.github.kagkarlsson.scheduler.Scheduler"})
    @ConditionalOnSingleCandidate(DbSchedulerDelivery.class)
    static class Deliveries {

        @Bean
        @ConditionalOnMissingBean
        DeliveryMetrics deliveryMetrics(DbSchedulerDelivery delivery) {
            return new DeliveryMetrics(delivery::status);
        }
    }

    /** Spans for a tracer; without one, observations would only count once more what the metrics count. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ObservationRegistry.class)
    @ConditionalOnSingleCandidate(ObservationRegistry.class)
    @ConditionalOnBean(type = "io.micrometer.tracing.Tracer")
    static class Observations {

        @Bean
        @ConditionalOnMissingBean
        HookObservations hookObservations(ObservationRegistry registry) {
            return new HookObservations(registry);
        }

        @Bean
        CommitHooksCustomizer hookObservationsCustomizer(HookObservations observations) {
            return builder -> builder.observer(observations);
        }
    }
}
