package dev.commithooks.engine.telling;

import dev.commithooks.engine.log.Effect;
import dev.commithooks.engine.log.LogItem;
import dev.commithooks.engine.log.LoggedCallback;
import dev.commithooks.engine.log.RowChange;
import dev.commithooks.engine.registry.BoundHook;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.spi.HookObserver.Phase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The order of the calls of one phase: for each change all its hooks, in their order; then the hooks that take a table's changes,
 * table by table; then the callbacks. The only place that knows it, for those who make the calls and for those who only show them.
 */
final class CallPlan {

    private CallPlan() {}

    /** The receiver of the calls, one after the other. */
    interface Calls {

        /** A hook is to be called for a change. */
        void forChange(BoundHook hook, RowChange change) throws Exception;

        /** All hooks that are called for this alone have been called. */
        void isDone(Effect effect);

        /** A hook is to be called for a table's changes. */
        void forSet(BoundHook hook, HookedTable table, List<Effect> effects) throws Exception;

        /** A callback is to be called that stands in this place of the log. */
        void forCallback(LoggedCallback callback, int position) throws Exception;

        /** Whether the plan still holds; if not, no more calls are made. */
        boolean goesOn();
    }

    /** The calls of hooks. */
    static void ofHooks(Phase phase, List<Effect> effects, Calls calls) throws Exception {
        boolean sets = false;
        for (Effect effect : effects) {
            HookedTable table = effect.hookedTable();
            if (effect instanceof RowChange change) {
                for (BoundHook hook : table.forChange(phase, change.type())) {
                    calls.forChange(hook, change);
                }
            }
            sets |= table.forSet(phase).length > 0;
            calls.isDone(effect);
            if (!calls.goesOn()) {
                return;
            }
        }
        if (sets) {
            ofSets(phase, effects, calls);
        }
    }

    private record Group(HookedTable table, String tableName) {}

    private static void ofSets(Phase phase, List<Effect> effects, Calls calls) throws Exception {
        Map<Group, List<Effect>> groups = new LinkedHashMap<>();
        for (Effect effect : effects) {
            groups.computeIfAbsent(new Group(effect.hookedTable(), effect.tableName()), g -> new ArrayList<>())
                    .add(effect);
        }
        for (Map.Entry<Group, List<Effect>> group : groups.entrySet()) {
            HookedTable table = group.getKey().table();
            for (BoundHook hook : table.forSet(phase)) {
                calls.forSet(hook, table, group.getValue());
            }
        }
    }

    /**
     * The calls of callbacks in a part of the log, those included that are added meanwhile.
     *
     * @param from the place in the part to begin at
     * @param partAt the place in the log at which the part begins
     * @return the part's size when it had no more callbacks
     */
    static int ofCallbacks(Phase phase, List<? extends LogItem> part, int from, int partAt, Calls calls)
            throws Exception {
        int at = from;
        while (at < part.size()) {
            if (part.get(at) instanceof LoggedCallback callback && callback.phase() == phase) {
                calls.forCallback(callback, partAt + at);
            }
            at++;
        }
        return at;
    }
}
