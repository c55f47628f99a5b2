package dev.commithooks.engine.jooq;

import dev.commithooks.engine.connection.ConnectionEvents;
import dev.commithooks.engine.connection.TrackedConnectionProvider;
import java.sql.Connection;
import org.jooq.ConnectionProvider;
import org.jspecify.annotations.Nullable;

/** Hands out connections; within a transaction, the thread's tracked one. */
final class ThreadLocalConnections implements ConnectionProvider {

    private final ConnectionProvider plain;
    private final ThreadLocal<@Nullable TrackedConnectionProvider> tracked = new ThreadLocal<>();

    ThreadLocalConnections(ConnectionProvider plain) {
        this.plain = plain;
    }

    ThreadLocalConnections fresh() {
        return new ThreadLocalConnections(plain);
    }

    /** Tracks the connection of the transaction that begins on this thread, until it is released. */
    TrackedConnectionProvider track(ConnectionEvents events) {
        return track(plain, events);
    }

    /** Tracks a connection from elsewhere for the transaction that begins on this thread, until it is released. */
    TrackedConnectionProvider track(ConnectionProvider elsewhere, ConnectionEvents events) {
        TrackedConnectionProvider provider = new TrackedConnectionProvider(elsewhere, events);
        tracked.set(provider);
        return provider;
    }

    /** No transaction is open on this thread any more. */
    void forget() {
        tracked.remove();
    }

    @Override
    public @Nullable Connection acquire() {
        TrackedConnectionProvider provider = tracked.get();
        return provider == null ? plain.acquire() : provider.acquire();
    }

    @Override
    public void release(Connection connection) {
        TrackedConnectionProvider provider = tracked.get();
        if (provider == null) {
            plain.release(connection);
        } else {
            tracked.remove();
            provider.release(connection);
        }
    }
}
