package dev.commithooks.policy;

/** The treatment of a statement that is executed, or a callback that is registered, while no transaction is open. */
public enum OutsideTransaction {
    /**
     * The statement is a transaction of its own, then after, failed or in-doubt hooks run; {@code onCommit} callbacks run at once.
     * Where its table has before hooks or durable ones, autocommit is switched off for the statement, and they run between it and
     * its COMMIT. The default.
     */
    RUN_NOW,
    /** As {@link #RUN_NOW}, with a warning, once for each table and operation. */
    WARN,
    /** Refuse to run the statement, and to register the callback. */
    REJECT,
    /** Fire nothing; run {@code onCommit} callbacks at once. */
    IGNORE
}
