package dev.commithooks.engine.jooq;

import dev.commithooks.engine.connection.TrackedConnectionProvider;
import org.jooq.TransactionProvider;
import org.jspecify.annotations.Nullable;

/**
 * The provider that really begins and ends a transaction.
 *
 * @param provider the provider
 * @param savepoints whether nested transactions are savepoints; if not, their ends mean nothing
 * @param connections the connection provider of ours that it works on; null where the provider owns its connection
 */
record Delegate(
        TransactionProvider provider,
        boolean savepoints,
        @Nullable TrackedConnectionProvider connections) {}
