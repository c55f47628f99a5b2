package dev.commithooks.engine.boundary;

import dev.commithooks.change.Change;
import dev.commithooks.change.ChangeSet;
import dev.commithooks.engine.log.Folding;
import dev.commithooks.engine.log.LevelMark;
import dev.commithooks.engine.log.LogItem;
import dev.commithooks.engine.log.LoggedCallback;
import dev.commithooks.engine.log.RowChange;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.registry.BoundHook;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.engine.scope.TransactionScope;
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

/** What would fire if a transaction committed now. */
final class PendingView {

    private final TransactionScope scope;
    private final List<LogItem> log;
    private final List<RowChange> changes;

    PendingView(Policies policies, TransactionScope scope) {
        this.scope = scope;
        this.log = scope.snapshot();
        this.changes = Folding.fold(policies.buckets(), log, 0, log.size());
    }

    PendingHooks pending() {
        List<Call> calls = new ArrayList<>();
        for (Phase phase : List.of(Phase.BEFORE, Phase.AFTER)) {
            addCalls(phase, calls);
        }
        return new PendingHooks(ChangeSet.of(changesOf(changes)), calls, tree());
    }

    private void addCalls(Phase phase, List<Call> calls) {
        Map<HookedTable, List<RowChange>> byTable = new LinkedHashMap<>();
        for (RowChange change : changes) {
            for (BoundHook hook : change.hookedTable().forChange(phase, change.type())) {
                calls.add(call(hook, List.of(change)));
            }
            byTable.computeIfAbsent(change.hookedTable(), table -> new ArrayList<>())
                    .add(change);
        }
        byTable.forEach((table, ofTable) -> {
            for (BoundHook hook : table.forSet(phase)) {
                calls.add(call(hook, ofTable));
            }
        });
        for (LogItem item : log) {
            if (item instanceof LoggedCallback callback && callback.phase() == phase) {
                calls.add(new Call("callback", callback.methodName(), List.of()));
            }
        }
    }

    private static Call call(BoundHook hook, List<RowChange> about) {
        return new Call(hook.name(), hook.method().methodName(), changesOf(about));
    }

    private static List<Change<?>> changesOf(List<RowChange> folded) {
        List<Change<?>> result = new ArrayList<>(folded.size());
        folded.forEach(change -> result.add(change.toChange(null)));
        return result;
    }

    private Level tree() {
        Deque<List<Object>> open = new ArrayDeque<>();
        Deque<String> titles = new ArrayDeque<>();
        open.push(new ArrayList<>());
        titles.push(scope.info(0, null).toString());
        for (LogItem item : log) {
            if (item instanceof Write write) {
                open.getFirst().add(write.toString());
            } else if (item instanceof LoggedCallback callback) {
                open.getFirst().add(callback.methodName() + " callback");
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
