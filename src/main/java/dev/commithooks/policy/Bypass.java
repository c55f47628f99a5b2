package dev.commithooks.policy;

/**
 * What to do about DML on a table with hooks that passes no record ({@code dsl.update(T)}, {@code insertInto},
 * {@code deleteFrom}, a loader, a batch of queries, plain SQL), for which no hook fires.
 */
public enum Bypass {
    /** Say nothing. */
    IGNORE,
    /** Log a warning, once for each table and statement text. The default. */
    WARN,
    /** Refuse to run the statement, with a {@link dev.commithooks.transaction.StatementRefusedException}. */
    REJECT
}
