package dev.commithooks.spring;

import dev.commithooks.spi.Boundary;
import dev.commithooks.transaction.Outcome;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.UnexpectedRollbackException;

/**
 * The end of one transaction, after its manager has done its part.
 *
 * <p>The manager's word is good for one thing: a transaction that it reports as committed is, since an aborted one was kept from
 * COMMIT. All other statuses differ from manager to manager, and some are wrong. If COMMIT was not sent, the transaction is rolled
 * back; if it was, its exception is judged as everywhere.
 */
final class Ending {

    private static final System.Logger LOG = System.getLogger("dev.commithooks");

    private final SpringTransaction transaction;
    private final Consumer<Runnable> outside;

    /**
     * The end of a transaction.
     *
     * @param outside runs hooks outside of all transactions
     */
    Ending(SpringTransaction transaction, Consumer<Runnable> outside) {
        this.transaction = transaction;
        this.outside = outside;
    }

    /**
     * Decides the outcome of a COMMIT that was asked for, and runs the hooks.
     *
     * @param given what the manager threw; null for nothing
     * @return what the caller is to be thrown; null for nothing
     */
    @Nullable
    Throwable settle(@Nullable Throwable given) {
        Throwable failure = given != null && transaction.isRollbackByHooks(given) ? null : given;
        Boundary boundary = transaction.boundaryOrNull();
        if (boundary == null) {
            return failure;
        }
        Outcome outcome = outcome(boundary, failure);
        Throwable thrown = failure;
        if (outcome == Outcome.UNKNOWN) {
            thrown = boundary.inDoubt(failure != null ? failure : new IllegalStateException("no outcome was reported"));
        } else if (outcome == Outcome.COMMITTED && failure != null && !transaction.isReportedCommitted()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The transaction" + transaction.title()
                            + " IS committed, as could be found out: COMMIT got no answer",
                    failure);
            thrown = null;
        }
        boundary.completed(outcome, outcome == Outcome.COMMITTED || isOnPurpose(failure) ? null : thrown);
        return with(thrown, deliver(boundary));
    }

    private static @Nullable Throwable with(@Nullable Throwable thrown, @Nullable Throwable ofHooks) {
        if (thrown == null) {
            return ofHooks;
        }
        if (ofHooks != null && ofHooks != thrown) {
            thrown.addSuppressed(ofHooks);
        }
        return thrown;
    }

    private @Nullable Throwable deliver(Boundary boundary) {
        try {
            outside.accept(boundary::deliver);
            return null;
        } catch (Throwable ofHooks) {
            return ofHooks;
        }
    }

    private Outcome outcome(Boundary boundary, @Nullable Throwable failure) {
        if (transaction.isReportedCommitted()) {
            return Outcome.COMMITTED;
        }
        if (!transaction.isPrepared()) {
            return Outcome.ROLLED_BACK;
        }
        return failure == null ? Outcome.UNKNOWN : boundary.judge(failure);
    }

    private static boolean isOnPurpose(@Nullable Throwable failure) {
        return failure instanceof UnexpectedRollbackException;
    }

    /**
     * Tells of a rollback. An exception from here would replace the application's own: what failed hooks throw is suppressed in that
     * one, or logged where it is not known.
     */
    void rolledBack(@Nullable Throwable cause) {
        Boundary boundary = transaction.boundaryOrNull();
        if (boundary == null) {
            return;
        }
        boundary.completed(Outcome.ROLLED_BACK, cause);
        note(deliver(boundary), cause, "the transaction" + transaction.title());
    }

    /** Tells of a nested transaction that is rolled back. */
    static void ofPart(Boundary boundary, @Nullable Throwable cause) {
        try {
            boundary.deliverRolledBack();
        } catch (Throwable ofHooks) {
            note(ofHooks, cause, "a nested transaction");
        }
    }

    private static void note(@Nullable Throwable ofHooks, @Nullable Throwable cause, String what) {
        if (ofHooks == null || ofHooks == cause) {
            return;
        }
        if (cause != null) {
            cause.addSuppressed(ofHooks);
        } else {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Failed hooks of " + what + " threw; its data IS rolled back",
                    ofHooks);
        }
    }

    /** Throws an exception as it is, checked or not, unless that is none, or the one that is on its way already. */
    static void rethrow(@Nullable Throwable thrown, @Nullable Throwable onItsWay) {
        if (thrown != null && thrown != onItsWay) {
            throw Ending.<RuntimeException>unchecked(thrown);
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T unchecked(Throwable failure) throws T {
        throw (T) failure;
    }
}
