package dev.commithooks.spi;

import java.sql.Connection;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jspecify.annotations.Nullable;

/**
 * Somebody else's transactions: those of Spring, of JTA, of a test. Asked for the transaction that the caller is in, before a
 * statement is taken for one outside of transactions. Must be thread-safe.
 */
@FunctionalInterface
public interface TransactionOwner {

    /**
     * The boundary of the owner's transaction that the caller is in.
     *
     * <p>Called on the caller's thread, for each statement on a table with hooks that no transaction of jOOQ's own carries, and for
     * statements that fail or control the transaction. An owner that sees its transaction for the first time enlists in it
     * (registers a synchronization, say), and opens a boundary for it, once.
     *
     * @param configuration what the caller works with
     * @param open opens the boundary of a transaction that has none yet; of one that {@linkplain OwnedTransaction#isEnding() is
     *     ending}, throws for a write, and else returns null
     * @return null where the caller is in no transaction of this owner's, or no boundary was opened
     */
    @Nullable
    Boundary current(Configuration configuration, Function<OwnedTransaction, @Nullable Boundary> open);

    /**
     * Whether the transactions that jOOQ is asked for on this configuration are begun and ended by this owner: its transaction
     * provider is left as it is then, and only driven through {@link #current}. Asked when hooks are installed.
     *
     * @throws IllegalArgumentException when it is, but set up in a way in which hooks could not tell the truth
     */
    default boolean owns(Configuration configuration) {
        return false;
    }

    /**
     * The connection provider that a configuration which this owner {@link #owns} gets when hooks are installed: like the given one, and
     * each connection passed through the watch, so that savepoints, commits and rollbacks are noticed that somebody sends by plain
     * JDBC on a connection of jOOQ's. The owner has to know the configuration by either.
     *
     * @param connections the configuration's
     * @param watch makes a connection one that is watched; unwraps as the one given does
     * @return by default the given one: then what is done by plain JDBC is not noticed
     */
    default ConnectionProvider watched(ConnectionProvider connections, UnaryOperator<Connection> watch) {
        return connections;
    }
}
