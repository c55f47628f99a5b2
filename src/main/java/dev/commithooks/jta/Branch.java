package dev.commithooks.jta;

import dev.commithooks.spi.OutcomeResolver.Inquiry;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.util.Optional;
import javax.transaction.xa.XAException;
import org.jspecify.annotations.Nullable;

/**
 * One branch of a JTA transaction, as its resource saw it: what the manager asked of it, and what it answered. The manager's own
 * status says COMMITTED of branches that are not. Thread-safe.
 */
final class Branch {

    private final BranchId id;
    /** Whether its resource is not XA, and is never prepared. */
    private boolean isLocal;

    private boolean isPrepared;
    private boolean isCommitSent;
    /** Whether its hooks are told what is known of it by now. */
    private boolean isTaken;

    private @Nullable Outcome outcome;
    private @Nullable XAException failure;
    /** The database it is in; null where that is not known. */
    private @Nullable String database;
    /** What in-doubt hooks were told of, and how to ask again; null until then. */
    private @Nullable TransactionInfo told;

    private @Nullable Inquiry inquiry;

    Branch(BranchId id) {
        this.id = id;
    }

    BranchId id() {
        return id;
    }

    synchronized void local() {
        isLocal = true;
    }

    synchronized boolean isLocal() {
        return isLocal;
    }

    synchronized void prepared() {
        isPrepared = true;
    }

    /** It has nothing to commit. */
    synchronized void readOnly() {
        outcome = Outcome.COMMITTED;
    }

    synchronized void committing() {
        isCommitSent = true;
    }

    synchronized void ended(Outcome how) {
        outcome = how;
    }

    /** From now on its hooks hear nothing new of it: whatever becomes of it is late. */
    synchronized void taken() {
        isTaken = true;
    }

    /** Notes the end of one that was in doubt, unless that is late for its hooks; whether it is. */
    synchronized boolean endsLate(Outcome how) {
        if (!isTaken) {
            outcome = how;
        }
        return isTaken;
    }

    synchronized void failed(XAException how) {
        failure = how;
    }

    /** The answer that was no success; null where there was none. */
    synchronized @Nullable XAException failure() {
        return failure;
    }

    /** What tells how it ended, as far as a failure can: what is prepared is kept, whatever the server answers. */
    Throwable failureToJudge() {
        XAException its = failure();
        return its == null || isPrepared() ? new IllegalStateException(Answers.describe(its)) : its;
    }

    /** Whether it is prepared, for all that is known, and waits for recovery. */
    synchronized boolean isInDoubt() {
        return isPrepared && outcome == Outcome.UNKNOWN;
    }

    synchronized void in(String name) {
        database = name;
    }

    synchronized @Nullable String database() {
        return database;
    }

    /** In-doubt hooks are told of it. */
    synchronized void told(@Nullable TransactionInfo transaction, @Nullable Inquiry question) {
        told = transaction;
        inquiry = question;
    }

    synchronized Optional<TransactionInfo> told() {
        return Optional.ofNullable(told);
    }

    synchronized @Nullable Inquiry inquiry() {
        return inquiry;
    }

    /** Whether it was prepared, so that nothing but the decision of the manager, or somebody's hand, could end it. */
    synchronized boolean isPrepared() {
        return isPrepared;
    }

    synchronized boolean isCommitSent() {
        return isCommitSent;
    }

    /**
     * How it ended.
     *
     * @param isCommitDecided whether the manager has sent COMMIT to any branch of the transaction
     */
    synchronized Outcome outcome(boolean isCommitDecided) {
        if (outcome != null) {
            return outcome;
        }
        return isCommitDecided ? Outcome.UNKNOWN : Outcome.ROLLED_BACK;
    }

    @Override
    public synchronized String toString() {
        return "branch " + id.branch() + (outcome == null ? "" : ", " + outcome);
    }
}
