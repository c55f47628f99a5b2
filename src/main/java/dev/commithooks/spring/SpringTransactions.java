package dev.commithooks.spring;

import dev.commithooks.spi.Boundary;
import dev.commithooks.spi.OwnedTransaction;
import dev.commithooks.spi.TransactionOwner;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.TransactionProvider;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultTransactionProvider;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Spring's transactions as an owner that hooks are told by.
 *
 * <pre>{@code
 * SpringTransactions spring = new SpringTransactions();
 * PlatformTransactionManager manager = spring.manage(new JdbcTransactionManager(dataSource));
 * CommitHooks hooks = CommitHooks.builder().owner(spring).register(BOOK, new SearchIndexHooks()).build();
 * DSLContext dsl = hooks.attachTo(new DefaultConfiguration()
 *         .set(SQLDialect.POSTGRES)
 *         .set(new DataSourceConnectionProvider(new TransactionAwareDataSourceProxy(dataSource)))
 *         .set(SpringTransactions.provider(manager))
 *         .dsl());
 * }</pre>
 *
 * <p>Whatever begins transactions must do so through the manager that {@link #manage} returned. A statement is in a
 * transaction if it is sent on that one's very connection, so that suspended transactions and several managers are told
 * apart. Thread-safe.
 */
public final class SpringTransactions implements TransactionOwner {

    /** The open transactions, by the connections that hold them. */
    private final Map<Connection, SpringTransaction> open = new ConcurrentHashMap<>();

    /** An owner that manages nothing yet. */
    public SpringTransactions() {}

    /**
     * The transaction manager with hooks in it: begins and ends transactions as the given one does. Before hooks run last
     * before COMMIT, after all synchronizations' {@code beforeCommit}; after hooks when the given manager is done with the
     * transaction, its connection is given back and what it had suspended is resumed.
     *
     * @throws IllegalArgumentException when the manager's transactions are not those of one JDBC connection each
     */
    public PlatformTransactionManager manage(TransactionManager manager) {
        return HookedTransactionManager.around(Objects.requireNonNull(manager, "manager"), this);
    }

    /** A provider for {@code dsl.transaction(...)}: a savepoint in the manager's transaction, or one of its own if none is open. */
    public static TransactionProvider provider(PlatformTransactionManager manager) {
        return new SpringTransactionProvider(Objects.requireNonNull(manager, "manager"));
    }

    @Override
    public boolean owns(Configuration configuration) {
        if (!(dataSource(configuration) instanceof TransactionAwareDataSourceProxy)) {
            return false;
        }
        if (configuration.transactionProvider() instanceof DefaultTransactionProvider) {
            throw new IllegalArgumentException(
                    "The configuration has a transaction-aware data source and jOOQ's own transaction provider, whose"
                            + " commit would be that of Spring's transaction. Nothing was installed. Set the transaction"
                            + " provider SpringTransactions.provider(manager), or Spring Boot's.");
        }
        return true;
    }

    private static @Nullable DataSource dataSource(Configuration configuration) {
        return configuration.connectionProvider() instanceof DataSourceConnectionProvider provider
                ? provider.dataSource()
                : null;
    }

    @Override
    public @Nullable Boundary current(Configuration configuration, Function<OwnedTransaction, Boundary> opening) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            return null; // the cheap answer for those who are in no transaction of Spring's
        }
        DataSource dataSource = dataSource(configuration);
        if (dataSource != null && !(dataSource instanceof TransactionAwareDataSourceProxy)) {
            return null; // asking it would take another connection
        }
        ConnectionProvider provider = configuration.connectionProvider();
        Connection connection = provider.acquire();
        if (connection == null) {
            return null;
        }
        try {
            return on(connection, opening);
        } catch (SQLException broken) {
            return null; // the statement itself will say so
        } finally {
            provider.release(connection);
        }
    }

    private @Nullable Boundary on(Connection connection, Function<OwnedTransaction, Boundary> opening)
            throws SQLException {
        if (!connection.isWrapperFor(ConnectionProxy.class)) {
            return null;
        }
        Connection held = connection.unwrap(ConnectionProxy.class).getTargetConnection();
        SpringTransaction transaction = open.get(held);
        if (transaction != null) {
            return transaction.boundary(opening);
        }
        if (TransactionSynchronizationManager.isActualTransactionActive() && !held.getAutoCommit()) {
            throw new IllegalStateException(
                    "The transaction on this thread was begun by a transaction manager that knows nothing of the hooks,"
                            + " so they could not be told how it ends; nothing was sent. Begin it with the manager that"
                            + " SpringTransactions.manage(...) returned.");
        }
        return null;
    }

    void begun(SpringTransaction transaction) {
        open.put(transaction.connection(), transaction);
    }

    void ended(SpringTransaction transaction) {
        open.remove(transaction.connection(), transaction);
    }

    @Nullable
    SpringTransaction on(Connection connection) {
        return open.get(connection);
    }

    /** The open transactions of this thread that are not suspended. */
    List<SpringTransaction> onThisThread() {
        return TransactionSynchronizationManager.isSynchronizationActive()
                ? TransactionSynchronizationManager.getSynchronizations().stream()
                        .filter(SpringTransaction.class::isInstance)
                        .map(SpringTransaction.class::cast)
                        .filter(transaction -> on(transaction.connection()) == transaction)
                        .toList()
                : List.of();
    }

    /** How many transactions are open. */
    int size() {
        return open.size();
    }

    @Override
    public String toString() {
        return "Spring's transactions, " + open.size() + " open";
    }
}
