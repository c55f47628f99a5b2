package dev.commithooks.engine.connection;

import java.sql.Connection;
import org.jooq.ConnectionProvider;
import org.jooq.exception.DataAccessException;
import org.jooq.exception.DetachedException;
import org.jspecify.annotations.Nullable;

/**
 * The connection provider that jOOQ's own transaction provider works on during one top-level transaction: hands out that
 * transaction's connection, tracked. Not thread-safe; a transaction begins and ends on one thread.
 */
public class TrackedConnectionProvider implements ConnectionProvider {

    private final ConnectionProvider delegate;
    private final ConnectionEvents events;
    private @Nullable TrackedConnection connection;
    /** Why there is none any more; null as long as there may be one. */
    private @Nullable String refusal;

    /** Over the provider that jOOQ would use, for one top-level transaction. */
    public TrackedConnectionProvider(ConnectionProvider delegate, ConnectionEvents events) {
        this.delegate = delegate;
        this.events = events;
    }

    /** The transaction's connection, from its first acquisition to its release. */
    public @Nullable TrackedConnection connection() {
        return connection;
    }

    /**
     * The transaction's connection. After a failed begin jOOQ rolls back, and acquires two more connections for that: a pool
     * that has none would make the caller wait for its timeout three times. After the end there is no other connection either:
     * jOOQ asks for one when it rolls back what it does not know to be committed.
     */
    @Override
    public Connection acquire() {
        if (refusal != null) {
            throw new DataAccessException(refusal);
        }
        if (connection == null) {
            connection = TrackedConnection.of(acquireFromDelegate(), events);
        }
        return connection;
    }

    private Connection acquireFromDelegate() {
        try {
            Connection acquired = delegate.acquire();
            if (acquired == null) {
                throw new DetachedException("No JDBC connection provided by " + delegate);
            }
            return acquired;
        } catch (Throwable e) {
            // Others get another exception: jOOQ adds that to this one as suppressed.
            refusal =
                    "No connection: acquiring one had failed when the transaction began, so nothing is to be rolled back";
            throw e;
        }
    }

    /** Gives back the connection of a transaction that was not begun. */
    public void giveBack() {
        if (connection != null) {
            release(connection);
        }
    }

    /** Gives back the connection below, once. */
    @Override
    public void release(Connection released) {
        TrackedConnection tracked = connection;
        if (tracked == null || tracked != released) {
            return;
        }
        connection = null;
        refusal = "No connection: the transaction has ended and given back the one it had";
        tracked.released();
        try {
            delegate.release(tracked.getDelegate());
        } catch (RuntimeException | Error e) {
            if (!events.cleanUpFailed(e)) {
                throw e;
            }
        }
    }
}
