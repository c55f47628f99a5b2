package dev.commithooks.engine.telling;

/** Exceptions that must not be lost while another is on its way. */
public final class Suppressed {

    private Suppressed() {}

    /** Adds one exception to another as suppressed, unless it is the same, or one that it stems from. */
    public static void add(Throwable primary, Throwable other) {
        for (Throwable cause = primary; cause != null; cause = cause.getCause()) {
            if (cause == other) {
                return;
            }
        }
        primary.addSuppressed(other);
    }

    /**
     * Throws a checked exception where none is declared: jOOQ wraps it as it wraps those of the transaction's own work.
     *
     * @return never; so that the caller can write {@code throw}
     */
    @SuppressWarnings("unchecked")
    public static <T extends Throwable> RuntimeException rethrow(Throwable failure) throws T {
        throw (T) failure;
    }
}
