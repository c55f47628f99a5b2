package dev.commithooks.engine.telling;

import dev.commithooks.change.Change;
import dev.commithooks.change.StatementSummary;
import dev.commithooks.change.TableChanges;
import dev.commithooks.engine.log.Effect;
import dev.commithooks.engine.log.LogItem;
import dev.commithooks.engine.log.LoggedCallback;
import dev.commithooks.engine.log.RowChange;
import dev.commithooks.engine.registry.BoundHook;
import dev.commithooks.engine.registry.HookCall;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.hook.HookContext;
import dev.commithooks.spi.HookInterceptor;
import dev.commithooks.spi.HookInterceptor.Invocation;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.spi.HookObserver.Phase;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.FailureStage;
import dev.commithooks.transaction.HookFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one phase at one boundary, being made. Before hooks stop at the first that throws; in the other phases all run, and
 * what they throw is gathered.
 */
class Delivery implements CallPlan.Calls {

    private static final Failure NO_FAILURE = Failure.of(FailureStage.WORK, null, false);

    private final Phase phase;
    private final BoundaryContext context;
    private final Policies policies;
    /** Made when one has thrown. */
    private @Nullable Map<FailureKey, Tally> failures;

    private boolean interrupted;

    private record FailureKey(
            String hook, String method, @Nullable HookedTable table) {

        HookFailure failure(Throwable first, int failed, int changes) {
            return new HookFailure(hook, method, table == null ? null : table.table(), failed, changes, first);
        }
    }

    private record Tally(Throwable first, int failed) {}

    Delivery(BoundaryContext context, Policies policies) {
        this.phase = context.phase();
        this.context = context;
        this.policies = policies;
    }

    /** Calls the hooks of each change, then the set hooks. */
    void toHooks(List<Effect> effects) throws Exception {
        if (policies.isObserved()) {
            policies.observer().boundary(context.transaction(), phase, effects.size());
        }
        CallPlan.ofHooks(phase, effects, this);
    }

    /** Calls the phase's callbacks in a part of the log; see {@link CallPlan#ofCallbacks}. */
    int toCallbacks(List<? extends LogItem> part, int from, int partAt) throws Exception {
        return CallPlan.ofCallbacks(phase, part, from, partAt, this);
    }

    @Override
    public void forChange(BoundHook hook, RowChange change) throws Exception {
        context.turnTo(hook.name(), context.beforeRanAt(change.position()));
        call(hook, change.hookedTable(), change.toChange(context.attachment()), 1);
    }

    @Override
    public void isDone(Effect effect) {}

    @Override
    public void forSet(BoundHook hook, HookedTable table, List<Effect> effects) throws Exception {
        context.turnTo(hook.name(), effects.stream().allMatch(effect -> context.beforeRanAt(effect.position())));
        call(hook, table, changesOf(table.table(), effects), effects.size());
    }

    @SuppressWarnings("unchecked") // changes of the table are of the table's record type
    private <R extends Record> TableChanges<R> changesOf(Table<R> table, List<Effect> effects) {
        List<? extends Change<?>> own = Effect.changes(effects, context.attachment());
        return TableChanges.of(table, (List<? extends Change<R>>) own, Effect.summaries(effects));
    }

    @Override
    public void forCallback(LoggedCallback callback, int position) throws Exception {
        context.turnTo("callback", context.beforeRanAt(position));
        HookCall call = (payload, ctx) -> callback.callback().run(ctx.failure().orElse(NO_FAILURE));
        call("callback", callback.methodName(), null, call, callback, 0);
    }

    @Override
    public boolean goesOn() {
        return true;
    }

    private void call(BoundHook hook, HookedTable table, Object payload, int count) throws Exception {
        call(hook.name(), hook.method().methodName(), table, hook.call(), payload, count);
    }

    private static List<? extends Change<?>> changesIn(Object payload) {
        if (payload instanceof Change<?> change) {
            return List.of(change);
        }
        return payload instanceof TableChanges<?> changes ? changes.all() : List.of();
    }

    private static List<StatementSummary> summariesIn(Object payload) {
        return payload instanceof TableChanges<?> changes ? changes.summaries() : List.of();
    }

    private void call(String hook, String method, @Nullable HookedTable table, HookCall call, Object payload, int count)
            throws Exception {
        HookInterceptor around = phase == Phase.BEFORE ? null : policies.interceptor();
        HookObserver.HookCall described = policies.isObserved() || around != null
                ? new HookObserver.HookCall(
                        context.transaction(),
                        hook,
                        method,
                        Optional.ofNullable(table).map(HookedTable::table),
                        phase,
                        changesIn(payload),
                        summariesIn(payload))
                : null;
        try {
            if (around == null || described == null) {
                make(call, payload, context, described);
            } else {
                around.intercept(described, invocation(call, payload, described));
            }
        } catch (Throwable failure) {
            threw(new FailureKey(hook, method, table), failure, Math.max(count, 1));
        }
    }

    /** A call that may be made when this delivery is long over. */
    private Invocation invocation(HookCall call, Object payload, HookObserver.HookCall described) {
        BoundaryContext own = context.ofCallAtHand();
        AtomicBoolean made = new AtomicBoolean();
        return () -> {
            if (made.getAndSet(true)) {
                throw new IllegalStateException(
                        described.method() + " '" + described.hook() + "' was called already: a call is made once");
            }
            make(call, payload, own, described);
        };
    }

    private void make(HookCall call, Object payload, HookContext ctx, HookObserver.@Nullable HookCall described)
            throws Exception {
        if (described == null) {
            call.call(payload, ctx);
            return;
        }
        HookObserver observer = policies.observer();
        observer.hookStarted(described);
        long start = System.nanoTime();
        try {
            call.call(payload, ctx);
            observer.hookFinished(described, Duration.ofNanos(System.nanoTime() - start));
        } catch (Throwable failure) {
            observer.hookFailed(described, Duration.ofNanos(System.nanoTime() - start), failure);
            throw failure;
        }
    }

    private void threw(FailureKey key, Throwable failure, int count) throws Exception {
        interrupted |= failure instanceof InterruptedException;
        if (phase == Phase.BEFORE) {
            restoreInterrupt();
            Failures.noteVeto(context.transaction(), key.failure(failure, count, count));
            throw Suppressed.<RuntimeException>rethrow(failure);
        }
        if (failures == null) {
            failures = new LinkedHashMap<>();
        }
        failures.merge(key, new Tally(failure, count), (first, next) -> {
            Suppressed.add(first.first(), next.first());
            return new Tally(first.first(), first.failed() + next.failed());
        });
    }

    /** The failures, one for each hook and table; restores the interrupt that one of them may have been. */
    List<HookFailure> failures(List<Effect> effects) {
        restoreInterrupt();
        if (failures == null) {
            return List.of();
        }
        List<HookFailure> result = new ArrayList<>(failures.size());
        failures.forEach((key, tally) -> result.add(
                key.failure(tally.first(), tally.failed(), key.table() == null ? 1 : calledFor(key, effects))));
        return result;
    }

    private static int calledFor(FailureKey key, List<Effect> effects) {
        int count = 0;
        for (Effect effect : effects) {
            if (effect.hookedTable() == key.table()
                    && effect.hookedTable().all().stream()
                            .anyMatch(hook -> hook.name().equals(key.hook())
                                    && hook.method().methodName().equals(key.method())
                                    && effect.reaches(hook.method()))) {
                count++;
            }
        }
        return count;
    }

    private void restoreInterrupt() {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
