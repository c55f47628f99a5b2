package dev.commithooks.jfr;

import dev.commithooks.change.StatementSummary;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jdk.jfr.EventType;
import org.jspecify.annotations.Nullable;

/**
 * Emits events of Java Flight Recorder: {@code dev.commithooks.Transaction} for each top-level transaction, and
 * {@code dev.commithooks.Hook} for each call of a hook or callback. Costs next to nothing while nobody records them.
 *
 * <pre>{@code
 * CommitHooks.builder().observer(new FlightRecorderObserver())
 * }</pre>
 *
 * <p>Thread-safe. Needs the module {@code jdk.jfr}.
 */
public final class FlightRecorderObserver implements HookObserver {

    private static final EventType TRANSACTION = EventType.getEventType(TransactionEvent.class);
    private static final EventType HOOK = EventType.getEventType(HookEvent.class);

    /** Those that began while somebody recorded. */
    private final Map<String, TransactionEvent> transactions = new ConcurrentHashMap<>();

    /** The calls on this thread's stack: a hook may run transactions, whose hooks run within its own call. */
    private final ThreadLocal<@Nullable Deque<HookEvent>> calls = new ThreadLocal<>();

    /** An observer to be given to {@code CommitHooksBuilder.observer(...)}. */
    public FlightRecorderObserver() {}

    @Override
    public void transactionBegun(TransactionInfo transaction) {
        if (TRANSACTION.isEnabled()) {
            TransactionEvent event = new TransactionEvent();
            transactions.put(transaction.id(), event);
            event.begin();
        }
    }

    @Override
    public void outcome(
            TransactionInfo transaction, Outcome outcome, @Nullable Failure failure, int changes, Duration duration) {
        TransactionEvent event = transactions.isEmpty() ? null : transactions.remove(transaction.id());
        if (event == null) {
            return;
        }
        event.end();
        if (event.shouldCommit()) {
            event.transaction = transaction.id();
            event.name = transaction.name().orElse(null);
            event.attempt = transaction.attempt();
            event.outcome = outcome.name();
            event.stage = failure == null ? null : failure.stage().name();
            event.failure = failure == null
                    ? null
                    : failure.cause().map(Throwable::toString).orElse(null);
            event.changes = changes;
            event.commit();
        }
    }

    @Override
    public void hookStarted(HookCall call) {
        Deque<HookEvent> stack = calls.get();
        if (stack == null) {
            if (!HOOK.isEnabled()) {
                return;
            }
            calls.set(stack = new ArrayDeque<>(2));
        }
        HookEvent event = new HookEvent();
        stack.push(event);
        event.begin();
    }

    @Override
    public void hookFinished(HookCall call, Duration duration) {
        ended(call, null);
    }

    @Override
    public void hookFailed(HookCall call, Duration duration, Throwable failure) {
        ended(call, failure);
    }

    private void ended(HookCall call, @Nullable Throwable failure) {
        Deque<HookEvent> stack = calls.get();
        if (stack == null) {
            return; // began before anybody recorded
        }
        HookEvent event = stack.pop();
        if (stack.isEmpty()) {
            calls.remove();
        }
        event.end();
        if (event.shouldCommit()) {
            fill(event, call, failure);
            event.commit();
        }
    }

    private static void fill(HookEvent event, HookCall call, @Nullable Throwable failure) {
        event.transaction = call.transaction().id();
        event.name = call.transaction().name().orElse(null);
        event.attempt = call.transaction().attempt();
        event.hook = call.hook();
        event.method = call.method();
        event.table = call.tableName().orElse(null);
        event.phase = call.phase().name();
        event.changes = call.changes().size();
        event.summarizedRows =
                call.summaries().stream().mapToLong(StatementSummary::rows).sum();
        event.outcome = failure == null ? "RETURNED" : "THREW";
        event.failure = failure == null ? null : failure.toString();
    }

    @Override
    public void delivered(DeliveryAttempt attempt, Duration duration) {
        attempted(attempt, "DELIVERED", null);
    }

    @Override
    public void deliveryFailed(DeliveryAttempt attempt, @Nullable Throwable failure, Instant next) {
        attempted(attempt, "FAILED", failure);
    }

    @Override
    public void parked(DeliveryAttempt attempt, @Nullable Throwable failure) {
        attempted(attempt, "PARKED", failure);
    }

    private static void attempted(DeliveryAttempt attempt, String outcome, @Nullable Throwable failure) {
        DeliveryEvent event = new DeliveryEvent();
        if (event.shouldCommit()) {
            event.hook = attempt.hook();
            event.parcel = attempt.delivery().id();
            event.attempt = attempt.delivery().attempt();
            event.changes = attempt.changes();
            event.outcome = outcome;
            event.failure = failure == null ? null : failure.toString();
            event.age = Duration.between(attempt.delivery().handedOver(), Instant.now())
                    .toMillis();
            event.commit();
        }
    }
}
