package dev.commithooks.engine.log;

/**
 * Where a savepoint begins or was released. Says nothing to folding; kept so that what is pending can be shown as a tree.
 *
 * @param title what the savepoint is; null where the innermost open one is released
 */
public record LevelMark(@org.jspecify.annotations.Nullable String title) implements LogItem {

    /** Where the innermost open savepoint was released. */
    public static final LevelMark RELEASED = new LevelMark(null);
}
