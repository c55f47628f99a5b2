package dev.commithooks.policy;

/** The failures that failed hooks are called for. */
public enum FailedHooks {
    /** Every way in which a change can fail to be committed. The default. */
    ON_EVERY_FAILURE,
    /**
     * The classic rule: only a boundary that failed, by a before hook that threw or by the COMMIT itself; not the
     * transaction's own work, a savepoint rolled back or a transaction marked rollback-only.
     */
    ON_FAILED_COMMIT
}
