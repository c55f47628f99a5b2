package dev.commithooks.engine.telling;

import dev.commithooks.row.TableName;
import dev.commithooks.transaction.AfterCommitException;
import dev.commithooks.transaction.FailureNote;
import dev.commithooks.transaction.HookFailure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.util.List;
import java.util.stream.Collectors;

/** The words for the exceptions of hooks and of clean-ups after the end of a transaction. */
public final class Failures {

    private static final System.Logger LOG = System.getLogger("dev.commithooks");

    private Failures() {}

    static AfterCommitException exception(TransactionInfo transaction, Outcome outcome, List<HookFailure> failures) {
        String what = failures.stream().map(Failures::describe).collect(Collectors.joining("; "));
        String how = outcome == Outcome.COMMITTED
                ? "Transaction " + transaction.id() + " IS committed: do not repeat it."
                : "Transaction " + transaction.id() + " IS IN DOUBT.";
        return new AfterCommitException(
                what + ". " + how + " All other hooks and callbacks ran.", outcome, transaction, failures);
    }

    /** Has an exception say which before hook threw it. */
    static void noteVeto(TransactionInfo transaction, HookFailure veto) {
        String table = veto.table()
                .map(its -> " hook '" + veto.hook() + "' on " + TableName.of(its))
                .orElse(" callback");
        note(
                "The " + veto.method() + table + " threw: COMMIT is not sent, transaction " + transaction.id()
                        + " IS rolled back. No other before hook ran after it.",
                transaction,
                veto);
    }

    /** Has an exception say which failed hook threw it. */
    static void noteFailed(TransactionInfo transaction, HookFailure failure) {
        note(
                "The " + failure.description() + ". What it was called for IS rolled back, in transaction "
                        + transaction.id() + ". All other hooks and callbacks ran.",
                transaction,
                failure);
    }

    /** An exception that is thrown again and again, a constant for instance, gets its first note only, and does not grow. */
    private static void note(String message, TransactionInfo transaction, HookFailure failure) {
        Throwable cause = failure.cause();
        if (FailureNote.of(cause).isEmpty()) {
            cause.addSuppressed(new FailureNote(message, transaction, failure));
        }
    }

    /** An exception's own text is its class's doing, which must not lose the exception. */
    private static String describe(HookFailure failure) {
        try {
            return failure.toString();
        } catch (RuntimeException | Error e) {
            return "hook '" + failure.hook() + "' failed with "
                    + failure.cause().getClass().getName();
        }
    }

    static void logPending(String transaction, Throwable failure) {
        LOG.log(
                System.Logger.Level.ERROR,
                "Transaction " + transaction + ": " + failure.getMessage()
                        + " This is about to be thrown, unless another transaction listener throws first.",
                failure);
    }

    /** A clean-up after the end of a transaction failed. */
    public static void logCleanUp(String transaction, Throwable failure) {
        LOG.log(
                System.Logger.Level.WARNING,
                "A clean-up after the end of transaction " + transaction
                        + " failed: autocommit was not restored or the connection not released. The transaction's"
                        + " outcome stands.",
                failure);
    }

    /** Logs that somebody else has ended a transaction. */
    public static void logEndBehindOurBack(String transaction, String how) {
        LOG.log(
                System.Logger.Level.WARNING,
                "Transaction {0} was ended behind the back of its hooks, by {1}: {2} so far is in doubt. Leave the end of a"
                        + " transaction to dsl.transaction.",
                transaction,
                how,
                "what was recorded");
    }
}
