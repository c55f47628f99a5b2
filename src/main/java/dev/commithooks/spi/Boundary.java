package dev.commithooks.spi;

import dev.commithooks.transaction.FailureStage;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInDoubtException;
import org.jspecify.annotations.Nullable;

/**
 * The boundary of one top-level transaction, driven by whoever owns it: {@link #aboutToCommit()}, COMMIT by the owner,
 * {@link #completed}, {@link #deliver()}. A rollback is {@code completed} and {@code deliver} alone. Implemented by the library,
 * not for implementation by others.
 *
 * <p>Savepoints are followed by the objects that stand for them; a name is the savepoint that SQL calls so. A call that is
 * repeated does nothing.
 */
public interface Boundary {

    /**
     * Runs the before hooks, and goes on taking what this thread writes: for transactions over several databases, whose before
     * hooks may write to each of them. {@link #aboutToCommit()} is to follow. To be called as that is.
     *
     * @throws RuntimeException as {@link #aboutToCommit()}
     */
    void runBeforeHooks();

    /** Whether anybody would hear of the transaction's end, as far as is known by now. */
    boolean hasSomethingToTell();

    /**
     * Runs the before hooks, if {@link #runBeforeHooks()} has not. To be called on the transaction's thread, when its work is done
     * and COMMIT is the next thing to be sent.
     *
     * @throws RuntimeException what a before hook threw, or why the transaction must not be committed: the owner has to roll it
     *     back
     */
    void aboutToCommit();

    /**
     * The outcome of a COMMIT that threw: rolled back where the exception proves that, else what the resolver can find out. To
     * be called once, when the transaction's connection is given back, before {@link #completed}. What the resolver throws is
     * suppressed in the failure.
     */
    Outcome judge(Throwable failure);

    /**
     * The exception for the caller of a COMMIT of which {@link #judge} could not find out how it ended.
     *
     * @param failure what COMMIT threw; the cause
     */
    TransactionInDoubtException inDoubt(Throwable failure);

    /**
     * The rollback that follows is of this stage: for transactions over several databases, of which another one cannot be
     * committed.
     */
    void endsAt(FailureStage stage);

    /**
     * Decides how the transaction ended. Runs no hook, throws nothing, and may be called on any thread.
     *
     * @param outcome what is proven; {@link Outcome#UNKNOWN} where nothing is
     * @param cause why it was not committed, if that is known
     */
    void completed(Outcome outcome, @Nullable Throwable cause);

    /**
     * Runs the after, failed or in-doubt hooks. To be called once the transaction's connection is given back and the thread is
     * free for transactions of its own.
     *
     * @throws RuntimeException what hooks threw, when all have run; where a cause was given to {@link #completed}, it is
     *     suppressed in that instead
     */
    void deliver();

    /**
     * Ends without a call of any hook, in place of {@link #deliver()}: for tests that roll back what they have only pretended to
     * commit. Observers hear of the outcome.
     */
    void discard();

    /**
     * Whether an error of a statement has aborted the transaction, so that the server would answer COMMIT with ROLLBACK and the
     * driver report success. To be asked while the transaction is open; costs no round trip where the driver knows.
     */
    boolean isAborted();

    /** A savepoint was set. */
    void savepointSet(Object savepoint);

    /** A savepoint was released, and with it those set after it. */
    void savepointReleased(Object savepoint);

    /**
     * What came after the savepoint was rolled back, as the database has confirmed: its changes are taken out now, its failed hooks
     * run at the next safe moment. Of a savepoint that was set before this boundary was opened, that is all changes. Not to be told
     * of a rollback to a savepoint that fails, which undoes nothing.
     */
    void savepointRolledBack(Object savepoint);

    /**
     * Runs the failed hooks of savepoints that are rolled back. To be called when the rollback to one is through, and the
     * transaction is fit for work; an owner that does not call it has them run before the next statement on a table with hooks, or
     * at the end.
     *
     * @throws RuntimeException what they threw, when all have run
     */
    void deliverRolledBack();
}
