package dev.commithooks.micrometer;

import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Observes transactions and the calls of their hooks, for tracing: {@code commithooks.transaction} has the {@code commithooks.hook}
 * observations as its children, and what a hook does itself is a child of its own observation.
 *
 * <pre>{@code
 * CommitHooks.builder().observer(new HookObservations(registry))
 * }</pre>
 *
 * <p>A transaction is a child of what is observed where it begins; statements are not its children, as they may run on other
 * threads. Its id and name are high-cardinality values, which get into traces only. Thread-safe.
 */
public final class HookObservations implements HookObserver {

    private static final String TRANSACTION = "commithooks.transaction";
    private static final String HOOK = "commithooks.hook";
    private static final String NONE = "none";

    private final ObservationRegistry registry;

    /** The open transactions, by id. */
    private final Map<String, Observation> transactions = new ConcurrentHashMap<>();

    /** The calls on this thread's stack: a hook may run transactions, whose hooks run within its own call. */
    private final ThreadLocal<@Nullable Deque<Running>> calls = new ThreadLocal<>();

    private record Running(Observation observation, Observation.Scope scope) {}

    /** Observations in this registry. */
    public HookObservations(ObservationRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void transactionBegun(TransactionInfo transaction) {
        Observation observation = Observation.createNotStarted(TRANSACTION, registry);
        if (observation.isNoop()) {
            return;
        }
        observation
                .contextualName("transaction")
                .highCardinalityKeyValue("transaction", transaction.id())
                .highCardinalityKeyValue("attempt", String.valueOf(transaction.attempt()));
        transaction.name().ifPresent(name -> observation.highCardinalityKeyValue("name", name));
        transactions.put(transaction.id(), observation.start());
    }

    @Override
    public void outcome(
            TransactionInfo transaction, Outcome outcome, @Nullable Failure failure, int changes, Duration duration) {
        Observation observation = transactions.remove(transaction.id());
        if (observation == null) {
            return;
        }
        observation
                .lowCardinalityKeyValue("outcome", HookMetrics.name(outcome))
                .lowCardinalityKeyValue("stage", failure == null ? NONE : HookMetrics.lower(failure.stage()))
                .highCardinalityKeyValue("changes", String.valueOf(changes));
        if (failure != null) {
            failure.cause().ifPresent(observation::error);
        }
        observation.stop();
    }

    @Override
    public void hookStarted(HookCall call) {
        if (registry.isNoop()) {
            return;
        }
        Observation observation = Observation.createNotStarted(HOOK, registry);
        Observation transaction = transactions.get(call.transaction().id());
        if (transaction != null) {
            observation.parentObservation(transaction);
        }
        observation
                .contextualName(call.method() + " " + call.hook())
                .lowCardinalityKeyValue("hook", call.hook())
                .lowCardinalityKeyValue("method", call.method())
                .lowCardinalityKeyValue("table", call.tableName().orElse(NONE))
                .lowCardinalityKeyValue("phase", HookMetrics.lower(call.phase()))
                .highCardinalityKeyValue("changes", String.valueOf(call.size()))
                .start();
        Deque<Running> stack = calls.get();
        if (stack == null) {
            calls.set(stack = new ArrayDeque<>(2));
        }
        stack.push(new Running(observation, observation.openScope()));
    }

    @Override
    public void hookFinished(HookCall call, Duration duration) {
        ended(null);
    }

    @Override
    public void hookFailed(HookCall call, Duration duration, Throwable failure) {
        ended(failure);
    }

    private void ended(@Nullable Throwable failure) {
        Deque<Running> stack = calls.get();
        Running call = stack == null ? null : stack.poll();
        if (stack == null || call == null) {
            return; // its begin failed
        }
        if (stack.isEmpty()) {
            calls.remove();
        }
        call.scope().close();
        if (failure != null) {
            call.observation().error(failure);
        }
        call.observation().stop();
    }

    @Override
    public String toString() {
        return "observations";
    }
}
