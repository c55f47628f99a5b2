package dev.commithooks.engine.boundary;

import static dev.commithooks.transaction.Outcome.ROLLED_BACK;

import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.policy.AfterCommitErrors;
import dev.commithooks.transaction.HookFailure;
import dev.commithooks.transaction.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What hooks threw when nothing could be undone by it any more, and where it goes: into the exception on its way, if there is
 * one; else it waits until it may be thrown.
 */
final class Aftermath {

    private final TransactionScope scope;
    private final AfterCommitErrors afterCommitErrors;
    private final boolean mayBeForestalled;
    private @Nullable Throwable waiting;

    /** The aftermath of a transaction; others may listen to its end, too, and throw before we are asked. */
    Aftermath(TransactionScope scope, AfterCommitErrors afterCommitErrors, boolean mayBeForestalled) {
        this.scope = scope;
        this.afterCommitErrors = afterCommitErrors;
        this.mayBeForestalled = mayBeForestalled;
    }

    /** Takes what hooks of one phase threw. */
    void take(Outcome outcome, List<HookFailure> failures, @Nullable Throwable onItsWay) {
        if (outcome == ROLLED_BACK) {
            failures.forEach(failure -> take(failure.cause(), onItsWay));
            return;
        }
        try {
            afterCommitErrors.handle(Failures.exception(scope.id(), outcome, failures));
        } catch (Throwable thrown) {
            take(thrown, onItsWay);
        }
    }

    /**
     * Takes one exception. Where another listener of transactions may throw first, ours would never be asked for: so that
     * nothing is lost, it is also logged then.
     */
    void take(Throwable failure, @Nullable Throwable onItsWay) {
        if (onItsWay != null) {
            Suppressed.add(onItsWay, failure);
            return;
        }
        if (mayBeForestalled) {
            Failures.logPending(scope.id(), failure);
        }
        if (waiting == null) {
            waiting = failure;
        } else {
            Suppressed.add(waiting, failure);
        }
    }

    /** Throws what waits to be thrown, once. */
    void throwWaiting() {
        Throwable failure = waiting;
        waiting = null;
        if (failure != null) {
            throw Suppressed.<RuntimeException>rethrow(failure);
        }
    }
}
