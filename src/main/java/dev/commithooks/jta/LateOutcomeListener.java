package dev.commithooks.jta;

/** Hears how branches of JTA transactions ended that had been in doubt, or whose process had died. Must be thread-safe. */
@FunctionalInterface
public interface LateOutcomeListener {

    /**
     * Fires when recovery has ended a branch, or finds that it has ended.
     *
     * <p>Transaction: none; the branch has ended. Connection: none; the thread is the one of the manager's recovery, which is held
     * up meanwhile. If it throws, that is logged.
     */
    void ended(LateOutcome late);
}
