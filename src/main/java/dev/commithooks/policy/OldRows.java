package dev.commithooks.policy;

/** The source of the old row of an update or delete. */
public enum OldRows {
    /** The record, as it was before the write. Costs no statement. The default. */
    FROM_RECORD,
    /**
     * The row that the database holds. PostgreSQL tells it in the statement itself since version 18, otherwise it is read and locked
     * just before the write, in a transaction only: one statement a record, one for each JDBC batch, none for an update that
     * passes no record, which locks its rows itself.
     */
    FROM_DATABASE
}
