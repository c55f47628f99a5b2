package dev.commithooks.spring;

import dev.commithooks.spi.Boundary;
import dev.commithooks.spi.OwnedTransaction;
import dev.commithooks.spi.TransactionOwner;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.TransactionProvider;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultTransactionProvider;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.ConnectionProxy;
import org.springframework.jdbc.datasource.JdbcTransactionObjectSupport;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionStatus;
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
    /** The same, by what Spring hands to whoever began them. */
    private final Map<TransactionExecution, SpringTransaction> begun = new ConcurrentHashMap<>();
    /** The data sources of the managers that have hooks. */
    private final Set<DataSource> managed = ConcurrentHashMap.newKeySet();

    /** An owner that manages nothing yet. */
    public SpringTransactions() {}

    /**
     * Whether a manager's transactions are those of one JDBC connection each: a JdbcTransactionManager, a
     * DataSourceTransactionManager, or a JpaTransactionManager that has its data source.
     */
    public static boolean suits(TransactionManager manager) {
        return SuitableManager.dataSource(Objects.requireNonNull(manager, "manager")) != null;
    }

    /**
     * The transaction manager with hooks in it: begins and ends transactions as the given one does. Before hooks run last
     * before COMMIT, after all synchronizations; after hooks when the given manager is done with the transaction, its connection
     * is given back and what it had suspended is resumed. The given one is not to be used any more.
     *
     * @throws IllegalArgumentException when the manager does not {@link #suits suit}, or has hooks already
     */
    public PlatformTransactionManager manage(TransactionManager manager) {
        if (manager instanceof HookedTransactionManager hooked && hooked.belongsTo(this)) {
            return hooked;
        }
        SuitableManager suitable = SuitableManager.of(Objects.requireNonNull(manager, "manager"));
        managed.add(suitable.dataSource());
        return new HookedTransactionManager(suitable.manager(), new BoundaryListener(this, suitable.resources()));
    }

    /**
     * Has hooks told of the manager's transactions and leaves it the object that it is, for those who need its very class. Less
     * is promised than by {@link #manage}:
     *
     * <ul>
     *   <li>Hooks that run at the end do so while the transaction's connection is held. What they do with the database needs
     *       another one: a pool of one has none.
     *   <li>Where a resolver finds out that a COMMIT without answer has committed, after hooks run, and the caller gets an
     *       IllegalStateException that says so.
     *   <li>Where a before hook calls {@code setRollbackOnly()} the caller gets an exception.
     *   <li>Failed hooks are told {@code ROLLBACK_ONLY} where a block had failed in a transaction that it had joined, even if that
     *       exception is what the transaction is rolled back for.
     *   <li>An exception of hooks keeps the manager's other execution listeners from being called.
     * </ul>
     *
     * @throws IllegalArgumentException as {@link #manage}
     */
    public void listenTo(TransactionManager manager) {
        SuitableManager suitable = SuitableManager.of(Objects.requireNonNull(manager, "manager"));
        managed.add(suitable.dataSource());
        suitable.manager().addListener(new LoneListener(this, suitable.resources()));
    }

    /** Whether a manager that has hooks begins transactions on this data source. */
    public boolean manages(DataSource dataSource) {
        return managed.contains(dataSource);
    }

    /** A provider for {@code dsl.transaction(...)}: a savepoint in the manager's transaction, or one of its own if none is open. */
    public static TransactionProvider provider(PlatformTransactionManager manager) {
        return new SpringTransactionProvider(Objects.requireNonNull(manager, "manager"));
    }

    @Override
    public boolean owns(Configuration configuration) {
        if (!(dataSource(configuration.connectionProvider()) instanceof TransactionAwareDataSourceProxy)) {
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

    @Override
    public ConnectionProvider watched(ConnectionProvider connections, UnaryOperator<Connection> watch) {
        return new WatchedDataSource(((DataSourceConnectionProvider) connections).dataSource(), watch);
    }

    private static @Nullable DataSource dataSource(ConnectionProvider connections) {
        return connections instanceof DataSourceConnectionProvider provider ? provider.dataSource() : null;
    }

    @Override
    public @Nullable Boundary current(
            Configuration configuration, Function<OwnedTransaction, @Nullable Boundary> opening) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            return null; // the cheap answer for those who are in no transaction of Spring's
        }
        ConnectionProvider provider = configuration.connectionProvider(); // made anew by each call, for a statement
        DataSource dataSource = dataSource(provider);
        if (dataSource != null && !(dataSource instanceof TransactionAwareDataSourceProxy)) {
            return null; // asking it would take another connection
        }
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

    private @Nullable Boundary on(Connection connection, Function<OwnedTransaction, @Nullable Boundary> opening)
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
                            + " SpringTransactions.manage(...) returned, or one given to listenTo(...).");
        }
        return null;
    }

    /** A transaction has begun, unless it is one that others began, or one on no connection. */
    void begun(TransactionStatus status) {
        ConnectionHolder holder = status.isNewTransaction() ? holder(status) : null;
        if (holder != null && TransactionSynchronizationManager.isSynchronizationActive()) {
            SpringTransaction transaction = new SpringTransaction(
                    holder, status, TransactionSynchronizationManager.getCurrentTransactionName());
            TransactionSynchronizationManager.registerSynchronization(transaction);
            open.put(transaction.connection(), transaction);
            begun.put(status, transaction);
        }
    }

    private static @Nullable ConnectionHolder holder(TransactionExecution status) {
        return status instanceof DefaultTransactionStatus known
                        && known.getTransaction() instanceof JdbcTransactionObjectSupport jdbc
                        && jdbc.hasConnectionHolder()
                ? jdbc.getConnectionHolder()
                : null;
    }

    /** The open transaction that has this status; null where it only takes part in one, and where hooks know of none. */
    @Nullable
    SpringTransaction of(TransactionExecution status) {
        return begun.get(status);
    }

    /** The boundary of the transaction that this one is nested in; null where it is not nested, or nothing concerned hooks. */
    @Nullable
    Boundary around(TransactionStatus status) {
        SpringTransaction transaction = status.hasSavepoint() ? enclosing(status) : null;
        return transaction == null ? null : transaction.boundaryOrNull();
    }

    /** The open transaction on whose connection a nested one runs; null where hooks know of none. */
    @Nullable
    SpringTransaction enclosing(TransactionExecution nested) {
        ConnectionHolder holder = holder(nested);
        return holder == null ? null : open.get(holder.getConnection());
    }

    void ended(SpringTransaction transaction) {
        open.remove(transaction.connection(), transaction);
        begun.remove(transaction.status());
    }

    /** The open transactions of this thread that are not suspended. */
    List<SpringTransaction> onThisThread() {
        return TransactionSynchronizationManager.isSynchronizationActive()
                ? TransactionSynchronizationManager.getSynchronizations().stream()
                        .filter(SpringTransaction.class::isInstance)
                        .map(SpringTransaction.class::cast)
                        .filter(transaction -> of(transaction.status()) == transaction)
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
