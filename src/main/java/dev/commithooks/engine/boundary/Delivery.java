package dev.commithooks.engine.boundary;

import dev.commithooks.change.Change;
import dev.commithooks.change.TableChanges;
import dev.commithooks.engine.log.LogItem;
import dev.commithooks.engine.log.LoggedCallback;
import dev.commithooks.engine.log.RowChange;
import dev.commithooks.engine.registry.BoundHook;
import dev.commithooks.engine.registry.HookCall;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.spi.HookObserver.Phase;
import dev.commithooks.transaction.HookFailure;
import dev.commithooks.transaction.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * Tells the hooks of one phase about the changes of one boundary: for each change all its hooks, in order; then the set
 * hooks; then the callbacks. Before hooks stop at the first that throws; in the other phases all run, and what they throw is
 * gathered.
 */
final class Delivery {

    private final Phase phase;
    private final List<RowChange> changes;
    private final BoundaryContext context;
    private final HookObserver observer;
    private final IntPredicate beforeRan;
    private final Map<FailureKey, Tally> failures = new LinkedHashMap<>();
    private boolean interrupted;

    private record FailureKey(
            String hook, String method, @Nullable HookedTable table) {}

    private record Tally(Throwable first, int count) {}

    /** A delivery that tells, of each change's position in the log, whether its before hooks ran. */
    Delivery(
            Phase phase,
            List<RowChange> changes,
            BoundaryContext context,
            HookObserver observer,
            IntPredicate beforeRan) {
        this.phase = phase;
        this.changes = changes;
        this.context = context;
        this.observer = observer;
        this.beforeRan = beforeRan;
    }

    /** The phase that tells of an outcome. */
    static Phase phaseOf(Outcome outcome) {
        return switch (outcome) {
            case COMMITTED -> Phase.AFTER;
            case ROLLED_BACK -> Phase.FAILED;
            case UNKNOWN -> Phase.IN_DOUBT;
        };
    }

    /** Calls the hooks of each change, then the set hooks. */
    void toHooks(java.util.function.IntConsumer delivered) throws Exception {
        observer.boundary(context.transaction(), phase, changes.size());
        boolean sets = false;
        for (RowChange change : changes) {
            HookedTable table = change.hookedTable();
            for (BoundHook hook : table.forChange(phase, change.type())) {
                context.turnTo(hook.name(), beforeRan.test(change.position()));
                call(
                        hook.name(),
                        hook.method().methodName(),
                        table,
                        hook.call(),
                        change.toChange(context.attachment()),
                        1);
            }
            sets |= table.forSet(phase).length > 0;
            delivered.accept(change.position());
        }
        if (sets) {
            toSetHooks();
        }
    }

    private record Group(HookedTable table, String tableName) {}

    private void toSetHooks() throws Exception {
        Map<Group, List<RowChange>> groups = new LinkedHashMap<>();
        for (RowChange change : changes) {
            groups.computeIfAbsent(new Group(change.hookedTable(), change.tableName()), g -> new ArrayList<>())
                    .add(change);
        }
        for (Map.Entry<Group, List<RowChange>> group : groups.entrySet()) {
            HookedTable table = group.getKey().table();
            for (BoundHook hook : table.forSet(phase)) {
                List<RowChange> taken = group.getValue();
                context.turnTo(hook.name(), taken.stream().allMatch(change -> beforeRan.test(change.position())));
                call(
                        hook.name(),
                        hook.method().methodName(),
                        table,
                        hook.call(),
                        changesOf(table.table(), taken),
                        taken.size());
            }
        }
    }

    @SuppressWarnings("unchecked") // changes of the table are of the table's record type
    private <R extends Record> TableChanges<R> changesOf(Table<R> table, List<RowChange> folded) {
        List<Change<R>> own = new ArrayList<>(folded.size());
        folded.forEach(change -> own.add((Change<R>) change.toChange(context.attachment())));
        return TableChanges.of(table, own);
    }

    /**
     * Calls the phase's callbacks in a part of the log, those included that are added meanwhile.
     *
     * @param from where to begin in the part
     * @param partAt where in the log the part begins
     */
    void toCallbacks(List<? extends LogItem> part, int from, int partAt) throws Exception {
        for (int i = from; i < part.size(); i++) {
            if (part.get(i) instanceof LoggedCallback callback && callback.phase() == phase) {
                context.turnTo("callback", beforeRan.test(partAt + i));
                HookCall call = (payload, ctx) ->
                        callback.callback().run(phase == Phase.FAILED ? context.failureAtHand() : NO_FAILURE);
                call("callback", callback.methodName(), null, call, callback, 0);
            }
        }
    }

    private static final dev.commithooks.transaction.Failure NO_FAILURE =
            dev.commithooks.transaction.Failure.of(dev.commithooks.transaction.FailureStage.WORK, null, false);

    private void call(String hook, String method, @Nullable HookedTable table, HookCall call, Object payload, int count)
            throws Exception {
        HookObserver.HookCall observed = null;
        long start = 0;
        if (observer != SafeObserver.NONE) {
            observed = new HookObserver.HookCall(
                    context.transaction(), hook, method, table == null ? null : table.table(), phase, count);
            observer.hookStarted(observed);
            start = System.nanoTime();
        }
        try {
            call.call(payload, context);
            if (observed != null) {
                observer.hookFinished(observed, Duration.ofNanos(System.nanoTime() - start));
            }
        } catch (Throwable failure) {
            if (observed != null) {
                observer.hookFailed(observed, Duration.ofNanos(System.nanoTime() - start), failure);
            }
            interrupted |= failure instanceof InterruptedException;
            if (phase == Phase.BEFORE) {
                restoreInterrupt();
                throw failure;
            }
            failures.merge(
                    new FailureKey(hook, method, table), new Tally(failure, Math.max(count, 1)), Delivery::together);
        }
    }

    private static Tally together(Tally first, Tally next) {
        Suppressed.add(first.first(), next.first());
        return new Tally(first.first(), first.count() + next.count());
    }

    /** What was thrown, a failure for each hook and table; restores the interrupt that one of them may have been. */
    List<HookFailure> failures() {
        restoreInterrupt();
        List<HookFailure> result = new ArrayList<>();
        failures.forEach((key, tally) -> result.add(new HookFailure(
                key.hook(),
                key.method(),
                key.table() == null ? null : key.table().table(),
                tally.count(),
                key.table() == null ? 1 : calledFor(key),
                tally.first())));
        return result;
    }

    private int calledFor(FailureKey key) {
        int count = 0;
        for (RowChange change : changes) {
            if (change.hookedTable() == key.table()
                    && change.hookedTable().all().stream()
                            .anyMatch(hook -> hook.name().equals(key.hook())
                                    && hook.method().methodName().equals(key.method())
                                    && hook.method().takes(change.type()))) {
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
