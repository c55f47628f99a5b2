package dev.commithooks.hook;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The options of a registration: the hook's name, its place among the table's hooks, and whether its calls outlive the process. Immutable, and
 * equal to others that say the same.
 */
public final class HookOptions {

    private static final HookOptions DEFAULTS = new HookOptions(null, 0, false, null);

    private final @Nullable String name;
    private final int order;
    private final boolean durable;
    private final @Nullable Class<?> implementation;

    private HookOptions(@Nullable String name, int order, boolean durable, @Nullable Class<?> implementation) {
        this.name = name;
        this.order = order;
        this.durable = durable;
        this.implementation = implementation;
    }

    /** No name of its own, in order of registration, in memory: what holds where no options are given. */
    public static HookOptions defaults() {
        return DEFAULTS;
    }

    /**
     * A hook with this name.
     *
     * @throws IllegalArgumentException when it is blank
     */
    public static HookOptions named(String name) {
        return new HookOptions(checked(name), 0, false, null);
    }

    /** A hook in this place: see {@link #order(int)}. */
    public static HookOptions ordered(int order) {
        return DEFAULTS.order(order);
    }

    /**
     * A hook whose after methods are stored with the transaction and called at least once, on any node, after any crash; see
     * {@link dev.commithooks.CommitHooksBuilder#durable}. Its in-doubt method is never called: what is stored decides.
     *
     * @param name the name under which its calls are stored; it must stay when the class is renamed
     * @throws IllegalArgumentException when it is blank
     */
    public static HookOptions durable(String name) {
        return new HookOptions(checked(name), 0, true, null);
    }

    /** The same in this place among the table's hooks: lower first, those of the same order as they were registered. */
    public HookOptions order(int newOrder) {
        return new HookOptions(name, newOrder, durable, implementation);
    }

    /**
     * The same for a hook that is a proxy: this is the class behind it. A proxy overrides every method, its class those that the
     * hook wants; the others are never called.
     */
    public HookOptions implementedBy(Class<?> hookClass) {
        return new HookOptions(name, order, durable, Objects.requireNonNull(hookClass, "hookClass"));
    }

    /** The hook's name in messages; without one it is called by its class. */
    public Optional<String> name() {
        return Optional.ofNullable(name);
    }

    /** The place among the table's hooks; 0 where none was given. */
    public int order() {
        return order;
    }

    /** Whether its after methods are called out of a store. */
    public boolean isDurable() {
        return durable;
    }

    /** The class behind a proxy; empty where the hook is none. */
    public Optional<Class<?>> implementation() {
        return Optional.ofNullable(implementation);
    }

    private static String checked(String name) {
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("A hook's name must not be empty; leave it out for the class name");
        }
        return name;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HookOptions that
                && Objects.equals(name, that.name)
                && order == that.order
                && durable == that.durable
                && implementation == that.implementation;
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, order, durable, implementation);
    }

    @Override
    public String toString() {
        return (durable ? "durable " : "")
                + (name == null ? "without a name" : "'" + name + "'")
                + (order == 0 ? "" : ", order " + order);
    }
}
