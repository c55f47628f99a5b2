package dev.commithooks.engine.jooq;

import dev.commithooks.engine.boundary.ConnectionWatch;
import dev.commithooks.engine.boundary.Level;
import dev.commithooks.engine.lookup.ThreadBound;
import org.jooq.ConnectionProvider;
import org.jooq.TransactionProvider;
import org.jspecify.annotations.Nullable;

/** A transaction provider of ours: how the engine is found from a configuration. */
public interface Hooked extends ThreadBound, TransactionProvider {

    /** The engine; null while the provider is not part of a configuration with hooks. */
    @Nullable
    Engine engine();

    /** Whether a provider of the user's owns the connection, so that a session cannot. */
    boolean ownsConnection();

    /** What begins and ends a transaction on a connection that is at hand, whatever the provider's own ones are on. */
    Delegate delegateOn(ConnectionProvider connection, ConnectionWatch watch);

    /** The caller is in such a transaction from now on. */
    default void entered(Level top) {}

    /** Such a transaction has ended, or was not begun. */
    default void left(Level top) {}
}
