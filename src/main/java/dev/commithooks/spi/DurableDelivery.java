package dev.commithooks.spi;

import dev.commithooks.spi.CommitParticipant.Prepared;
import dev.commithooks.transaction.TransactionInfo;
import java.util.List;
import org.jooq.DSLContext;

/**
 * Stores in a transaction what its durable hooks are to be called with, and calls them once it is committed: at least once, on
 * any node, after any crash. Serves one {@code CommitHooks}. Must be thread-safe.
 */
public interface DurableDelivery {

    /**
     * Learns which hooks it delivers to. Called once, when the {@code CommitHooks} are built; should need no database.
     *
     * @throws IllegalArgumentException when it cannot carry a hook's changes
     * @throws IllegalStateException when it serves others already
     */
    void serve(DurableHooks hooks);

    /** A description for people to read; may ask its store. */
    default String describe() {
        return toString();
    }

    /**
     * Writes what hooks are to be called with.
     *
     * <p>Fires as the last thing before COMMIT, after all before hooks. Transaction: open; what is written through {@code dsl} is
     * committed with it or not at all. Connection: the transaction's. If it throws, the transaction is rolled back, and the
     * exception reaches the caller.
     *
     * @param handOvers at most one for each hook with a table, and one for each text
     * @return who is told how it ended, to deliver at once; where nobody knows, what is stored decides
     */
    Prepared handOver(TransactionInfo transaction, List<HandOver> handOvers, DSLContext dsl) throws Exception;
}
