package dev.commithooks.jta;

/** Hears how branches of JTA transactions ended that had been in doubt, or whose process had died. Must be thread-safe. */
@FunctionalInterface
public interface LateOutcomeListener {

    /**
     * Fires when recovery has ended a branch, or finds that it has ended. Its hooks had been told <em>in doubt</em>, <em>failed</em>
     * where the manager had decided so, or nothing, where their process had died. Does not fire for a branch that ends before its hooks are
     * told: they hear of that end.
     *
     * <p>Transaction: none; the branch has ended. Connection: none; the thread is the one of the manager's recovery, or of its
     * next try, which is held up meanwhile. If it throws, that is logged.
     */
    void ended(LateOutcome late);
}
