package dev.commithooks.transaction;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The reason why changes were not committed. Immutable. */
public final class Failure {

    private final FailureStage stage;
    private final @Nullable Throwable cause;
    private final boolean beforeRan;

    private Failure(FailureStage stage, @Nullable Throwable cause, boolean beforeRan) {
        this.stage = stage;
        this.cause = cause;
        this.beforeRan = beforeRan;
    }

    /** A failure, made by hand to test a hook with. */
    public static Failure of(FailureStage stage, @Nullable Throwable cause, boolean beforeRan) {
        return new Failure(stage, cause, beforeRan);
    }

    /** The stage at which it failed. */
    public FailureStage stage() {
        return stage;
    }

    /** The exception, if there was one: a savepoint or transaction may also be rolled back on purpose. */
    public Optional<Throwable> cause() {
        return Optional.ofNullable(cause);
    }

    /** Whether the before hooks of the change at hand had run. */
    public boolean beforeRan() {
        return beforeRan;
    }

    @Override
    public String toString() {
        return stage + (cause == null ? "" : " by " + cause) + (beforeRan ? ", after its before hooks" : "");
    }
}
