package dev.commithooks.engine.boundary;

import dev.commithooks.engine.connection.TrackedConnectionProvider;
import dev.commithooks.engine.connection.TransactionStatus;
import java.sql.Connection;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.TransactionProvider;
import org.jooq.impl.DefaultConnectionProvider;
import org.jspecify.annotations.Nullable;

/**
 * What really begins and ends a transaction, and what its connection can tell of it while it is open.
 *
 * @param provider the provider
 * @param savepoints whether nested transactions are savepoints; if not, their ends mean nothing
 * @param connections the connection provider of ours that it works on; null where the provider owns its connection
 */
public record Delegate(
        TransactionProvider provider,
        boolean savepoints,
        @Nullable TrackedConnectionProvider connections) {

    /** What the driver says of the open transaction; where it says nothing and a statement had failed, what the server says. */
    TransactionStatus status(Configuration transaction, ConnectionWatch watch) {
        ConnectionProvider provider = transaction.connectionProvider();
        Connection connection = connections != null ? connections.connection() : provider.acquire();
        if (connection == null) {
            return TransactionStatus.UNKNOWN;
        }
        try {
            TransactionStatus status = TransactionStatus.of(connection);
            if (status == TransactionStatus.UNKNOWN && watch.scope().statementFailure() != null) {
                status = TransactionStatus.probe(connection);
            }
            boolean surelyOurs = connections != null || provider instanceof DefaultConnectionProvider;
            if (status == TransactionStatus.IDLE && surelyOurs) {
                watch.foundIdle();
            }
            return status;
        } finally {
            if (connections == null) {
                provider.release(connection);
            }
        }
    }
}
