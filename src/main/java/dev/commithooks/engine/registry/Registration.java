package dev.commithooks.engine.registry;

import dev.commithooks.hook.CommitHook;
import dev.commithooks.hook.HookLambda;
import dev.commithooks.spi.HookObserver.Phase;
import java.util.List;
import java.util.Set;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * One hook as it was registered: for a table, or for all but some.
 *
 * @param table the table; null for all
 * @param except the tables that a hook for all does not serve
 * @param name the hook's name
 * @param order its place among a table's hooks, lower first
 * @param durable whether its after methods are called out of a store; its in-doubt method is never called then
 * @param source the hook's object, or the lambda
 * @param hooks its methods
 */
public record Registration(
        @Nullable Table<?> table,
        Set<Table<?>> except,
        String name,
        int order,
        boolean durable,
        Object source,
        List<BoundHook> hooks) {

    /**
     * An object whose class overrides some of the methods.
     *
     * @throws IllegalArgumentException when it overrides none
     */
    public static Registration of(
            @Nullable Table<?> table,
            Set<Table<?>> except,
            String name,
            int order,
            boolean durable,
            CommitHook<?> hook) {
        List<HookMethod> methods = HookMethod.overriddenBy(hook);
        if (methods.isEmpty()) {
            throw new IllegalArgumentException(
                    "Hook '" + name + "' (" + hook.getClass().getName()
                            + ") overrides no hook method, so it would never be called; override for instance"
                            + " afterCommitInsert");
        }
        return new Registration(
                table,
                except,
                name,
                order,
                durable,
                hook,
                methods.stream()
                        .map(method -> bound(name, order, durable, method, method.callOn(hook)))
                        .toList());
    }

    /** A lambda that stands for one method. */
    @SuppressWarnings("unchecked") // a lambda registered for a table takes the table's changes
    public static Registration of(
            Table<?> table, String name, int order, boolean durable, HookMethod method, HookLambda<?> lambda) {
        HookLambda<Object> untyped = (HookLambda<Object>) lambda;
        return new Registration(
                table,
                Set.of(),
                name,
                order,
                durable,
                lambda,
                List.of(bound(name, order, durable, method, untyped::run)));
    }

    /** The rows in the store decide how a commit in doubt ended: that method of a durable hook has nothing to say. */
    private static BoundHook bound(String name, int order, boolean durable, HookMethod method, HookCall call) {
        boolean stored = durable && (method.phase() == Phase.AFTER || method.phase() == Phase.IN_DOUBT);
        return new BoundHook(name, order, method, call, stored);
    }

    /** Whether it would have some method of the same object called once more for some change. */
    public boolean repeats(Registration other) {
        return source == other.source
                && sharesATableWith(other)
                && hooks.stream().anyMatch(hook -> other.hooks.stream().anyMatch(its -> its.method() == hook.method()));
    }

    private boolean sharesATableWith(Registration other) {
        return table != null ? other.serves(table) : other.table == null || serves(other.table);
    }

    boolean serves(Table<?> candidate) {
        return table == null ? !except.contains(candidate) : table.equals(candidate);
    }
}
