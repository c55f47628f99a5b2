package dev.commithooks.policy;

/**
 * The state of records after the rollback of what they wrote. jOOQ leaves them as if their rows were there: with the keys
 * that the database made, nothing marked as changed, so that {@code store()} writes nothing.
 *
 * <p>A restored record is what it was before what was rolled back first wrote it: values, originals, changed flags, version, and
 * whether {@code store()} inserts or updates. So is one that was refreshed. This holds for all records that know a table, whether it
 * has hooks or not, and is done before failed hooks run. What the application changed after that write goes back too. Where a
 * commit is in doubt, records are left alone.
 */
public enum RolledBackRecords {
    /** They are restored when a transaction or a savepoint is rolled back. */
    RESTORED,
    /** They are restored in transactions that may be retried, where the next attempt would write nothing. The default. */
    RESTORED_IN_RETRIES,
    /** They stay as jOOQ leaves them, but for those that are named. */
    LEFT_ALONE
}
