package dev.commithooks.engine.registry;

import dev.commithooks.hook.CommitHook;
import dev.commithooks.hook.HookLambda;
import dev.commithooks.hook.HookOptions;
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
     * An object whose class overrides some of the methods, for one table.
     *
     * @throws IllegalArgumentException when it overrides none
     */
    public static Registration of(Table<?> table, CommitHook<?> hook, HookOptions options) {
        return of(table, Set.of(), hook, options);
    }

    /**
     * An object whose class overrides some of the methods, for all tables but those.
     *
     * @throws IllegalArgumentException when it overrides none
     */
    public static Registration forAllBut(Set<Table<?>> except, CommitHook<?> hook, HookOptions options) {
        return of(null, Set.copyOf(except), hook, options);
    }

    private static Registration of(
            @Nullable Table<?> table, Set<Table<?>> except, CommitHook<?> hook, HookOptions options) {
        Class<?> hookClass = options.implementation().orElse(hook.getClass());
        String name = options.name().orElseGet(() -> nameOf(hookClass));
        List<BoundHook> bound = HookMethod.overriddenBy(hook, hookClass).stream()
                .map(method -> bound(name, options, method, method.callOn(hook)))
                .toList();
        if (bound.isEmpty()) {
            throw new IllegalArgumentException("Hook '" + name + "' (" + hookClass.getName()
                    + ") overrides no hook method, so it would never be called; override for instance"
                    + " afterCommitInsert");
        }
        return new Registration(table, except, name, options.order(), options.isDurable(), hook, bound);
    }

    /** A lambda that stands for one method. */
    @SuppressWarnings("unchecked") // a lambda registered for a table takes the table's changes
    public static Registration of(Table<?> table, HookMethod method, HookLambda<?> lambda, HookOptions options) {
        String name = options.name().orElseGet(() -> placeOf(lambda));
        HookLambda<Object> untyped = (HookLambda<Object>) lambda;
        List<BoundHook> bound = List.of(bound(name, options, method, untyped::run));
        return new Registration(table, Set.of(), name, options.order(), options.isDurable(), lambda, bound);
    }

    private static String nameOf(Class<?> hookClass) {
        String simple = hookClass.getSimpleName();
        return simple.isEmpty() ? hookClass.getName() : simple;
    }

    /** A lambda's class is named after the class it is written in, and a number that says nothing. */
    private static String placeOf(HookLambda<?> lambda) {
        String simple = lambda.getClass().getSimpleName();
        int generated = simple.indexOf("$$Lambda");
        return generated < 0 ? simple : "lambda in " + simple.substring(0, generated);
    }

    /** The rows in the store decide how a commit in doubt ended: that method of a durable hook has nothing to say. */
    private static BoundHook bound(String name, HookOptions options, HookMethod method, HookCall call) {
        boolean stored = options.isDurable() && (method.phase() == Phase.AFTER || method.phase() == Phase.IN_DOUBT);
        return new BoundHook(name, options.order(), method, call, stored);
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
