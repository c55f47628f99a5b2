package dev.commithooks.policy;

/** Where the old row of an update or delete comes from. */
public enum OldRows {
    /** What the record knew before the write. Costs no statement. The default. */
    FROM_RECORD,
    /**
     * What the database holds, read and locked just before the write, in a transaction only: one statement a record, one
     * for each JDBC batch.
     */
    FROM_DATABASE
}
