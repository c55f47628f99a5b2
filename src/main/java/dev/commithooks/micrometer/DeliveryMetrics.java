package dev.commithooks.micrometer;

import dev.commithooks.durable.DeliveryStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Gauges of what is stored for durable hooks, of all nodes: how many parcels wait, run, are retried or parked, and for how long the
 * longest waiting one has been due.
 *
 * <pre>{@code
 * new DeliveryMetrics(delivery::status).bindTo(registry)
 * }</pre>
 *
 * <p>The store is asked by a statement, at most once in ten seconds. Where it does not answer, the gauges have no value. Thread-safe.
 */
public final class DeliveryMetrics implements MeterBinder {

    private static final System.Logger LOG = System.getLogger("dev.commithooks");
    private static final Duration FRESH = Duration.ofSeconds(10);

    private final Supplier<DeliveryStatus> status;
    private final long freshNanos;
    /** The last answer, null when there was none; with the time it came, guarded by this. */
    private @Nullable DeliveryStatus known;

    private long askedAtNanos;
    private boolean isAsked;

    /** Gauges of the deliveries whose status this is, {@code DbSchedulerDelivery::status} for instance. */
    public DeliveryMetrics(Supplier<DeliveryStatus> status) {
        this(status, FRESH);
    }

    /** Gauges that ask again when the last answer is older than this. */
    public DeliveryMetrics(Supplier<DeliveryStatus> status, Duration fresh) {
        this.status = status;
        this.freshNanos = fresh.toNanos();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        stored(registry, "waiting", DeliveryStatus::waiting);
        stored(registry, "running", DeliveryStatus::running);
        stored(registry, "retrying", DeliveryStatus::retrying);
        stored(registry, "parked", DeliveryStatus::parked);
        TimeGauge.builder(
                        Metric.OLDEST.key(),
                        this,
                        TimeUnit.MILLISECONDS,
                        metrics -> metrics.value(DeliveryMetrics::oldestMillis))
                .description(Metric.OLDEST.description())
                .strongReference(true)
                .register(registry);
    }

    private void stored(MeterRegistry registry, String state, ToDoubleFunction<DeliveryStatus> count) {
        Gauge.builder(Metric.STORED.key(), this, metrics -> metrics.value(count))
                .description(Metric.STORED.description())
                .tag("state", state)
                .strongReference(true)
                .register(registry);
    }

    private static double oldestMillis(DeliveryStatus status) {
        return status.oldestDue()
                .map(due -> Math.max(0, Duration.between(due, Instant.now()).toMillis()))
                .orElse(0L);
    }

    private double value(ToDoubleFunction<DeliveryStatus> part) {
        DeliveryStatus current = current();
        return current == null ? Double.NaN : part.applyAsDouble(current);
    }

    private synchronized @Nullable DeliveryStatus current() {
        long now = System.nanoTime();
        if (!isAsked || now - askedAtNanos >= freshNanos) {
            isAsked = true;
            known = ask();
            askedAtNanos = System.nanoTime();
        }
        return known;
    }

    private @Nullable DeliveryStatus ask() {
        try {
            return status.get();
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The gauges of durable hooks have no value: the store did not answer",
                    e);
            return null;
        }
    }
}
