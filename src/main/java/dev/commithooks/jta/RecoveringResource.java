package dev.commithooks.jta;

import dev.commithooks.transaction.Outcome;
import java.util.List;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/** The resource that a manager's recovery works with: hears how it ends the branches that are left. */
final class RecoveringResource extends ForwardingResource {

    private final String database;
    private final LateOutcomes late;

    RecoveringResource(XAResource delegate, String database, LateOutcomes late) {
        super(delegate);
        this.database = database;
        this.late = late;
    }

    /** Drivers give the whole list where the scan starts. */
    @Override
    public Xid[] recover(int flag) throws XAException {
        if ((flag & TMSTARTRSCAN) == 0) {
            return super.recover(flag);
        }
        List<Branch> waited = late.of(database);
        Xid[] prepared = super.recover(flag);
        late.prepared(prepared, database, waited);
        return prepared;
    }

    @Override
    public void commit(Xid xid, boolean onePhase) throws XAException {
        try {
            super.commit(xid, onePhase);
        } catch (XAException answer) {
            told(xid, answer, Answers.ofCommit(answer, onePhase));
            throw Answers.repeatable(answer);
        }
        late.ended(BranchId.of(xid), database, Outcome.COMMITTED);
    }

    @Override
    public void rollback(Xid xid) throws XAException {
        try {
            super.rollback(xid);
        } catch (XAException answer) {
            told(xid, answer, answer.errorCode == XAException.XA_HEURCOM ? Outcome.COMMITTED : Outcome.UNKNOWN);
            throw Answers.repeatable(answer);
        }
        late.ended(BranchId.of(xid), database, Outcome.ROLLED_BACK);
    }

    private void told(Xid xid, XAException answer, Outcome outcome) {
        if (outcome != Outcome.UNKNOWN) {
            late.ended(BranchId.of(xid), database, outcome);
        } else if (answer.errorCode == XAException.XAER_NOTA) {
            late.gone(BranchId.of(xid), database);
        } // else it is still prepared, and recovery will come again
    }
}
