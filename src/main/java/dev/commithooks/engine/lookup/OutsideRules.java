package dev.commithooks.engine.lookup;

import dev.commithooks.engine.autocommit.AutocommittedStatement;
import dev.commithooks.engine.autocommit.ShortTransaction;
import dev.commithooks.engine.autocommit.StatementInTransaction;
import dev.commithooks.engine.boundary.Level;
import dev.commithooks.engine.boundary.OpenTransactions;
import dev.commithooks.engine.connection.DriverConnections;
import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.dialect.DriverStatus;
import dev.commithooks.engine.dialect.TransactionStatus;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.engine.scope.StatementTarget;
import dev.commithooks.engine.telling.Policies;
import dev.commithooks.policy.OutsideTransaction;
import dev.commithooks.spi.CommitParticipant;
import dev.commithooks.spi.HookObserver.Phase;
import dev.commithooks.transaction.StatementRefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.ExecuteContext;
import org.jooq.Query;
import org.jooq.TransactionProvider;
import org.jooq.impl.DefaultConnectionProvider;
import org.jspecify.annotations.Nullable;

/** The rules for work outside of transactions: refused, run with a warning, run, or ignored. One set for records and callbacks. */
final class OutsideRules {

    private final Policies policies;
    private final ShortTransaction.Source shortTransactions;
    private final Warnings warnings = new Warnings();

    OutsideRules(Policies policies, ShortTransaction.Source shortTransactions) {
        this.policies = policies;
        this.shortTransactions = shortTransactions;
    }

    /** Whether statements outside of transactions are recorded. */
    boolean isRecorded() {
        return switch (policies.outsideTransaction()) {
            case RUN_NOW, WARN -> true;
            case REJECT, IGNORE -> false;
        };
    }

    /** Whether before hooks, or who takes part in the commit, must know what is written to a table before it is committed. */
    boolean needsTransaction(HookedTable table) {
        return table.hears(Phase.BEFORE) || table.isDurable() || takesPart(table);
    }

    private boolean takesPart(HookedTable table) {
        List<CommitParticipant> participants = policies.participants();
        for (int i = 0; i < participants.size(); i++) { // asked for each statement
            if (participants.get(i).tables().contains(table.table())) {
                return true;
            }
        }
        return false;
    }

    /** The target of a statement that is in no transaction; null where nothing is recorded. */
    @Nullable
    StatementTarget target(ExecuteContext ctx, String table, boolean needsTransaction) {
        OutsideTransaction policy = policies.outsideTransaction();
        if (policy == OutsideTransaction.IGNORE) {
            return null;
        }
        if (policy == OutsideTransaction.REJECT) {
            throw refusedOutside(table);
        }
        Connection connection = ctx.connection();
        if (connection != null) {
            DriverStatus driver = DriverStatus.of(connection);
            driver.requireDatabaseOf(Dialect.of(ctx));
            String unmanaged = unmanaged(connection, driver);
            if (unmanaged != null) {
                throw refusedUnmanaged(table, unmanaged);
            }
        }
        warn(ctx, table);
        Supplier<Configuration> outside = outside(ctx);
        if (connection == null || !needsTransaction) {
            return new AutocommittedStatement(policies, outside);
        }
        Configuration made = outside.get();
        return new StatementInTransaction(
                policies, shortTransactions.on(made, DriverConnections.belowJooq(connection)), () -> made);
    }

    private void warn(ExecuteContext ctx, String table) {
        Level leaked = TransactionData.level(ctx.configuration());
        if (leaked != null) {
            warnings.leaked(leaked, table);
        } else if (OpenTransactions.areThere()) {
            warnings.trap("A record of " + table + " was written", table);
        } else if (policies.outsideTransaction() == OutsideTransaction.WARN) {
            warnings.outside(table, String.valueOf(ctx.type()));
        }
    }

    /** What hooks work with when the statement is over. */
    private static Supplier<Configuration> outside(ExecuteContext ctx) {
        Query query = ctx.query();
        if (query == null && ctx.batchQueries().length > 0) {
            query = ctx.batchQueries()[0];
        }
        Configuration statement = ctx.configuration();
        Configuration its = query == null ? null : query.configuration();
        Configuration lasting = its == null ? TransactionData.lasting(statement) : its;
        ConnectionProvider connections = lasting.connectionProvider();
        TransactionProvider transactions = lasting.transactionProvider();
        return () -> TransactionData.outside(statement, connections, transactions);
    }

    /** The transaction that a connection is in although none of ours holds it, in words; null where it is in none. */
    private static @Nullable String unmanaged(Connection connection, DriverStatus driver) {
        try {
            if (!connection.getAutoCommit()) {
                return "on a connection that is not in autocommit mode, in no transaction of ours";
            }
        } catch (SQLException e) {
            return null; // a broken connection: the statement itself will say so
        }
        return driver.read() == TransactionStatus.OPEN ? "in a transaction that a BEGIN statement opened" : null;
    }

    private static StatementRefusedException refusedUnmanaged(String table, String unmanaged) {
        return new StatementRefusedException("A write to " + table + " " + unmanaged
                + ": its commit could not be seen, so no hook could tell the truth; nothing was sent. If the pool"
                + " hands out connections that are not in autocommit mode, set its autocommit to true (HikariCP: autoCommit),"
                + " or write in dsl.transaction(tx -> ...). If another transaction manager owns the connection, say"
                + " outsideTransaction(IGNORE).");
    }

    private static StatementRefusedException refusedOutside(String table) {
        return new StatementRefusedException("A write to " + table + " outside a transaction is refused by"
                + " outsideTransaction(REJECT); nothing was sent. Run it in dsl.transaction(tx -> ...), on tx.dsl().");
    }

    /** Whether a statement that is recorded by nobody goes past the hooks; refuses it where it must be in a transaction. */
    boolean unrecorded(String table, BooleanSupplier isInTransaction) {
        return switch (policies.outsideTransaction()) {
            case RUN_NOW, WARN -> true;
            case REJECT -> {
                if (!isInTransaction.getAsBoolean()) {
                    throw refusedOutside(table);
                }
                yield true;
            }
            case IGNORE -> isInTransaction.getAsBoolean();
        };
    }

    /** A callback is about to be run at once; refused where nothing is committed that it could be told of. */
    void callback(Configuration configuration) {
        Level leaked = TransactionData.level(configuration);
        if (leaked != null) {
            throw new IllegalStateException("An onCommit callback was registered with the configuration of " + leaked
                    + "; it was not run. Register it before the transaction ends.");
        }
        if (policies.outsideTransaction() == OutsideTransaction.REJECT) {
            throw new IllegalStateException("onCommit needs an open transaction by outsideTransaction(REJECT), and this"
                    + " configuration is in none; the callback was not run. Call CommitHooks.current(tx) with the"
                    + " configuration that dsl.transaction(tx -> ...) gives.");
        }
        ConnectionProvider provider = configuration.connectionProvider();
        Connection connection = provider instanceof DefaultConnectionProvider ? provider.acquire() : null;
        String unmanaged = connection == null ? null : unmanaged(connection, DriverStatus.of(connection));
        if (unmanaged != null) {
            throw new IllegalStateException("An onCommit callback was registered " + unmanaged
                    + ": its commit cannot be seen; the callback was not run. Use dsl.transaction(tx -> ...).");
        }
        if (OpenTransactions.areThere()) {
            warnings.trap("An onCommit callback was registered, and run at once,", "callback");
        } else if (policies.outsideTransaction() == OutsideTransaction.WARN) {
            warnings.outside("callback", "onCommit");
        }
    }
}
