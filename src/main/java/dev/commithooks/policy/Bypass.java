package dev.commithooks.policy;

/**
 * The treatment of DML on a table with hooks that passes no record and whose rows cannot be captured, so that no hook fires for
 * them; and of records' statements that write several rows, since their key is not unique, of which hooks are told one. Those are known
 * when they have been executed: what {@link #REJECT} refuses of them is COMMIT.
 *
 * @see Recording
 */
public enum Bypass {
    /** Say nothing. */
    IGNORE,
    /** Log a warning, once for each table and statement text. The default. */
    WARN,
    /** Refuse to run the statement, with a {@link dev.commithooks.transaction.StatementRefusedException}. */
    REJECT
}
