package dev.commithooks.transaction;

/** The end of a transaction, as far as anyone can know. */
public enum Outcome {
    /** The data is committed. */
    COMMITTED,
    /** The data is rolled back: none of it is there. */
    ROLLED_BACK,
    /** COMMIT was sent and no answer came: the data may be there or not. */
    UNKNOWN
}
