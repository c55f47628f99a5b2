package dev.commithooks.policy;

/** What to do about a record that is written, or a callback that is registered, while no transaction is open. */
public enum OutsideTransaction {
    /**
     * The statement is a transaction of its own: before hooks run just before it is sent, then after, failed or in-doubt
     * hooks; {@code onCommit} callbacks run at once. The default.
     */
    RUN_NOW,
    /** As {@link #RUN_NOW}, with a warning, once for each table and operation. */
    WARN,
    /** Refuse to run the statement, and to register the callback. */
    REJECT,
    /** Fire nothing; run {@code onCommit} callbacks at once. */
    IGNORE
}
