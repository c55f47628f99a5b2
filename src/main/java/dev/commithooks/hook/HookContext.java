package dev.commithooks.hook;

import dev.commithooks.change.ChangeSet;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.util.Optional;
import org.jooq.DSLContext;

/**
 * The surroundings of a hook while it runs. Valid on its thread, for the duration of the call. Made by the library, not for
 * implementation by others: methods may be added. For tests of a hook, see {@code dev.commithooks.testing.HookContexts}.
 */
public interface HookContext {

    /** The way to the database: the open transaction in a before hook and after a savepoint's rollback, else outside. */
    DSLContext dsl();

    /** The transaction whose boundary this is. */
    TransactionInfo transaction();

    /** All tables' changes at this boundary. */
    ChangeSet changes();

    /** The outcome of the transaction; empty in a before hook. A savepoint's rollback is {@link Outcome#ROLLED_BACK}. */
    Optional<Outcome> outcome();

    /** Why the changes are not committed; empty in all but failed hooks and {@code onRollback} callbacks. */
    Optional<Failure> failure();

    /** The call out of the store; empty for all but durable hooks. */
    default Optional<Delivery> delivery() {
        return Optional.empty();
    }
}
