package dev.commithooks.engine.boundary;

import dev.commithooks.engine.connection.TrackedConnection;
import dev.commithooks.engine.connection.TransactionStatus;
import dev.commithooks.engine.scope.ScopeLocator;
import dev.commithooks.engine.scope.StatementTarget;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.engine.sql.Script;
import dev.commithooks.policy.OutsideTransaction;
import dev.commithooks.transaction.StatementRefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import org.jooq.Configuration;
import org.jooq.ExecuteContext;
import org.jspecify.annotations.Nullable;

/**
 * Finds the transaction that a statement is part of: by its configuration, else by the thread-local provider of ours, else as
 * the one that holds the very connection the statement uses.
 */
public final class OpenScopes implements ScopeLocator {

    private final Policies policies;
    private final Warnings warnings = new Warnings();

    /** Finds transactions and does outside of them what the policies say. */
    public OpenScopes(Policies policies) {
        this.policies = policies;
    }

    @Override
    public @Nullable StatementTarget locate(ExecuteContext ctx, String table) {
        ConnectionWatch watch = find(ctx);
        return watch != null ? watch.scope() : outside(ctx, ctx.connection(), table);
    }

    @Override
    public @Nullable TransactionScope find(Configuration configuration) {
        ConnectionWatch watch = ofConfiguration(configuration);
        return watch == null ? null : watch.scope();
    }

    /** A transaction was begun on a connection that has one open. */
    public void warnOfTransactionInsideAnother() {
        warnings.nestedBegin();
    }

    /** By the connection last: jOOQ wraps it anew for everybody who asks for it. */
    private static @Nullable ConnectionWatch find(ExecuteContext ctx) {
        ConnectionWatch watch = ofConfiguration(ctx.configuration());
        return watch != null ? watch : ofConnection(ctx.connection());
    }

    private static @Nullable ConnectionWatch ofConfiguration(Configuration configuration) {
        OpenLevel level = OpenLevel.of(configuration);
        if (level != null && level.isOpen()) {
            return level.boundary().watch();
        }
        if (configuration.transactionProvider() instanceof ThreadBound threadBound) {
            OpenLevel bound = threadBound.currentLevel();
            if (bound != null && bound.isOpen()) {
                return bound.boundary().watch();
            }
        }
        return null;
    }

    private static @Nullable ConnectionWatch ofConnection(@Nullable Connection connection) {
        TrackedConnection tracked = connection == null ? null : tracked(connection);
        return tracked != null
                        && tracked.events() instanceof ConnectionWatch watch
                        && watch.scope().top().isOpen()
                ? watch
                : null;
    }

    private static @Nullable TrackedConnection tracked(Connection connection) {
        try {
            return connection.isWrapperFor(TrackedConnection.class) ? connection.unwrap(TrackedConnection.class) : null;
        } catch (SQLException | RuntimeException cannotTell) { // a closed or foreign connection: no transaction of ours
            return null;
        }
    }

    private @Nullable StatementTarget outside(ExecuteContext ctx, @Nullable Connection connection, String table) {
        OutsideTransaction policy = policies.outsideTransaction();
        if (policy == OutsideTransaction.IGNORE) {
            return null;
        }
        if (policy == OutsideTransaction.REJECT) {
            throw refusedOutside(table);
        }
        if (connection != null) {
            refuseUnmanagedTransaction(connection, table);
        }
        OpenLevel leaked = OpenLevel.of(ctx.configuration());
        if (leaked != null) {
            warnings.leaked(leaked, table);
        } else if (OpenTransactions.innermost() != null) {
            warnings.trap(table);
        } else if (policy == OutsideTransaction.WARN) {
            warnings.outside(table, String.valueOf(ctx.type()));
        }
        return new OutsideStatement(policies, new OutsideConfiguration(ctx.configuration()));
    }

    @Override
    public boolean unrecorded(ExecuteContext ctx, String table) {
        return switch (policies.outsideTransaction()) {
            case RUN_NOW, WARN -> true;
            case REJECT -> {
                if (find(ctx) == null) {
                    throw refusedOutside(table);
                }
                yield true;
            }
            case IGNORE -> find(ctx) != null;
        };
    }

    /** The exception for a write outside a transaction under {@link OutsideTransaction#REJECT}. */
    private static StatementRefusedException refusedOutside(String table) {
        return new StatementRefusedException("A write to " + table + " outside a transaction is refused by"
                + " outsideTransaction(REJECT); nothing was sent. Run it in dsl.transaction(tx -> ...), on tx.dsl().");
    }

    private static void refuseUnmanagedTransaction(Connection connection, String table) {
        boolean autoCommit;
        try {
            autoCommit = connection.getAutoCommit();
        } catch (SQLException e) {
            return; // a broken connection: the statement itself will say so
        }
        if (!autoCommit) {
            throw new StatementRefusedException(
                    "A write to " + table + " on a connection that is not in autocommit mode, in"
                            + " no transaction of ours: its commit could not be seen, so no hook could tell the truth; nothing was"
                            + " sent. If the pool hands out such connections, set its autocommit to true (HikariCP: autoCommit), or"
                            + " write in dsl.transaction(tx -> ...). If another transaction manager owns the connection, say"
                            + " outsideTransaction(IGNORE).");
        }
        if (TransactionStatus.of(connection) == TransactionStatus.OPEN) {
            throw new StatementRefusedException(
                    "A write to " + table + " in a transaction that a BEGIN statement opened:"
                            + " its commit could not be seen, so no hook could tell the truth; nothing was sent. Use"
                            + " dsl.transaction(tx -> ...).");
        }
    }

    @Override
    public void statementFailed(ExecuteContext ctx) {
        ConnectionWatch watch = find(ctx);
        if (watch != null) {
            Throwable failure = ctx.exception() != null ? ctx.exception() : ctx.sqlException();
            if (failure != null) {
                watch.scope().statementFailed(failure);
            }
            if (!isTracked(ctx)) {
                Script.of(ctx).ifFailed().forEach(watch::executed);
            }
        }
    }

    @Override
    public void statementExecuted(ExecuteContext ctx) {
        ConnectionWatch watch = isTracked(ctx) ? null : find(ctx);
        if (watch != null) {
            Script.of(ctx).controls().forEach(watch::executed);
        }
    }

    /** Whether the connection itself sees what is executed on it. */
    private static boolean isTracked(ExecuteContext ctx) {
        Connection connection = ctx.connection();
        return connection != null && tracked(connection) != null;
    }
}
