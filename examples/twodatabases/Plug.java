package twodatabases;

import java.io.Serializable;
import java.util.concurrent.locks.LockSupport;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/**
 * A third participant of the transaction, between the orders and the stock, whose COMMIT never ends: somebody pulls the plug there.
 * It has nothing to keep, so recovery, which finds it in the manager's log, has nothing to do for it.
 */
final class Plug implements XAResource, Serializable {

    static final String PULLED = "the plug is pulled";

    private static final long serialVersionUID = 1L;

    private static boolean isToBePulled;

    /** For the transactions of this process. */
    static void pull() {
        isToBePulled = true;
    }

    @Override
    public void commit(Xid branch, boolean onePhase) {
        while (isToBePulled) {
            System.out.println(PULLED);
            LockSupport.park();
        }
    }

    @Override
    public int prepare(Xid branch) {
        return XA_OK;
    }

    @Override
    public void rollback(Xid branch) {}

    @Override
    public void start(Xid branch, int flags) {}

    @Override
    public void end(Xid branch, int flags) {}

    @Override
    public void forget(Xid branch) {}

    @Override
    public Xid[] recover(int flags) {
        return new Xid[0];
    }

    @Override
    public boolean isSameRM(XAResource other) {
        return other instanceof Plug;
    }

    @Override
    public int getTransactionTimeout() {
        return 0;
    }

    @Override
    public boolean setTransactionTimeout(int seconds) {
        return false;
    }
}
