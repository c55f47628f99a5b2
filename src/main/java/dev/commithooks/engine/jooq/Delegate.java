package dev.commithooks.engine.jooq;

import dev.commithooks.engine.connection.ConnectionEvents;
import dev.commithooks.engine.connection.TrackedConnectionProvider;
import org.jooq.ConnectionProvider;
import org.jooq.TransactionProvider;
import org.jooq.impl.DefaultTransactionProvider;
import org.jspecify.annotations.Nullable;

/** What really begins and ends one transaction. */
interface Delegate {

    /** The provider that does. */
    TransactionProvider provider();

    /** Whether nested transactions are savepoints; if not, their ends mean nothing. */
    boolean savepoints();

    /** The connection provider of ours that it works on; null where the provider owns its connection. */
    @Nullable
    TrackedConnectionProvider connections();

    /** A provider that is at hand. */
    record Given(
            TransactionProvider provider,
            boolean savepoints,
            @Nullable TrackedConnectionProvider connections) implements Delegate {}

    /** jOOQ's default provider, and the connection provider that it works on. */
    final class Default extends TrackedConnectionProvider implements Delegate {

        private final TransactionProvider provider = new DefaultTransactionProvider(this);

        Default(ConnectionProvider connection, ConnectionEvents events) {
            super(connection, events);
        }

        @Override
        public TransactionProvider provider() {
            return provider;
        }

        @Override
        public boolean savepoints() {
            return true;
        }

        @Override
        public TrackedConnectionProvider connections() {
            return this;
        }
    }
}
