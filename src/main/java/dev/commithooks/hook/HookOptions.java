package dev.commithooks.hook;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a hook is registered. Immutable.
 *
 * @param name its name in messages; null for its class's name
 * @param order its place among the table's hooks, lower first; those of the same order run in registration order
 */
public record HookOptions(@Nullable String name, int order) {

    /** Checks the name. */
    public HookOptions {
        if (name != null && name.isBlank()) {
            throw new IllegalArgumentException("A hook's name must not be empty; leave it out for the class name");
        }
    }

    /** A hook with this name. */
    public static HookOptions named(String name) {
        return new HookOptions(Objects.requireNonNull(name, "name"), 0);
    }

    /** A hook in this place. */
    public static HookOptions ordered(int order) {
        return new HookOptions(null, order);
    }

    /** The same in this place. */
    public HookOptions order(int newOrder) {
        return new HookOptions(name, newOrder);
    }
}
