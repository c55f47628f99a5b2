package dev.commithooks.hook;

import dev.commithooks.transaction.Failure;

/** A piece of work after a rollback, registered ad hoc; see {@link CurrentTransaction#onRollback}. */
@FunctionalInterface
public interface RollbackCallback {

    /** Runs on the transaction's thread, with the reason of the rollback. */
    void run(Failure failure) throws Exception;
}
