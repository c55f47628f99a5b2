package dev.commithooks.jta;

import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The open transactions of a manager that have resources or hooks, and the steps that end them. */
final class KnownTransactions {

    private static final System.Logger LOG = System.getLogger("dev.commithooks");

    private final TransactionManager delegate;
    private final TransactionSynchronizationRegistry registry;
    private final boolean isAtomikos;

    private final LateOutcomes lateOutcomes;
    /** By what their manager knows them by. */
    private final Map<Transaction, JtaTransaction> open = new ConcurrentHashMap<>();

    KnownTransactions(
            TransactionManager manager, TransactionSynchronizationRegistry registry, LateOutcomes lateOutcomes) {
        this.delegate = manager;
        this.isAtomikos = manager.getClass().getName().startsWith("com.atomikos.");
        this.registry = registry;
        this.lateOutcomes = lateOutcomes;
    }

    /** Whether this thread is in one that is not being ended. */
    boolean isAtWork() {
        return isAtWork(status());
    }

    private int status() {
        try {
            return delegate.getStatus();
        } catch (SystemException unknown) {
            return Status.STATUS_UNKNOWN;
        }
    }

    private static boolean isAtWork(int status) {
        return status == Status.STATUS_ACTIVE || status == Status.STATUS_MARKED_ROLLBACK;
    }

    /** The transaction of this thread, if it is at work; null where there is none, or a committed one that is being told of. */
    @Nullable
    JtaTransaction ofThread() {
        int status = status();
        if (status == Status.STATUS_NO_TRANSACTION || status == Status.STATUS_COMMITTED) {
            return null;
        }
        if (!isAtWork(status)) {
            throw new IllegalStateException(
                    "The JTA transaction of this thread is over, or being ended (status " + status
                            + "): it may have timed out. Nothing was sent. Roll it back, or suspend it, and begin another.");
        }
        try {
            return of(Objects.requireNonNull(delegate.getTransaction()));
        } catch (SystemException failure) {
            throw new IllegalStateException(
                    "The transaction manager did not tell the transaction of this thread; nothing was sent", failure);
        }
    }

    /** The transaction of this thread, in whatever state; null where it has neither resources nor hooks. */
    @Nullable
    JtaTransaction onThread() {
        try {
            return known(delegate.getTransaction());
        } catch (SystemException unknown) {
            return null;
        }
    }

    /** The transaction that the manager knows by this object, known from now on. */
    JtaTransaction of(Transaction transaction) throws SystemException {
        JtaTransaction known = open.get(transaction);
        if (known != null) {
            return known;
        }
        open.values().removeIf(JtaTransaction::hasEndedUnheard);
        JtaTransaction begun = new JtaTransaction(this, transaction);
        open.put(transaction, begun);
        boolean isRegistered = false;
        try {
            begun.register();
            isRegistered = true;
        } finally {
            if (!isRegistered) {
                ended(begun); // whoever tries again must not find one whose end nobody would tell
            }
        }
        return begun;
    }

    /** The same; null where it has neither resources nor hooks. */
    @Nullable
    JtaTransaction known(@Nullable Transaction transaction) {
        return transaction == null ? null : open.get(transaction);
    }

    /** It was marked rollback-only by somebody who meant it. */
    void marked(@Nullable Transaction transaction) {
        JtaTransaction known = known(transaction);
        if (known != null) {
            known.marked();
        }
    }

    void ended(JtaTransaction transaction) {
        open.remove(transaction.transaction(), transaction);
    }

    /** How many transactions are open. */
    int size() {
        return open.size();
    }

    LateOutcomes lateOutcomes() {
        return lateOutcomes;
    }

    /** Whether the manager calls an interposed synchronization that is registered while others have their last word. */
    boolean takesLateSynchronizations() {
        return !isAtomikos;
    }

    /** Whether the manager tells interposed synchronizations of transactions that are rolled back. */
    boolean tellsInterposedOfRollbacks() {
        return !isAtomikos;
    }

