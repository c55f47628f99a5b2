package dev.commithooks.jta;

import dev.commithooks.hook.Callback;
import dev.commithooks.spi.Boundary;
import dev.commithooks.spi.OutcomeResolver;
import dev.commithooks.spi.OwnedTransaction;
import dev.commithooks.spi.TransactionOwner;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.UserTransaction;
import java.sql.Connection;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import javax.transaction.xa.XAResource;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.TransactionProvider;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jspecify.annotations.Nullable;

/**
 * JTA's transactions as an owner that hooks are told by, over one database or several.
 *
 * <pre>{@code
 * JtaTransactions jta = new JtaTransactions(transactionManager, synchronizationRegistry);
 * // the pools enlist with jta.manager(), and the application begins and commits with it, or with jta.userTransaction()
 * CommitHooks hooks = CommitHooks.builder().owner(jta).register(PURCHASE, confirmations).register(STOCK, reorders).build();
 * DSLContext orders = hooks.attachTo(new DefaultConfiguration()
 *         .set(SQLDialect.POSTGRES)
 *         .set(jta.connections("orders", ordersPool, PostgresOutcomeResolver.of(ordersAside)))
 *         .set(jta.provider())
 *         .dsl());
 * DSLContext stock = hooks.attachTo(new DefaultConfiguration()
 *         .set(SQLDialect.POSTGRES)
 *         .set(jta.connections("stock", stockPool, PostgresOutcomeResolver.of(stockAside)))
 *         .set(jta.provider())
 *         .dsl());
 * }</pre>
 *
 * <p>Each database's part in a JTA transaction is a transaction to its hooks. Before hooks of all databases run last before the
 * end, after all other synchronizations, in the order in which the databases were first written to, and before any is prepared. A
 * veto rolls all of them back and reaches the caller as it is. After, failed and in-doubt hooks of all databases run when the
 * manager is done with the transaction: connections are given back and the thread is free for transactions of its own. A database
 * whose COMMIT got no answer is asked by its resolver; where that cannot tell, its hooks are told <em>in doubt</em>, the caller gets
 * a {@link dev.commithooks.transaction.TransactionInDoubtException} even if the manager calls the transaction committed, and the
 * {@link LateOutcomeListener} hears of the end that recovery brings about.
 *
 * <p>A transaction that is ended by others, past {@link #manager()}, tells the same; but hooks run within the manager's last
 * callback, with the transaction suspended, and what they throw is logged. One that has timed out is rolled back by the manager's
 * own thread, and that one runs the failed hooks.
 *
 * <p>Thread-safe. Make one per transaction manager.
 */
public final class JtaTransactions implements TransactionOwner {

    private final HookedTransactionManager manager;
    private final LateOutcomes lateOutcomes;
    private final KnownTransactions transactions;
    private final TransactionSynchronizationRegistry registry;
    private final TransactionProvider provider;
    private final Map<DataSource, String> names = Collections.synchronizedMap(new WeakHashMap<>());

    /**
     * The transactions of a manager. Late outcomes are logged.
     *
     * @param registry the manager's registry of synchronizations; in containers, of the name
     *     {@code java:comp/TransactionSynchronizationRegistry}
     */
    public JtaTransactions(TransactionManager manager, TransactionSynchronizationRegistry registry) {
        this(manager, registry, LateOutcomes::log);
    }

    /** The transactions of a manager, with a listener of late outcomes. */
    public JtaTransactions(
            TransactionManager manager, TransactionSynchronizationRegistry registry, LateOutcomeListener listener) {
        Objects.requireNonNull(manager, "manager");
        if (manager instanceof HookedTransactionManager) {
            throw new IllegalArgumentException("The transaction manager has hooks already: each row would be told of"
                    + " twice. Make one JtaTransactions, and give it to every CommitHooks as its owner.");
        }
        Objects.requireNonNull(
                registry,
                "No TransactionSynchronizationRegistry: without it before hooks could not run last before the end. It is"
                        + " the manager's own: with Narayana, TransactionSynchronizationRegistryImple; in containers, of"
                        + " the name java:comp/TransactionSynchronizationRegistry.");
        this.lateOutcomes = new LateOutcomes(Objects.requireNonNull(listener, "listener"));
        this.transactions = new KnownTransactions(manager, registry, lateOutcomes);
        this.manager = new HookedTransactionManager(manager, transactions);
        this.registry = new HookedRegistry(registry, transactions);
        this.provider = new JtaTransactionProvider(this.manager, transactions);
    }

    // ---------------------------------------------------------------- what goes into the application

    /**
     * The transaction manager with hooks in it: begins, ends and suspends the given one's transactions. To be given to pools, which
     * enlist connections with it, and to whatever begins and ends transactions. Its {@code commit()} throws what a before hook threw
     * (the transaction is rolled back), an {@link dev.commithooks.transaction.AfterCommitException} (it is committed), a
     * {@link dev.commithooks.transaction.TransactionInDoubtException}, or else what JTA says.
     */
    public TransactionManager manager() {
        return manager;
    }

    /** The same for applications. */
    public UserTransaction userTransaction() {
        return manager;
    }

    /**
     * The manager's registry of synchronizations, in which interposed ones hear of each end. To be given to pools together with
     * {@link #manager()}: Atomikos' own does not tell of a rollback, and a pool would lose the connection.
     */
    public TransactionSynchronizationRegistry registry() {
        return registry;
    }

    /**
     * A provider for {@code dsl.transaction(...)}: a JTA transaction, or, in one that is open on the thread, a savepoint set by SQL in
     * the database of that {@code dsl} alone.
     */
    public TransactionProvider provider() {
        return provider;
    }

