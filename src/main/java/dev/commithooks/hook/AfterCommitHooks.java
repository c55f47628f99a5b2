package dev.commithooks.hook;

import dev.commithooks.change.Deleted;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.TableChanges;
import dev.commithooks.change.Updated;
import org.jooq.Record;

/**
 * Hooks that run when the data is committed.
 *
 * <ul>
 *   <li><b>Fires</b> once for each change after the COMMIT of the top-level transaction has succeeded, or was proven to
 *       have: inserts, then updates, then deletes; then the set method of each table.
 *   <li><b>Transaction</b>: over. {@link HookContext#dsl()} runs outside of it; a hook may open transactions, and those
 *       fire hooks in turn.
 *   <li><b>Connection</b>: released already, so that a hook may use a pool that holds but one.
 *   <li><b>If it throws</b>, the other hooks run all the same, the data stays committed, and
 *       {@link dev.commithooks.policy.AfterCommitErrors} says what becomes of the failures: by default one
 *       {@link dev.commithooks.transaction.AfterCommitException} reaches the caller.
 * </ul>
 *
 * @param <R> the table's record type, or a supertype of it
 */
public non-sealed interface AfterCommitHooks<R extends Record> extends CommitHook<R> {

    /** A row was inserted and is committed. */
    default void afterCommitInsert(Inserted<R> change, HookContext ctx) throws Exception {}

    /** A row was updated and is committed. */
    default void afterCommitUpdate(Updated<R> change, HookContext ctx) throws Exception {}

    /** A row was deleted and the delete is committed. */
    default void afterCommitDelete(Deleted<R> change, HookContext ctx) throws Exception {}

    /** All of the table's changes are committed; once for each table, after the methods for single changes. */
    default void afterCommit(TableChanges<R> changes, HookContext ctx) throws Exception {}
}
