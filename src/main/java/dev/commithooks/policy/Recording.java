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
    /**
     * As {@link #STATEMENTS}, and on a table with row-level security, too, although a RETURNING clause changes what a statement does
     * there: PostgreSQL then applies the policies for SELECT to it. An update or delete that reads no column writes only the rows
     * that the role may see; an insert of a row that it may not see fails. Whether the role may read the table is asked before each
     * statement, since SET ROLE may have changed it.
     */
    ROW_SECURITY_TOO,
    /** Those of records only. Every DML statement that passes no record falls to {@link Bypass}. */
    RECORDS_ONLY
}
