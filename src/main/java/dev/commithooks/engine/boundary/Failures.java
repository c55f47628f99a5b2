package dev.commithooks.engine.boundary;

import dev.commithooks.transaction.AfterCommitException;
import dev.commithooks.transaction.HookFailure;
import dev.commithooks.transaction.Outcome;
import java.util.List;
import java.util.stream.Collectors;

/** The words for what hooks threw after the end of a transaction. */
final class Failures {

    private static final System.Logger LOG = System.getLogger("dev.commithooks");

    private Failures() {}

    static AfterCommitException exception(String transaction, Outcome outcome, List<HookFailure> failures) {
        String what = failures.stream().map(HookFailure::toString).collect(Collectors.joining("; "));
        String how = outcome == Outcome.COMMITTED
                ? "Transaction " + transaction + " IS committed: do not repeat it."
                : "Transaction " + transaction + " IS IN DOUBT.";
        return new AfterCommitException(what + ". " + how + " All other hooks and callbacks ran.", outcome, failures);
    }

    static void logPending(String transaction, Throwable failure) {
        LOG.log(
                System.Logger.Level.ERROR,
                "Transaction " + transaction + ": " + failure.getMessage()
                        + " This is about to be thrown, unless another transaction listener throws first.",
                failure);
    }

    static void logCleanUp(String transaction, Throwable failure) {
        LOG.log(
                System.Logger.Level.WARNING,
                "A clean-up after the end of transaction " + transaction
                        + " failed: autocommit was not restored or the connection not released. The transaction's"
                        + " outcome stands.",
                failure);
    }
}
