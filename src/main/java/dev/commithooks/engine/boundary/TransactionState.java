package dev.commithooks.engine.boundary;

import dev.commithooks.engine.connection.TransactionStatus;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.spi.OutcomeResolver.Inquiry;
import java.sql.Connection;
import java.sql.SQLException;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.impl.DefaultConnectionProvider;
import org.jspecify.annotations.Nullable;

/** What a transaction's connection can tell of it while it is open. */
final class TransactionState {

    private final Policies policies;
    private final TransactionScope scope;
    private final Delegate delegate;
    private final ConnectionWatch watch;

    TransactionState(Policies policies, TransactionScope scope, Delegate delegate, ConnectionWatch watch) {
        this.policies = policies;
        this.scope = scope;
        this.delegate = delegate;
        this.watch = watch;
    }

    /** What the driver says of the transaction; where it says nothing and a statement had failed, what the server says. */
    TransactionStatus of(Configuration configuration) {
        ConnectionProvider provider = configuration.connectionProvider();
        Connection connection =
                delegate.connections() != null ? delegate.connections().connection() : provider.acquire();
        if (connection == null) {
            return TransactionStatus.UNKNOWN;
        }
        try {
            TransactionStatus status = TransactionStatus.of(connection);
            if (status == TransactionStatus.UNKNOWN && scope.statementFailure() != null) {
                status = TransactionStatus.probe(connection);
            }
            boolean surelyOurs = delegate.connections() != null || provider instanceof DefaultConnectionProvider;
            if (status == TransactionStatus.IDLE && surelyOurs) {
                watch.foundIdle();
            }
            return status;
        } finally {
            if (delegate.connections() == null) {
                provider.release(connection);
            }
        }
    }

    /** Lets the resolver, if there is one, note what it will need if COMMIT gets no answer. */
    @Nullable
    Inquiry noteForInquiry(Configuration configuration) {
        if (policies.resolver() == null) {
            return null;
        }
        ConnectionProvider provider = configuration.connectionProvider();
        Connection connection = provider.acquire();
        if (connection == null) {
            return null;
        }
        try {
            return policies.resolver().prepare(connection);
        } catch (SQLException e) {
            throw Suppressed.<RuntimeException>rethrow(e);
        } finally {
            provider.release(connection);
        }
    }
}
