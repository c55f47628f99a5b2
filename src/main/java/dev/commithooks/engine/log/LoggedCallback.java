package dev.commithooks.engine.log;

import dev.commithooks.hook.RollbackCallback;
import dev.commithooks.spi.HookObserver.Phase;

/**
 * An ad hoc callback, in its place among the writes.
 *
 * @param phase when it is to run
 * @param callback what is to run; only those of the failed phase are given a failure
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
