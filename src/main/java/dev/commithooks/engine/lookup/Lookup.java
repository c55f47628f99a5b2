package dev.commithooks.engine.lookup;

import dev.commithooks.engine.autocommit.ShortTransaction;
import dev.commithooks.engine.boundary.ConnectionWatch;
import dev.commithooks.engine.boundary.Level;
import dev.commithooks.engine.boundary.OpenTransactions;
import dev.commithooks.engine.boundary.TransactionBoundary;
import dev.commithooks.engine.connection.ConnectionEvents;
import dev.commithooks.engine.connection.DriverConnections;
import dev.commithooks.engine.connection.TrackedConnection;
import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.engine.scope.ScopeLocator;
import dev.commithooks.engine.scope.StatementTarget;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.engine.sql.Script;
import dev.commithooks.engine.telling.Policies;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.UnaryOperator;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.ExecuteContext;
import org.jooq.impl.DefaultConnectionProvider;
import org.jspecify.annotations.Nullable;

/**
 * The answer to "which transaction is this?". In this order: the one that the configuration carries; a session's; the one bound to
 * the thread by a provider of ours; the one that holds the very connection; somebody else's, see {@link
 * dev.commithooks.spi.TransactionOwner}. Asking begins nothing.
 */
public final class Lookup implements ScopeLocator {

    private final ForeignOwners owners;
    private final OutsideRules outside;

    /** Finds transactions, and does outside of them what the policies say. */
    public Lookup(Policies policies, ShortTransaction.Source shortTransactions) {
        this.owners = new ForeignOwners(policies);
        this.outside = new OutsideRules(policies, shortTransactions);
    }

    // ---------------------------------------------------------------- of a configuration

    /** The innermost open level that work with the configuration is part of; null when there is none. */
    public @Nullable Level current(Configuration configuration) {
        Level level = carried(configuration);
        if (level != null) {
            return level;
        }
        SelfBeginning session = TransactionData.session(configuration);
        level = session == null ? null : session.openLevelOrNull();
        if (level != null) {
            return level;
        }
        level = onSingleConnection(configuration);
        return level != null ? level : owners.current(configuration);
    }

    /** The level in which work with the configuration is about to be done: a session's is begun for it. */
    public @Nullable Level entered(Configuration configuration) {
        Level level = carried(configuration);
        SelfBeginning session = level == null ? TransactionData.session(configuration) : null;
        level = session == null ? level : session.level();
        return level != null ? level : current(configuration);
    }

    private static @Nullable Level carried(Configuration configuration) {
        Level level = TransactionData.level(configuration);
        if (level != null && level.isOpen()) {
            return level;
        }
        if (configuration.transactionProvider() instanceof ThreadBound threadBound) {
            Level bound = threadBound.currentLevel();
            return bound != null && bound.isOpen() ? bound : null;
        }
        return null;
    }

    /** A configuration that was made from a connection is in the transaction that was begun on it. */
    private static @Nullable Level onSingleConnection(Configuration configuration) {
        ConnectionProvider provider = configuration.connectionProvider();
        Connection connection = OpenTransactions.areThere() && provider instanceof DefaultConnectionProvider
                ? provider.acquire()
                : null;
        TransactionBoundary boundary =
                connection == null ? null : OpenTransactions.on(DriverConnections.belowJooq(connection));
        return boundary;
    }

    /** Makes a connection one that tells of what is done by hand in the transaction of somebody else that the caller is in. */
    public UnaryOperator<Connection> watch(Configuration configuration) {
        ConnectionEvents events = new OwnersConnectionEvents(owners, configuration);
        return connection -> TrackedConnection.of(connection, events);
    }

    // ---------------------------------------------------------------- of a statement

    @Override
    public @Nullable TransactionScope open(ExecuteContext ctx) {
        TransactionBoundary boundary = find(ctx);
        if (boundary == null) {
            return null;
        }
        boundary.tellAtSafeMoment();
        return boundary.scope();
    }

