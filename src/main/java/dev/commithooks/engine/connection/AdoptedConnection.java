package dev.commithooks.engine.connection;

import java.sql.Connection;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.impl.DefaultConnectionProvider;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a transaction that the user's own provider has begun, tracked from then on. jOOQ's default provider, which
 * most others delegate to, keeps it in a {@link DefaultConnectionProvider} of the transaction's own, and there it is replaced.
 */
public final class AdoptedConnection {

    private final DefaultConnectionProvider holder;
    private final Connection connection;
    private final TrackedConnection tracked;

    private AdoptedConnection(DefaultConnectionProvider holder, ConnectionEvents events) {
        this.holder = holder;
        this.connection = holder.acquire();
        this.tracked = TrackedConnection.of(connection, events);
        holder.setConnection(tracked);
    }

    /**
     * Adopts the connection of the transaction that has just begun.
     *
     * @param outside the configuration's connection provider before it began, which is not the transaction's own
     * @return null where the transaction keeps its connection elsewhere
     */
    public static @Nullable AdoptedConnection of(
            Configuration transaction, ConnectionProvider outside, ConnectionEvents events) {
        return transaction.connectionProvider() instanceof DefaultConnectionProvider holder && holder != outside
                ? new AdoptedConnection(holder, events)
                : null;
    }

    /** Puts the connection itself back in its place, as whoever gave it expects to get it. */
    public void giveBack() {
        if (holder.acquire() == tracked) {
            holder.setConnection(connection);
        }
        tracked.released();
    }
}