    /**
     * Connections to a database. In a JTA transaction they are enlisted in it by their pool; outside, they are as the pool gives
     * them, in autocommit mode. To be set together with {@link #provider()}, in configurations with one and the same {@link
     * dev.commithooks.CommitHooks}; several of these may be about one pool, by one name.
     *
     * @param database a name for messages, and for {@link LateOutcome#database()}
     * @param dataSource a pool that enlists its connections with {@link #manager()}; a connection that is not enlisted is refused
     *     in a transaction
     */
    public ConnectionProvider connections(String database, DataSource dataSource) {
        return database(database, dataSource, null);
    }

    /**
     * Connections to a database, with somebody who finds out how a COMMIT ended that got no answer, also when recovery finds that a
     * branch has ended without it. In place of {@link dev.commithooks.CommitHooksBuilder#outcomeResolver}, which does not know one
     * database from the other.
     *
     * @param resolver asks this database, over connections that are no part of JTA transactions; its inquiries may be asked twice,
     *     and on recovery's thread
     */
    public ConnectionProvider connections(String database, DataSource dataSource, OutcomeResolver resolver) {
        return database(database, dataSource, Objects.requireNonNull(resolver, "resolver"));
    }

    private JtaDatabase database(String name, DataSource dataSource, @Nullable OutcomeResolver resolver) {
        if (Objects.requireNonNull(name, "database").isBlank()) {
            throw new IllegalArgumentException("A database's name must not be empty");
        }
        String known = names.putIfAbsent(Objects.requireNonNull(dataSource, "dataSource"), name);
        if (known != null && !known.equals(name)) {
            throw new IllegalArgumentException("Database '" + name + "' has the data source of database '" + known
                    + "'. Nothing was installed. Use one name for it: what hooks and listeners of late outcomes are told"
                    + " is told by that.");
        }
        return new JtaDatabase(this, name, dataSource, resolver);
    }

    /**
     * The resource for a manager's recovery, from which the {@link LateOutcomeListener} hears how branches end that were left prepared
     * by this process or by one that has died. To be returned by what the manager is given for recovery: with Narayana, an
     * {@code XAResourceRecoveryHelper}.
     *
     * @param database the name in {@link LateOutcome#database()}; that of {@link #connections}
     * @param resource a resource of that database, on a connection of recovery's own
     */
    public XAResource recovering(String database, XAResource resource) {
        return new RecoveringResource(
                Objects.requireNonNull(resource, "resource"),
                Objects.requireNonNull(database, "database"),
                lateOutcomes);
    }

    // ---------------------------------------------------------------- within a transaction

    /**
     * Registers a callback of the JTA transaction of this thread, over all of its databases.
     *
     * <p>Fires when every database is committed, after the last after hook; not at all where one is rolled back or in doubt.
     * Transaction: none. Connection: none. If it throws, the caller gets an
     * {@link dev.commithooks.transaction.AfterCommitException}.
     *
     * @throws IllegalStateException when the thread is in no JTA transaction, or that is being ended
     */
    public void afterAllCommitted(Callback callback) {
        Objects.requireNonNull(callback, "callback");
        JtaTransaction transaction = transactions.ofThread();
        if (transaction == null) {
            throw new IllegalStateException("afterAllCommitted needs a JTA transaction, and this thread is in none; the"
                    + " callback was not run. Begin one with manager(), userTransaction() or dsl.transaction(...).");
        }
        transaction.afterAllCommitted(callback);
    }

    /**
     * The global id of the JTA transaction of this thread, in hexadecimal digits, as a {@link LateOutcome} would name it; empty where
     * there is none, or no resource takes part in it yet.
     */
    public Optional<String> globalId() {
        JtaTransaction transaction = transactions.ofThread();
        return transaction == null
                ? Optional.empty()
                : Optional.ofNullable(transaction.branches().globalId());
    }

    /** The manager's transactions. */
    KnownTransactions transactions() {
        return transactions;
    }

    // ---------------------------------------------------------------- as hooks ask it

    @Override
    public boolean owns(Configuration configuration) {
        JtaDatabase database = WatchedDatabase.of(configuration.connectionProvider());
        boolean hasConnections = database != null && database.belongsTo(this);
        boolean hasProvider = configuration.transactionProvider() == provider;
        if (hasConnections != hasProvider) {
            throw new IllegalArgumentException("The configuration has "
                    + (hasConnections
                            ? "JTA's connections and another transaction provider, whose commit JTA refuses"
                            : "JTA's transaction provider and connections that take no part in its transactions")
                    + ". Nothing was installed. Set both: jta.connections(name, dataSource) and jta.provider().");
        }
        return hasConnections;
    }

    @Override
    public ConnectionProvider watched(ConnectionProvider connections, UnaryOperator<Connection> watch) {
        return new WatchedDatabase(Objects.requireNonNull(WatchedDatabase.of(connections)), watch);
    }

    @Override
    public @Nullable Boundary current(
            Configuration configuration, Function<OwnedTransaction, @Nullable Boundary> opening) {
        if (!transactions.isAtWork()) {
            return null;
        }
        ConnectionProvider connections = configuration.connectionProvider();
        JtaDatabase database = WatchedDatabase.of(connections);
        if (database != null) {
            return database.belongsTo(this)
                    ? Objects.requireNonNull(transactions.ofThread())
                            .part(database)
                            .boundary(opening)
                    : null;
        }
        if (connections instanceof DataSourceConnectionProvider) {
            return null; // asking it would take another connection
        }
        Connection connection = connections.acquire();
        if (connection == null) {
            return null;
        }
        try {
            DatabasePart part = JtaConnection.partOf(connection);
            return part != null && part.database().belongsTo(this) ? part.boundary(opening) : null;
        } finally {
            connections.release(connection);
        }
    }

    @Override
    public String toString() {
        return "JTA's transactions, " + transactions.size() + " open";
    }
}
