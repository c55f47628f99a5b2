package dev.commithooks.engine.log;

import dev.commithooks.hook.RollbackCallback;
import dev.commithooks.spi.HookObserver.Phase;

/**
 * An ad hoc callback, in its place among the writes.
 *
 * @param phase the phase in which it runs
 * @param callback the callback; only those of the failed phase are given a failure
 */
public record LoggedCallback(Phase phase, RollbackCallback callback) implements LogItem {

    /** The name of the method that registers such a callback. */
    public String methodName() {
        return switch (phase) {
            case BEFORE -> "beforeCommit";
            case AFTER -> "onCommit";
            case FAILED -> "onRollback";
            case IN_DOUBT -> "onInDoubt";
        };
    }
}
