package dev.commithooks.micrometer;

import dev.commithooks.row.TableName;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times transactions, hooks and deliveries in a {@link MeterRegistry}.
 *
 * <pre>{@code
 * CommitHooks.builder().observer(new HookMetrics(registry))
 * }</pre>
 *
 * <p>Tags are names of hooks, methods, tables and constants, of which an application has a fixed number: never an id, a value, or
 * the name that a transaction was given. The metrics are listed in {@code docs/OBSERVABILITY.md}. Thread-safe.
 */
public final class HookMetrics implements HookObserver {

    private static final String NONE = "none";

    private final MeterRegistry registry;
    private final Tags common;
    private final AtomicInteger active = new AtomicInteger();
    private final Map<Ending, EndingMeters> endings = new ConcurrentHashMap<>();
    private final Map<Call, CallMeters> calls = new ConcurrentHashMap<>();

    /** The durable hooks that open transactions have handed over to; written and removed on the transaction's thread. */
    private final Map<String, List<String>> handedOver = new ConcurrentHashMap<>();

    /** Metrics of one {@code CommitHooks}. */
    public HookMetrics(MeterRegistry registry) {
        this(registry, Tags.empty());
    }

    /** Metrics with tags that each of them gets, by which several {@code CommitHooks} of an application are told apart. */
    public HookMetrics(MeterRegistry registry, Iterable<Tag> tags) {
        this.registry = registry;
        this.common = Tags.of(tags);
        Gauge.builder(Metric.ACTIVE.key(), active, AtomicInteger::get)
                .description(Metric.ACTIVE.description())
                .tags(common)
                .strongReference(true)
                .register(registry);
    }

    // ---------------------------------------------------------------- transactions

    private record Ending(String outcome, String stage) {}

    private record EndingMeters(Timer duration, DistributionSummary changes) {}

    @Override
    public void transactionBegun(TransactionInfo transaction) {
        active.incrementAndGet();
    }

    @Override
    public void outcome(
            TransactionInfo transaction, Outcome outcome, @Nullable Failure failure, int changes, Duration duration) {
        active.decrementAndGet();
        String ended = name(outcome);
        Ending ending = new Ending(ended, failure == null ? NONE : lower(failure.stage()));
        EndingMeters meters = endings.computeIfAbsent(ending, this::meters);
        meters.duration().record(duration);
        meters.changes().record(changes);
        List<String> hooks = handedOver.isEmpty() ? null : handedOver.remove(transaction.id());
        if (hooks != null) {
            hooks.forEach(hook -> counter(Metric.HANDED_OVER, Tags.of("hook", hook, "outcome", ended))
                    .increment());
        }
    }

    private EndingMeters meters(Ending ending) {
        Tags outcome = Tags.of("outcome", ending.outcome());
        DistributionSummary changes = DistributionSummary.builder(Metric.CHANGES.key())
                .description(Metric.CHANGES.description())
                .baseUnit("changes")
                .tags(common.and(outcome))
                .register(registry);
        return new EndingMeters(timer(Metric.TRANSACTIONS, outcome.and("stage", ending.stage())), changes);
    }

    @Override
    public void savepoint(TransactionInfo transaction, SavepointEvent event) {
        counter(Metric.SAVEPOINTS, Tags.of("event", lower(event))).increment();
    }

    @Override
    public void cleanUpFailed(TransactionInfo transaction, Throwable failure) {
        counter(Metric.CLEAN_UP_FAILURES, Tags.empty()).increment();
    }

    @Override
    public void bypass(String table, String sql, boolean refused) {
        counter(Metric.BYPASS, Tags.of("table", table, "refused", String.valueOf(refused)))
                .increment();
    }

    // ---------------------------------------------------------------- hooks

    private record Call(String hook, String method, Optional<Table<?>> table, Phase phase, boolean threw) {}

    private record CallMeters(Timer duration, Counter changes) {}

    @Override
    public void hookFinished(HookCall call, Duration duration) {
        called(call, duration, false);
    }

    @Override
    public void hookFailed(HookCall call, Duration duration, Throwable failure) {
        called(call, duration, true);
    }

    private void called(HookCall call, Duration duration, boolean threw) {
        Call key = new Call(call.hook(), call.method(), call.table(), call.phase(), threw);
        CallMeters meters = calls.computeIfAbsent(key, this::meters);
        meters.duration().record(duration);
        meters.changes().increment(call.size());
    }

    private CallMeters meters(Call call) {
        Tags tags = Tags.of(
                "hook",
                call.hook(),
                "method",
                call.method(),
                "table",
                call.table().map(TableName::of).orElse(NONE),
                "phase",
                lower(call.phase()));
        return new CallMeters(
                timer(Metric.HOOKS, tags.and("outcome", call.threw() ? "threw" : "returned")),
                counter(Metric.HOOK_CHANGES, tags));
    }

    // ---------------------------------------------------------------- deliveries

    /** Counted when the transaction has ended: it may still be rolled back. */
    @Override
    public void handedOver(TransactionInfo transaction, String hook, int changes) {
        handedOver.computeIfAbsent(transaction.id(), id -> new ArrayList<>(1)).add(hook);
    }

    @Override
    public void delivered(DeliveryAttempt attempt, Duration duration) {
        attempted(attempt, "delivered");
        Tags hook = Tags.of("hook", attempt.hook());
        timer(Metric.DURATION, hook).record(duration);
        Duration latency = Duration.between(attempt.delivery().handedOver(), Instant.now());
        timer(Metric.LATENCY, hook).record(latency.isNegative() ? Duration.ZERO : latency);
    }

    @Override
    public void deliveryFailed(DeliveryAttempt attempt, @Nullable Throwable failure, Instant next) {
        attempted(attempt, "failed");
    }

    @Override
    public void parked(DeliveryAttempt attempt, @Nullable Throwable failure) {
        attempted(attempt, "parked");
    }

    private void attempted(DeliveryAttempt attempt, String outcome) {
        counter(Metric.ATTEMPTS, Tags.of("hook", attempt.hook(), "outcome", outcome))
                .increment();
    }

    // ---------------------------------------------------------------- meters

    private Timer timer(Metric metric, Tags tags) {
        return Timer.builder(metric.key())
                .description(metric.description())
                .tags(common.and(tags))
                .register(registry);
    }

    private Counter counter(Metric metric, Tags tags) {
        return Counter.builder(metric.key())
                .description(metric.description())
                .tags(common.and(tags))
                .register(registry);
    }

    static String name(Outcome outcome) {
        return outcome == Outcome.UNKNOWN ? "in_doubt" : lower(outcome);
    }

    static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return "metrics";
    }
}
