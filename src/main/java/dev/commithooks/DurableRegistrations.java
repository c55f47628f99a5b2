package dev.commithooks;

import dev.commithooks.change.Change;
import dev.commithooks.change.TableChanges;
import dev.commithooks.engine.registry.BoundHook;
import dev.commithooks.hook.DurableCallback;
import dev.commithooks.hook.HookContext;
import dev.commithooks.row.TableName;
import dev.commithooks.spi.DurableHook;
import dev.commithooks.spi.HookObserver.Phase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/** The durable hooks and callbacks of one set of hooks, by name. Filled by the builder. */
final class DurableRegistrations {

    private final Map<String, DurableHook> byName = new LinkedHashMap<>();

    /**
     * Adds the after methods of one registration.
     *
     * @throws IllegalArgumentException when there are none, or the name is taken
     */
    void add(Table<?> table, String name, List<BoundHook> hooks) {
        List<BoundHook> after = hooks.stream()
                .filter(hook -> hook.method().phase() == Phase.AFTER)
                .toList();
        if (after.isEmpty()) {
            throw new IllegalArgumentException("Hook '" + name + "' on " + TableName.of(table)
                    + " is durable and has no after method: there is nothing to deliver. Override for instance"
                    + " afterCommitInsert, or register it without durable(...)");
        }
        add(new TableHook(name, table, after));
    }

    /** Adds a callback. */
    void add(String name, DurableCallback callback) {
        add(new CallbackHook(Objects.requireNonNull(name, "name"), Objects.requireNonNull(callback, "callback")));
    }

    private void add(DurableHook hook) {
        if (hook.name().isBlank()) {
            throw new IllegalArgumentException(
                    "A durable callback's name must not be empty: its texts are stored under it");
        }
        DurableHook other = byName.putIfAbsent(hook.name(), hook);
        if (other != null) {
            throw new IllegalArgumentException("Two durable hooks have the name '" + hook.name() + "', " + other
                    + " and " + hook + ": their calls are stored by name, so each needs one of its own");
        }
    }

    /** For a builder that has no delivery. */
    void refuseIfAny() {
        if (!byName.isEmpty()) {
            throw new IllegalStateException("Durable hooks " + byName.keySet()
                    + " would never be called: nothing stores or delivers what they are called with. Add"
                    + " durable(DbSchedulerDelivery.on(dataSource)) to the builder");
        }
    }

    List<DurableHook> all() {
        return List.copyOf(byName.values());
    }

    /** Those with a table. */
    List<TableHook> onTables() {
        List<TableHook> found = new ArrayList<>();
        for (DurableHook hook : byName.values()) {
            if (hook instanceof TableHook onTable) {
                found.add(onTable);
            }
        }
        return found;
    }

    /** The callback of a name; null where there is none. */
    DurableHook.@Nullable OnText callback(String name) {
        return byName.get(name) instanceof DurableHook.OnText callback ? callback : null;
    }

    /** The after methods of a hook of one table. */
    record TableHook(String name, Table<?> table, List<BoundHook> methods) implements DurableHook.OnTable {

        boolean takes(Change<?> change) {
            return change.table().equals(table)
                    && methods.stream().anyMatch(hook -> hook.method().takes(change.type()));
        }

        @Override
        public void call(Change<?> change, HookContext ctx) throws Exception {
            for (BoundHook hook : methods) {
                if (!hook.method().takesSet() && hook.method().takes(change.type())) {
                    hook.call().call(change, ctx);
                }
            }
        }

        @Override
        public void callSet(List<? extends Change<?>> changes, HookContext ctx) throws Exception {
            for (BoundHook hook : methods) {
                if (hook.method().takesSet()) {
                    hook.call().call(ofTable(table, changes), ctx);
                }
            }
        }

        @SuppressWarnings("unchecked") // changes of the table are of the table's record type
        private static <R extends Record> TableChanges<R> ofTable(Table<R> table, List<? extends Change<?>> changes) {
            List<Change<R>> typed = new ArrayList<>(changes.size());
            changes.forEach(change -> typed.add((Change<R>) change));
            return TableChanges.of(table, typed);
        }

        @Override
        public String toString() {
            return "one on " + TableName.of(table);
        }
    }

    private record CallbackHook(String name, DurableCallback callback) implements DurableHook.OnText {

        @Override
        public void call(String text, HookContext ctx) throws Exception {
            callback.run(text, ctx);
        }

        @Override
        public String toString() {
            return "a callback";
        }
    }
}
