package dev.commithooks.policy;

/** The folding of several writes of one row within a transaction into changes. */
public enum BucketMode {
    /**
     * At most one insert, one update and one delete a row: a row that was inserted and then updated is in both buckets. The
     * default.
     */
    BUCKETED,
    /**
     * At most one change a row, the difference between before and after: inserted and updated is one insert, inserted and
     * deleted is nothing, updated and deleted is one delete, deleted and inserted again under the same key is one update.
     */
    NET,
    /** One change a statement, in the order they were written. */
    EVERY
}
