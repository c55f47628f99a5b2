package dev.commithooks.jta;

import dev.commithooks.transaction.Outcome;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/** The resource of a database in a JTA transaction, watched: notes in its branch what becomes of that. */
class WatchedResource extends ForwardingResource {

    private final JtaTransaction transaction;
    /** Whether it was to be suspended and could not; written by the threads that work in the transaction, one after the other. */
    private volatile boolean staysInBranch;
    /** The branch that the manager has begun with it before it says whether it takes it; written by the same threads. */
    private volatile @Nullable Branch begun;

    WatchedResource(XAResource delegate, JtaTransaction transaction) {
        super(delegate);
        this.transaction = transaction;
    }

    /** Whether it keeps what it has prepared; one that only pretends may lose it when COMMIT comes. */
    boolean isXa() {
        return true;
    }

    /** The manager is about to be asked to take it. */
    final void asked() {
        begun = null;
    }

    /** The manager has answered. Narayana begins a branch before it refuses. */
    final void answered(boolean isTaken) {
        if (!isTaken) {
            transaction.branches().notTaken(begun);
        }
        begun = null;
    }

    @Override
    public final void start(Xid xid, int flags) throws XAException {
        if ((flags & TMRESUME) != 0 && staysInBranch) {
            staysInBranch = false;
            return;
        }
        super.start(xid, flags);
        Branch branch = transaction.branches().started(BranchId.of(xid), isXa());
        if (flags == TMNOFLAGS) {
            begun = branch;
        }
    }

    /**
     * Atomikos suspends resources together with their transaction, and pgjdbc's answer that they cannot be: XAER_RMERR, with nothing
     * done. Such a one stays in its branch, where it is found again; if a pool gave it to another transaction, it would refuse.
     */
    @Override
    public final void end(Xid xid, int flags) throws XAException {
        try {
            super.end(xid, flags);
        } catch (XAException answer) {
            if ((flags & TMSUSPEND) == 0 || answer.errorCode != XAException.XAER_RMERR) {
                throw answer;
            }
            staysInBranch = true;
        }
    }

    @Override
    public final int prepare(Xid xid) throws XAException {
        mustBeReady(xid);
        Branch branch = transaction.branches().of(BranchId.of(xid));
        try {
            int vote = super.prepare(xid);
            if (vote == XA_RDONLY) {
                branch.readOnly();
            } else {
                if (isXa()) {
                    branch.prepared();
                }
            }
            return vote;
        } catch (XAException answer) {
            branch.failed(answer);
            throw answer;
        }
    }

    @Override
    public final void commit(Xid xid, boolean onePhase) throws XAException {
        if (onePhase) {
            mustBeReady(xid);
        }
        Branch branch = transaction.branches().of(BranchId.of(xid));
        branch.committing();
        boolean isTriedAgain = branch.isInDoubt();
        try {
            super.commit(xid, onePhase);
            if (isTriedAgain) {
                transaction.branches().committedAtLast(branch);
            } else {
                branch.ended(Outcome.COMMITTED);
            }
        } catch (XAException answer) {
            branch.failed(answer);
            branch.ended(Answers.ofCommit(answer, !branch.isPrepared()));
            if (branch.isInDoubt()) {
                transaction.branches().doubtful(branch);
            }
            throw branch.isPrepared() ? Answers.repeatable(answer) : answer;
        }
    }

    /** A manager that has forgotten synchronizations would commit what before hooks have not seen, and what may be aborted. */
    private void mustBeReady(Xid xid) throws XAException {
        if (transaction.isPrepared() || transaction.parts().isEmpty()) {
            return;
        }
        rollback(xid);
        XAException forgotten =
                new XAException("The JTA manager has not called the synchronization in which before hooks"
                        + " run, and in which an aborted transaction is noticed. The branch IS rolled back. This manager cannot be"
                        + " used with hooks: give a TransactionSynchronizationRegistry that is its own.");
        forgotten.errorCode = XAException.XA_RBROLLBACK;
        transaction.branches().of(BranchId.of(xid)).failed(forgotten);
        throw forgotten;
    }

    @Override
    public final void rollback(Xid xid) throws XAException {
        Branch branch = transaction.branches().of(BranchId.of(xid));
        try {
            super.rollback(xid);
            branch.ended(Outcome.ROLLED_BACK);
        } catch (XAException answer) {
            branch.failed(answer);
            branch.ended(Answers.ofRollback(answer));
            throw Answers.repeatable(answer);
        }
    }
}
