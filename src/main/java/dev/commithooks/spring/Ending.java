package dev.commithooks.spring;

import dev.commithooks.spi.Boundary;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionAbortedException;
import dev.commithooks.transaction.TransactionInDoubtException;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The end of one transaction, around what its manager does.
 *
 * <p>The manager's word is good for one thing: a transaction that it reports as committed is, since an aborted one was kept from
 * COMMIT. All other statuses differ from manager to manager, and some are wrong. If COMMIT was not sent, the transaction is rolled
 * back; if it was, its exception is judged as everywhere.
 */
final class Ending {

    private static final System.Logger LOG = System.getLogger("dev.commithooks");

    private static final TransactionDefinition OUTSIDE =
            new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);

    private final PlatformTransactionManager manager;
    private final SpringTransactions transactions;
    private final SpringTransaction transaction;

    Ending(PlatformTransactionManager manager, SpringTransactions transactions, SpringTransaction transaction) {
        this.manager = manager;
        this.transactions = transactions;
        this.transaction = transaction;
    }

    void commit() {
        transaction.marksItself();
        TransactionSynchronizationManager.registerSynchronization(transaction.new BeforeCommit(manager));
        Throwable failure = failureOf(() -> manager.commit(transaction.status()));
        if (failure != null && transaction.isRollbackByHooks(failure)) {
            failure = null;
        }
        Boundary boundary = transaction.boundaryOrNull();
        if (boundary != null) {
            failure = settle(boundary, failure);
        }
        if (failure != null) {
            throw Ending.<RuntimeException>unchecked(failure);
        }
    }

    /** Decides the outcome and runs the hooks; what the caller is to be thrown, null for nothing. */
    private @Nullable Throwable settle(Boundary boundary, @Nullable Throwable failure) {
        Outcome outcome = outcome(boundary, failure);
        Throwable thrown = failure == null && transaction.wasAbortedAtTheLast() ? aborted() : failure;
        if (outcome == Outcome.UNKNOWN) {
            thrown = inDoubt(failure);
        } else if (outcome == Outcome.COMMITTED && failure != null && !transaction.isReportedCommitted()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The transaction" + transaction.title()
                            + " IS committed, as could be found out: COMMIT got no answer",
                    failure);
            thrown = null;
        }
        boundary.completed(outcome, outcome == Outcome.COMMITTED || isOnPurpose(failure) ? null : thrown);
        Throwable hooks = failureOf(() -> outsideOfOthers(boundary::deliver));
        if (thrown == null) {
            return hooks;
        }
        if (hooks != null && hooks != thrown) {
            thrown.addSuppressed(hooks);
        }
        return thrown;
    }

    private Outcome outcome(Boundary boundary, @Nullable Throwable failure) {
        if (transaction.isReportedCommitted() && !transaction.wasAbortedAtTheLast()) {
            return Outcome.COMMITTED;
        }
        if (!transaction.isPrepared() || transaction.wasAbortedAtTheLast()) {
            return Outcome.ROLLED_BACK;
        }
        return failure == null ? Outcome.UNKNOWN : boundary.judge(failure);
    }

    private static boolean isOnPurpose(@Nullable Throwable failure) {
        return failure instanceof UnexpectedRollbackException;
    }

    private TransactionAbortedException aborted() {
        return new TransactionAbortedException(
                "The transaction" + transaction.title()
                        + " IS rolled back: an error of a statement in beforeCompletion had"
                        + " aborted it and was swallowed. Let nothing fail there, or do it in beforeCommit.",
                null);
    }

    private TransactionInDoubtException inDoubt(@Nullable Throwable failure) {
        Throwable cause = failure != null ? failure : new IllegalStateException("no outcome was reported");
        return new TransactionInDoubtException(
                "The transaction" + transaction.title() + " IS IN DOUBT: COMMIT got no answer (" + cause.getMessage()
                        + ") and nobody could tell whether the data is committed. Look at the data before you repeat the"
                        + " work.",
                null,
                cause);
    }

    /** An exception from here would replace the application's own: what failed hooks throw is logged. */
    void rollback() {
        Throwable failure = failureOf(() -> manager.rollback(transaction.status()));
        Boundary boundary = transaction.boundaryOrNull();
        if (boundary != null) {
            boundary.completed(Outcome.ROLLED_BACK, null);
            Throwable hooks = failureOf(() -> outsideOfOthers(boundary::deliver));
            if (hooks != null) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "Failed hooks of the transaction" + transaction.title() + " threw; its data IS rolled back",
                        hooks);
            }
        }
        if (failure != null) {
            throw Ending.<RuntimeException>unchecked(failure);
        }
    }

    private @Nullable Throwable failureOf(Runnable action) {
        try {
            action.run();
            return null;
        } catch (Throwable failure) {
            return failure;
        } finally {
            transactions.ended(transaction);
        }
    }

    /** Hooks are outside of the transaction that was suspended for theirs and is resumed by now. */
    private void outsideOfOthers(Runnable hooks) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            hooks.run();
            return;
        }
        TransactionStatus outside = manager.getTransaction(OUTSIDE);
        try {
            hooks.run();
        } finally {
            manager.commit(outside);
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // an exception is thrown as it is, checked or not
    private static <T extends Throwable> T unchecked(Throwable failure) throws T {
        throw (T) failure;
    }
}
