package dev.commithooks.policy;

/** The writes to a table that are recorded. */
public enum Recording {
    /**
     * Those of records, and on PostgreSQL every DML statement whose rows can be had exactly by adding to its RETURNING. The
     * rest falls to {@link Bypass}, with the reason. The default.
     */
    STATEMENTS,
    /**
     * As {@link #STATEMENTS}, and in a transaction also the queries of a {@code dsl.batch(query1, query2)}, of which JDBC would tell
     * counts only: they are executed one by one, at a round trip each.
     */
    BATCHED_QUERIES_TOO,
    /** Those of records only. Every DML statement that passes no record falls to {@link Bypass}. */
    RECORDS_ONLY
}
