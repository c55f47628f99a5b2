package dev.commithooks.engine.telling;

import static dev.commithooks.transaction.Outcome.ROLLED_BACK;

import dev.commithooks.policy.AfterCommitErrors;
import dev.commithooks.transaction.HookFailure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The exceptions that hooks threw when nothing could be undone by them any more. They go into the exception on its way to the
 * caller, if there is one; else they wait until they may be thrown.
 */
final class Aftermath {

    private final TransactionInfo transaction;
    private final AfterCommitErrors afterCommitErrors;
    private final boolean mayBeForestalled;
    private @Nullable Throwable waiting;

    /** The aftermath of a transaction; where it may be forestalled, others may throw before this is asked. */
    Aftermath(TransactionInfo transaction, AfterCommitErrors afterCommitErrors, boolean mayBeForestalled) {
        this.transaction = transaction;
        this.afterCommitErrors = afterCommitErrors;
        this.mayBeForestalled = mayBeForestalled;
    }

    /** Takes the failures of one phase. */
    void take(Outcome outcome, List<HookFailure> failures, @Nullable Throwable onItsWay) {
        if (outcome == ROLLED_BACK) {
            for (HookFailure failure : failures) {
                Failures.noteFailed(transaction, failure);
                take(failure.cause(), onItsWay);
            }
            return;
        }
        try {
            afterCommitErrors.handle(Failures.exception(transaction, outcome, failures));
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
            Failures.logPending(transaction.id(), failure);
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
