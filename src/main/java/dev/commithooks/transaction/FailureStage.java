package dev.commithooks.transaction;

/** The stage at which a transaction, or a part of it, failed. */
public enum FailureStage {
    /** The transaction's own work threw. */
    WORK,
    /** A savepoint was rolled back; the enclosing transaction goes on. */
    SAVEPOINT,
    /** A before hook or {@code beforeCommit} callback threw. */
    BEFORE_HOOK,
    /** The COMMIT was refused, or not sent because a swallowed error had aborted the transaction. */
    COMMIT,
    /** It was rolled back on purpose: marked rollback-only, or by the session that it is of. */
    ROLLBACK_ONLY,
    /** Outside a transaction: the statement failed or wrote no row; before hooks did not run. */
    NOTHING_WRITTEN
}
