package dev.commithooks.hook;

import dev.commithooks.change.Deleted;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.TableChanges;
import dev.commithooks.change.Updated;
import org.jooq.Record;

/**
 * Hooks that run before the COMMIT of the top-level transaction, while it can still be vetoed.
 *
 * <ul>
 *   <li><b>Fires</b> once for each change when the work of the top-level transaction has ended normally: inserts, then
 *       updates, then deletes; then the set method of each table. Not for what a rolled-back savepoint wrote, and not when the
 *       transaction is rolled back anyway.
 *   <li><b>Transaction</b>: open. What a hook reads and writes through {@link HookContext#dsl()} is part of it; rows it
 *       writes get after, failed or in-doubt hooks, and before hooks of their own where
 *       {@link dev.commithooks.policy.Cascade} says so.
 *   <li><b>Connection</b>: the transaction's.
 *   <li><b>If it throws</b>, no further before hook runs, the transaction is rolled back, failed hooks fire with
 *       {@link dev.commithooks.transaction.FailureStage#BEFORE_HOOK}, and the exception reaches the caller; a checked one
 *       wrapped as jOOQ wraps the work's own.
 * </ul>
 *
 * <p>Outside a transaction the statement is given one of its own: before hooks run between it and its COMMIT, and a throw rolls
 * it back.
 *
 * @param <R> the table's record type, or a supertype of it
 */
public non-sealed interface BeforeCommitHooks<R extends Record> extends CommitHook<R> {

    /** A row was inserted and is about to be committed. */
    default void beforeCommitInsert(Inserted<R> change, HookContext ctx) throws Exception {}

    /** A row was updated and is about to be committed. */
    default void beforeCommitUpdate(Updated<R> change, HookContext ctx) throws Exception {}

    /** A row was deleted and the delete is about to be committed. */
    default void beforeCommitDelete(Deleted<R> change, HookContext ctx) throws Exception {}

    /** All of the table's changes are about to be committed; once for each table, after the methods for single changes. */
    default void beforeCommit(TableChanges<R> changes, HookContext ctx) throws Exception {}
}
