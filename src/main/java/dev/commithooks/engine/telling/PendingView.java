package dev.commithooks.engine.telling;

import dev.commithooks.change.ChangeSet;
import dev.commithooks.engine.log.Effect;
import dev.commithooks.engine.log.Folding;
import dev.commithooks.engine.log.HandedOver;
import dev.commithooks.engine.log.LevelMark;
import dev.commithooks.engine.log.LogItem;
import dev.commithooks.engine.log.LoggedCallback;
import dev.commithooks.engine.log.Recorded;
import dev.commithooks.engine.log.RowChange;
import dev.commithooks.engine.registry.BoundHook;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.hook.DeliveryLevel;
import dev.commithooks.hook.PendingHooks;
import dev.commithooks.hook.PendingHooks.Call;
import dev.commithooks.hook.PendingHooks.Level;
import dev.commithooks.spi.HookObserver.Phase;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The calls that would be made if a transaction committed now. */
public final class PendingView {

    private final TransactionScope scope;
    private final List<LogItem> log;
    private final List<Effect> effects;

    /** A view of a transaction as it stands. */
    public PendingView(Policies policies, TransactionScope scope) {
        this.scope = scope;
        this.log = scope.snapshot();
        this.effects = Folding.fold(policies.buckets(), log, 0, log.size());
    }

    /** The view as data. */
    public PendingHooks pending() {
        List<Call> calls = new ArrayList<>();
        for (Phase phase : List.of(Phase.BEFORE, Phase.AFTER)) {
            addCalls(phase, calls);
        }
        addDurableCalls(calls);
        return new PendingHooks(ChangeSet.of(Effect.changes(effects, null), Effect.summaries(effects)), calls, tree());
    }

    private void addCalls(Phase phase, List<Call> calls) {
        CallPlan.Calls plan = new CallPlan.Calls() {
            @Override
            public void forChange(BoundHook hook, RowChange change) {
                calls.add(call(hook, List.of(change)));
            }

            @Override
            public void isDone(Effect effect) {}

            @Override
            public void forSet(BoundHook hook, HookedTable table, List<Effect> about) {
                calls.add(call(hook, about));
            }

            @Override
            public void forCallback(LoggedCallback callback, int position) {
                calls.add(new Call("callback", callback.methodName(), List.of(), List.of(), DeliveryLevel.IN_MEMORY));
            }

            @Override
            public boolean goesOn() {
                return true;
            }
        };
        try {
            CallPlan.ofHooks(phase, effects, plan);
            CallPlan.ofCallbacks(phase, log, 0, 0, plan);
        } catch (Exception impossible) {
            throw new IllegalStateException("nothing is called here", impossible);
        }
    }

    /** The calls that would be stored, hook by hook, and the texts. */
    private void addDurableCalls(List<Call> calls) {
        Map<BoundHook, List<Effect>> taken = new LinkedHashMap<>();
        for (Effect effect : effects) {
            for (BoundHook hook : effect.hookedTable().stored()) {
                if (effect.reaches(hook.method())) {
                    taken.computeIfAbsent(hook, h -> new ArrayList<>()).add(effect);
                }
            }
        }
        taken.forEach((hook, about) -> {
            if (hook.method().takesSet()) {
                calls.add(call(hook, about));
            } else {
                about.forEach(change -> calls.add(call(hook, List.of(change))));
            }
        });
        for (LogItem item : log) {
            if (item instanceof HandedOver handedOver) {
                calls.add(new Call(
                        handedOver.text().hook().name(), "handOver", List.of(), List.of(), DeliveryLevel.DURABLE));
            }
        }
    }

    private static Call call(BoundHook hook, List<Effect> about) {
        return new Call(
                hook.name(),
                hook.method().methodName(),
                Effect.changes(about, null),
                Effect.summaries(about),
                hook.level());
    }

    private Level tree() {
        Deque<List<Object>> open = new ArrayDeque<>();
        Deque<String> titles = new ArrayDeque<>();
        open.push(new ArrayList<>());
        titles.push(scope.info().toString());
        for (LogItem item : log) {
            if (item instanceof Recorded recorded) {
                open.getFirst().add(recorded.toString());
            } else if (item instanceof LoggedCallback callback) {
                open.getFirst().add(callback.methodName() + " callback");
            } else if (item instanceof HandedOver handedOver) {
                open.getFirst()
                        .add("handed over to '" + handedOver.text().hook().name() + "'");
            } else if (item instanceof LevelMark mark && mark.title() != null) {
                open.push(new ArrayList<>());
                titles.push(mark.title());
            } else if (open.size() > 1) {
                close(open, titles, ", released");
            }
        }
        while (open.size() > 1) {
            close(open, titles, "");
        }
        return new Level(titles.pop(), open.pop());
    }

    private static void close(Deque<List<Object>> open, Deque<String> titles, String how) {
        Level level = new Level(titles.pop() + how, open.pop());
        open.getFirst().add(level);
    }
}