    @Override
    public @Nullable StatementTarget outside(ExecuteContext ctx, String table, boolean needsTransaction) {
        return outside.target(ctx, table, needsTransaction);
    }

    @Override
    public boolean needsTransaction(HookedTable table) {
        return outside.needsTransaction(table);
    }

    @Override
    public boolean isGivenTransaction(ExecuteContext ctx, HookedTable table) {
        Level level = TransactionData.level(ctx.configuration());
        return (level == null || !level.isOpen())
                && outside.isRecorded()
                && needsTransaction(table)
                && find(ctx) == null;
    }

    /** The transaction that a statement writes in, if it writes. */
    private @Nullable TransactionBoundary find(ExecuteContext ctx) {
        TransactionBoundary ours = ours(ctx);
        Level others = ours == null ? owners.current(ctx.configuration()) : null;
        return others == null ? ours : others.boundary();
    }

    /** The transaction whose state a statement has changed by failing, or by controlling it. */
    private @Nullable TransactionBoundary concernedBy(ExecuteContext ctx) {
        TransactionBoundary ours = ours(ctx);
        return ours != null ? ours : owners.atWork(ctx.configuration());
    }

    /** By the connection late: jOOQ wraps it anew for everybody who asks for it. */
    private static @Nullable TransactionBoundary ours(ExecuteContext ctx) {
        Level level = carried(ctx.configuration());
        if (level != null) {
            return level.boundary();
        }
        Connection connection = connectionOf(ctx);
        return connection == null ? null : on(connection);
    }

    private static @Nullable TransactionBoundary on(Connection connection) {
        TrackedConnection tracked = TrackedConnection.below(connection);
        if (tracked != null
                && tracked.events() instanceof ConnectionWatch watch
                && watch.boundary().isOpen()) {
            return watch.boundary();
        }
        return OpenTransactions.areThere() ? OpenTransactions.on(DriverConnections.belowJooq(connection)) : null;
    }

    /** The connection of a statement that has been prepared; asked before that, jOOQ would go and get one. */
    private static @Nullable Connection connectionOf(ExecuteContext ctx) {
        return ctx.statement() == null ? null : ctx.connection();
    }

    @Override
    public boolean unrecorded(ExecuteContext ctx, String table) {
        return outside.unrecorded(table, () -> find(ctx) != null);
    }

    @Override
    public void statementFailed(ExecuteContext ctx) {
        Connection connection = connectionOf(ctx);
        TransactionBoundary boundary = concernedBy(ctx);
        if (boundary == null) {
            return;
        }
        Throwable failure = ctx.exception() != null ? ctx.exception() : ctx.sqlException();
        if (failure != null) {
            boundary.scope().statementFailed(failure);
        }
        TrackedConnection seen = connection == null ? null : TrackedConnection.below(connection);
        SQLException ofTheDriver = ctx.sqlException();
        if (seen == null) {
            Script.of(ctx, Dialect.of(ctx)).ifFailed().forEach(boundary.watch()::executed);
        }
        if (ofTheDriver != null && seen != null) {
            seen.statementFailed(ofTheDriver);
        } else if (ofTheDriver != null && connection != null) {
            boundary.watch().statementFailed(ofTheDriver, connection);
        }
    }

    @Override
    public void statementExecuted(ExecuteContext ctx) {
        Connection connection = connectionOf(ctx);
        if (connection != null && TrackedConnection.below(connection) != null) {
            return; // which has seen it
        }
        TransactionBoundary boundary = concernedBy(ctx);
        if (boundary != null) {
            Script.of(ctx, Dialect.of(ctx)).controls().forEach(boundary.watch()::executed);
        }
    }

    // ---------------------------------------------------------------- callbacks outside

    /**
     * A callback is about to be run at once, since the configuration is in no transaction.
     *
     * @throws IllegalStateException where that would be a lie: nothing is committed
     */
    public void callbackOutside(Configuration configuration) {
        outside.callback(configuration);
    }
}