    /** Whether the manager commits a resource that is not XA between the two phases of the others, and refuses a second. */
    boolean takesLocalResources() {
        return !isAtomikos;
    }

    /** For the transaction of this thread. */
    void registerInterposed(Synchronization synchronization) {
        registry.registerInterposedSynchronization(synchronization);
    }

    // ---------------------------------------------------------------- the end

    /** A step of JTA's, with its checked exceptions. */
    interface Step {
        void run() throws Exception;
    }

    /** Takes a step; its exceptions reach the caller as they are. */
    void call(Step step) {
        try {
            step.run();
        } catch (Exception failure) {
            throw Ending.<RuntimeException>unchecked(failure);
        }
    }

    /** Ends a transaction and runs its hooks; one that is not known has none. */
    void end(@Nullable JtaTransaction transaction, Step end, boolean isCommit) {
        if (transaction == null) {
            call(end);
            return;
        }
        Throwable failure = null;
        if (isCommit && transaction.status() == Status.STATUS_MARKED_ROLLBACK) {
            transaction.marked(); // the block is content with it
        } else if (isCommit && transaction.isMarked()) {
            call(() -> transaction.transaction().setRollbackOnly());
        }
        transaction.endingOn(Thread.currentThread());
        try {
            end.run();
        } catch (Throwable thrown) {
            failure = thrown;
        } finally {
            transaction.endingOn(null);
        }
        Throwable thrown = new Ending(transaction, this).settle(failure, isCommit);
        if (thrown != null) {
            throw Ending.<RuntimeException>unchecked(thrown);
        }
    }

    /** Commits the transaction of this thread. */
    void commit() throws SystemException {
        JtaTransaction known = known(delegate.getTransaction());
        end(known, () -> commit(known, delegate::commit), true);
    }

    /** Commits the transaction of this thread; where it cannot be done later, the last word is given to hooks now. */
    private void commit(@Nullable JtaTransaction known, Step commit) throws Exception {
        if (known != null && !takesLateSynchronizations() && known.status() == Status.STATUS_ACTIVE) {
            known.registerLastWord();
        }
        commit.run();
    }

    /** Commits a transaction, whichever this thread is in: its before hooks work in it, and so the thread has to. */
    void commit(Transaction transaction) {
        JtaTransaction known = known(transaction);
        if (known == null || isOnThread(transaction)) {
            end(known, () -> commit(known, transaction::commit), true);
            return;
        }
        end(
                known,
                () -> {
                    Transaction other = delegate.suspend();
                    try {
                        delegate.resume(transaction);
                        commit(known, delegate::commit);
                    } finally {
                        if (other != null) {
                            delegate.resume(other);
                        }
                    }
                },
                true);
    }

    /** Whether this thread is in it. */
    boolean isOnThread(Transaction transaction) {
        try {
            return transaction.equals(delegate.getTransaction());
        } catch (SystemException unknown) {
            return false;
        }
    }

    /** Rolls back in place of a commit, since somebody means it so: nothing has failed but for what hooks throw. */
    void rollBackAsAsked(JtaTransaction transaction) {
        end(transaction, delegate::rollback, true);
    }

    /** A transaction that a hook has left open would take in whatever this thread writes next, and never commit it. */
    private void endWhatIsLeft() throws SystemException {
        Transaction left = delegate.getTransaction();
        if (left != null) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "A hook has begun a JTA transaction and not ended it; it IS rolled back: " + left);
            end(known(left), delegate::rollback, false);
        }
    }

    /** Runs hooks outside of the transaction that the thread may still be in. */
    void outside(Runnable hooks) {
        call(() -> {
            Transaction suspended = delegate.suspend();
            try {
                hooks.run();
            } finally {
                endWhatIsLeft();
                if (suspended != null) {
                    delegate.resume(suspended);
                }
            }
        });
    }
}
