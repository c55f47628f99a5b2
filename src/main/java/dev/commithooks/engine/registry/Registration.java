package dev.commithooks.engine.registry;

import dev.commithooks.hook.CommitHook;
import dev.commithooks.hook.HookLambda;
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
 * @param hooks its methods
 */
public record Registration(
        @Nullable Table<?> table, Set<Table<?>> except, String name, int order, List<BoundHook> hooks) {

    /**
     * An object whose class overrides some of the methods.
     *
     * @throws IllegalArgumentException when it overrides none
     */
    public static Registration of(
            @Nullable Table<?> table, Set<Table<?>> except, String name, int order, CommitHook<?> hook) {
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
                methods.stream()
                        .map(method -> new BoundHook(name, order, method, method.callOn(hook)))
                        .toList());
    }

    /** A lambda that stands for one method. */
    @SuppressWarnings("unchecked") // a lambda registered for a table takes the table's changes
    public static Registration of(Table<?> table, String name, int order, HookMethod method, HookLambda<?> lambda) {
        HookLambda<Object> untyped = (HookLambda<Object>) lambda;
        return new Registration(
                table, Set.of(), name, order, List.of(new BoundHook(name, order, method, untyped::run)));
    }

    boolean serves(Table<?> candidate) {
        return table == null ? !except.contains(candidate) : table.equals(candidate);
    }
}
