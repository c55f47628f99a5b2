package dev.commithooks.hook;

import dev.commithooks.change.Deleted;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.TableChanges;
import dev.commithooks.change.Updated;
import org.jooq.Record;

/**
 * Hooks that run when changes were made and are certainly not committed. {@link HookContext#failure()} says why.
 *
 * <ul>
 *   <li><b>Fires</b> once for each change after the rollback of the transaction; for what a savepoint wrote, at once when it
 *       is rolled back: inserts, then updates, then deletes; then the set method of each table.
 *   <li><b>Transaction</b>: rolled back, {@link HookContext#dsl()} runs outside of it. After a savepoint's rollback the
 *       enclosing transaction goes on, and {@code dsl()} is part of it.
 *   <li><b>Connection</b>: released already; after a savepoint's rollback, the enclosing transaction's.
 *   <li><b>If it throws</b>, the other hooks run all the same, and the failure is added as suppressed to the exception on
 *       its way to the caller; where there is none, it is thrown when all have run.
 * </ul>
 *
 * @param <R> the table's record type, or a supertype of it
 */
public non-sealed interface FailedCommitHooks<R extends Record> extends CommitHook<R> {

    /** A row had been inserted and is not there. */
    default void failedCommitInsert(Inserted<R> change, HookContext ctx) throws Exception {}

    /** A row had been updated and is as it was. */
    default void failedCommitUpdate(Updated<R> change, HookContext ctx) throws Exception {}

    /** A row had been deleted and is still there. */
    default void failedCommitDelete(Deleted<R> change, HookContext ctx) throws Exception {}

    /** None of the table's changes is committed; once for each table, after the methods for single changes. */
    default void failedCommit(TableChanges<R> changes, HookContext ctx) throws Exception {}
}
