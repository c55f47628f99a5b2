package dev.commithooks.engine.boundary;

import dev.commithooks.engine.connection.TrackedConnectionProvider;
import org.jooq.TransactionProvider;
import org.jspecify.annotations.Nullable;

/**
 * What really begins and ends a transaction.
 *
 * @param provider the provider
 * @param savepoints whether nested transactions are savepoints; if not, their ends mean nothing
 * @param connections the connection provider of ours that it works on; null where the provider owns its connection
 */
public record Delegate(
        TransactionProvider provider,
        boolean savepoints,
        @Nullable TrackedConnectionProvider connections) {}
