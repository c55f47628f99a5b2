package dev.commithooks.hook;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a hook is registered. Immutable.
 *
 * @param name its name in messages; null for its class's name
 * @param order its place among the table's hooks, lower first; those of the same order run in registration order
 * @param durable whether its after methods are called out of a store, at least once, on any node, after any crash
 */
public record HookOptions(@Nullable String name, int order, boolean durable) {

    /** Checks the name. */
    public HookOptions {
        if (durable && name == null) {
            throw new IllegalArgumentException("A durable hook needs a name, under which its calls are stored");
        }
        if (name != null && name.isBlank()) {
            throw new IllegalArgumentException("A hook's name must not be empty; leave it out for the class name");
        }
    }

    /** A hook with this name. */
    public static HookOptions named(String name) {
        return new HookOptions(Objects.requireNonNull(name, "name"), 0, false);
    }

    /** A hook in this place. */
    public static HookOptions ordered(int order) {
        return new HookOptions(null, order, false);
    }

    /** The same in this place. */
    public HookOptions order(int newOrder) {
        return new HookOptions(name, newOrder, durable);
    }

    /**
     * A hook whose after methods are stored with the transaction and called at least once, on any node, after any crash; see
     * {@link dev.commithooks.CommitHooksBuilder#durable}. Its in-doubt method is never called: what is stored decides.
     *
     * @param name the name under which its calls are stored; it must stay when the class is renamed
     */
    public static HookOptions durable(String name) {
        return new HookOptions(Objects.requireNonNull(name, "name"), 0, true);
    }
}
