package dev.commithooks.engine.log;

/**
 * The place where a savepoint begins or was released. Folding passes over it; {@code pending()} shows its tree by it.
 *
 * @param title the savepoint in words; null where the innermost open one is released
 */
public record LevelMark(@org.jspecify.annotations.Nullable String title) implements LogItem {

    /** The release of the innermost open savepoint. */
    public static final LevelMark RELEASED = new LevelMark(null);
}
