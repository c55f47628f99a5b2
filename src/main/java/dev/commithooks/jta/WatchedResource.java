package dev.commithooks.jta;

import dev.commithooks.transaction.Outcome;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/** The resource of a database in a JTA transaction, watched: notes in its branch what becomes of that. */
class WatchedResource extends ForwardingResource {

    private final JtaTransaction transaction;

    WatchedResource(XAResource delegate, JtaTransaction transaction) {
        super(delegate);
        this.transaction = transaction;
    }

    /** Whether it keeps what it has prepared; one that only pretends may lose it when COMMIT comes. */
    boolean isXa() {
        return true;
    }

    @Override
    public final void start(Xid xid, int flags) throws XAException {
        super.start(xid, flags);
        transaction.branches().started(BranchId.of(xid), isXa());
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
