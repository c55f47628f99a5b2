package dev.commithooks.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.durable.DbSchedulerDelivery;
import dev.commithooks.durable.DeliveryStatus;
import dev.commithooks.durable.ParkedDelivery;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.fixture.Waiting;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;

/** Deliveries and their store in a registry, next to the rows in the database. */
@Database
class DeliveryMetricsTest extends MetricsFixture {

    DeliveryMetricsTest(TestDatabase database) {
        super(database);
    }

    @Test
    void deliveriesAreCountedFromTheHandOverToTheirEnd() {
        try (DbSchedulerDelivery delivery = delivery()) {
            new DeliveryMetrics(delivery::status, Duration.ZERO).bindTo(registry);

            workDurably(delivery);

            assertThat(database.journal()).hasSize(2); // ann and bad, of whom nothing can be delivered
            assertThat(counted(Metric.HANDED_OVER, "hook", "mail", "outcome", "committed"))
                    .isEqualTo(2);
            assertThat(counted(Metric.HANDED_OVER, "hook", "mail", "outcome", "rolled_back"))
                    .isEqualTo(1);
            assertThat(counted(Metric.ATTEMPTS, "hook", "mail", "outcome", "delivered"))
                    .isEqualTo(1);
            assertThat(counted(Metric.ATTEMPTS, "hook", "mail", "outcome", "failed"))
                    .isEqualTo(1);
            assertThat(counted(Metric.ATTEMPTS, "hook", "mail", "outcome", "parked"))
                    .isEqualTo(1);
            assertThat(timed(Metric.DURATION, "hook", "mail")).isEqualTo(1);
            assertThat(registry.get(Metric.LATENCY.key()).timer().totalTime(TimeUnit.MILLISECONDS))
                    .isPositive();
            assertThat(stored("parked")).isEqualTo(1);
            assertThat(stored("waiting") + stored("running") + stored("retrying"))
                    .isZero();

            ParkedDelivery parked = delivery.parked().get(0);
            assertThat(delivery.drop(parked)).isTrue();
            assertThat(stored("parked")).isZero();
        }
    }

    @Test
    void oldestGrowsOlderWhileNobodyDelivers() {
        try (DbSchedulerDelivery delivery = delivery()) {
            new DeliveryMetrics(delivery::status, Duration.ZERO).bindTo(registry);
            assertThat(oldest()).isZero();

            durable(delivery).transaction(tx -> author(tx, "ann"));

            Waiting.until(() -> oldest() > 0);
            assertThat(stored("waiting")).isEqualTo(1);
        }
    }

    private double oldest() {
        return registry.get(Metric.OLDEST.key()).timeGauge().value();
    }

    @Test
    void storeIsAskedOnceForAllGaugesAndHasNoValueWhenItDoesNotAnswer() {
        AtomicInteger asked = new AtomicInteger();
        new DeliveryMetrics(() -> {
                    asked.incrementAndGet();
                    return new DeliveryStatus(
                            3, 2, 1, 4, Optional.of(Instant.now().minusSeconds(60)));
                })
                .bindTo(registry);

        assertThat(stored("waiting")).isEqualTo(3);
        assertThat(stored("running")).isEqualTo(2);
        assertThat(stored("retrying")).isEqualTo(1);
        assertThat(stored("parked")).isEqualTo(4);
        assertThat(oldest()).isBetween(59.0, 90.0);
        assertThat(asked).hasValue(1);

        SimpleMeterRegistry other = new SimpleMeterRegistry();
        new DeliveryMetrics(() -> {
                    throw new DataAccessException("the store is gone");
                })
                .bindTo(other);
        assertThat(other.get(Metric.OLDEST.key()).timeGauge().value()).isNaN();
    }
}
