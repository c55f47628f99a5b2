package dev.commithooks.hook;

import org.jooq.Record;

/**
 * All hooks of a table.
 *
 * @param <R> the table's record type, or a supertype of it
 */
public interface RecordHooks<R extends Record>
        extends BeforeCommitHooks<R>, AfterCommitHooks<R>, FailedCommitHooks<R>, InDoubtHooks<R> {}
