package dev.commithooks.hook;

import org.jooq.Record;

/**
 * The root of all hooks of a table: what is registered.
 *
 * <p>A class implements one or more of {@link BeforeCommitHooks}, {@link AfterCommitHooks}, {@link FailedCommitHooks} and
 * {@link InDoubtHooks}, or {@link RecordHooks} for all four, and overrides the methods it wants. Which those are is found
 * once, when the hook is registered; methods that are not overridden cost nothing. One object may serve several tables and
 * is called by every thread that runs a transaction, so it must be thread-safe.
 *
 * @param <R> the table's record type, or a supertype of it
 */
public sealed interface CommitHook<R extends Record>
        permits BeforeCommitHooks, AfterCommitHooks, FailedCommitHooks, InDoubtHooks {}
