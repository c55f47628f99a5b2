package dev.commithooks.hook;

import dev.commithooks.change.Change;
import org.jooq.Record;

/**
 * Hooks that run when nobody can know whether changes are committed: COMMIT was sent and no answer came. Where a table has
 * none, what is in doubt is logged at ERROR with tables and keys.
 *
 * <ul>
 *   <li><b>Fires</b> once for each change, instead of after and failed hooks, when an
 *       {@link dev.commithooks.spi.OutcomeResolver} could not tell either, or there is none.
 *   <li><b>Transaction</b>: over, one way or the other; {@link HookContext#dsl()} runs outside of it.
 *   <li><b>Connection</b>: given back to where it came from, usually broken.
 *   <li><b>If it throws</b>, the other hooks run all the same; see {@link dev.commithooks.policy.AfterCommitErrors}.
 * </ul>
 *
 * @param <R> the table's record type, or a supertype of it
 */
public non-sealed interface InDoubtHooks<R extends Record> extends CommitHook<R> {

    /** A row was written and may be committed or not. */
    default void inDoubt(Change<R> change, HookContext ctx) throws Exception {}
}
