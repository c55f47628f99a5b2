package dev.commithooks.engine.jooq;

import dev.commithooks.engine.capture.TellingServers;
import dev.commithooks.engine.lookup.TransactionData;
import dev.commithooks.policy.Bypass;
import dev.commithooks.policy.OutsideTransaction;
import dev.commithooks.policy.TransactionDefaults;
import dev.commithooks.spi.TransactionOwner;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.jooq.Configuration;
import org.jooq.ExecuteListenerProvider;
import org.jooq.RecordListenerProvider;
import org.jooq.TransactionListenerProvider;
import org.jooq.TransactionProvider;
import org.jooq.impl.ThreadLocalTransactionProvider;
import org.jspecify.annotations.Nullable;

/** How the engine's parts get into a configuration, and how it is noticed when one has got out. */
public final class Installation {

    private final Engine engine;
    private final RecordListenerProvider records;
    private final RecordListenerProvider writtenRecords;
    private final ExecuteListenerProvider statements;
    private final ExecuteListenerProvider statementsAlone;
    private final TellingServers tellingServers;
    /** Outside transactions these policies need no events of records or statements. */
    private final boolean recordsOutside;

    private final boolean statementsOutside;
    private final boolean restoresOwners;
    private final boolean hasHooks;

    Installation(Engine engine) {
        this.engine = engine;
        this.records = engine.capture().recordListenerProvider();
        this.writtenRecords = new WrittenRecords(engine.lookup());
        this.statements = engine.capture().executeListenerProvider();
        this.statementsAlone = engine.capture().statementListenerProvider();
        this.tellingServers = engine.capture().tellingServers();
        OutsideTransaction outside = engine.policies().outsideTransaction();
        this.hasHooks = !engine.registry().registrations().isEmpty();
        boolean hasOwners = !engine.policies().owners().isEmpty(); // whose transactions are prepared by nobody
        this.recordsOutside =
                hasHooks && (hasOwners || outside == OutsideTransaction.RUN_NOW || outside == OutsideTransaction.WARN);
        this.restoresOwners = hasOwners && engine.policies().restoresRecords();
        this.statementsOutside = hasHooks
                && (recordsOutside
                        || outside == OutsideTransaction.REJECT
                        || engine.policies().bypass() != Bypass.IGNORE);
    }

    /** Puts the parts into a configuration in place. */
    public void into(Configuration configuration) {
        TransactionOwner owner = engine.policies().owners().stream()
                .filter(candidate -> candidate.owns(configuration))
                .findFirst()
                .orElse(null);
        refuse(configuration, owner != null);
        if (owner != null) {
            UnaryOperator<Connection> watch = engine.lookup().watch(configuration);
            configuration.set(owner.watched(configuration.connectionProvider(), watch));
        }
        TransactionProvider provider = owner != null ? configuration.transactionProvider() : providerFor(configuration);
        boolean threadBound = provider instanceof ThreadLocalTransactionProvider;
        configuration.set(provider);
        TransactionListenerProvider[] others = configuration.transactionListenerProviders();
        TransactionListenerProvider[] all =
                Arrays.copyOf(others, others.length + 1, TransactionListenerProvider[].class);
        all[others.length] = new Lifecycle(engine, configuration);
        configuration.set(all);
        if (hasHooks && (recordsOutside || threadBound)) {
            configuration.set(
                    withFirst(configuration.recordListenerProviders(), records, RecordListenerProvider[]::new));
        }
        if (restoresOwners || threadBound) { // where the configuration outside is in the transaction as well
            configuration.set(
                    withFirst(configuration.recordListenerProviders(), writtenRecords, RecordListenerProvider[]::new));
        }
        if (hasHooks && (statementsOutside || threadBound)) {
            configuration.set(
                    withFirst(configuration.executeListenerProviders(), statements, ExecuteListenerProvider[]::new));
        }
    }

    private TransactionProvider providerFor(Configuration configuration) {
        TransactionProvider explicit = explicitProvider(configuration);
        return explicit instanceof HookedThreadLocalTransactionProvider threadLocal
                ? threadLocal.bindTo(engine)
                : new HookedTransactionProvider(engine, explicit);
    }

    private void refuse(Configuration configuration, boolean isOwned) {
        TransactionProvider explicit = explicitProvider(configuration);
        if (Engine.of(configuration) != null) {
            throw new IllegalStateException(
                    "This configuration has commit hooks already; each row would be told of twice."
                            + " Install one CommitHooks, with all hooks registered in it, on a configuration without.");
        }
        if (TransactionData.isInPlainTransaction(configuration)) {
            throw new IllegalStateException(
                    "This configuration is in a transaction that jOOQ began without these hooks: part of its work would be"
                            + " told of and part not, and a transaction begun on it would end it. Nothing was installed, and the"
                            + " transaction is as it was. Attach to the DSLContext that dsl.transaction is called on.");
        }
        if (isOwned) {
            refuseDefaults();
        } else {
            refuseWithoutOwner(configuration, explicit);
        }
        if (!configuration.connectionFactory().getClass().getSimpleName().equals("NoConnectionFactory")) {
            throw new IllegalArgumentException(
                    "R2DBC configurations cannot have commit hooks: jOOQ calls no transaction"
                            + " provider and no listener there. Use a JDBC connection or data source.");
        }
        KnownDatabase.require(configuration, engine.policies());
    }

    private void refuseDefaults() {
        TransactionDefaults defaults = engine.policies().transactionDefaults();
        if (!defaults.equals(TransactionDefaults.none())) {
            throw new IllegalArgumentException("transactionDefaults(" + defaults
                    + ") cannot reach the transactions of this configuration, which somebody else begins; nothing was"
                    + " installed. Leave them out, and say it there: in Spring, by @Transactional(isolation = ...) and the"
                    + " retries of your own; in JTA, by the data source.");
        }
    }

    private static void refuseWithoutOwner(Configuration configuration, @Nullable TransactionProvider explicit) {
        if (explicit instanceof ThreadLocalTransactionProvider
                && !(explicit instanceof HookedThreadLocalTransactionProvider)) {
            throw new IllegalArgumentException(
                    "jOOQ's ThreadLocalTransactionProvider cannot be wrapped: jOOQ looks for its"
                            + " very class, and statements would escape the transaction (jOOQ#15874). Use"
                            + " CommitHooks.threadLocalTransactionProvider(connectionProvider) in its place.");
        }
        if (explicit != null && explicit.getClass().getName().startsWith("org.springframework.")) {
            throw new IllegalArgumentException("Spring's transaction provider needs an owner of its transactions: its"
                    + " commit may be a savepoint of a transaction that Spring commits or rolls back later, so hooks would"
                    + " lie. Give CommitHooks.builder().owner(...) a SpringTransactions that manages the transaction"
                    + " manager.");
        }
        String connections = configuration.connectionProvider().getClass().getName();
        if (connections.startsWith("dev.commithooks.jta.")
                || (explicit != null && explicit.getClass().getName().startsWith("dev.commithooks.jta."))) {
            throw new IllegalArgumentException(
                    "JTA's transactions need their owner: others may end what jOOQ begins, and"
                            + " the other way round. Nothing was installed. Give CommitHooks.builder().owner(...) the"
                            + " JtaTransactions that this configuration's connections and transaction provider are of.");
        }
        if (connections.startsWith("org.springframework.") || wrapsSpringProxy(configuration)) {
            throw new IllegalArgumentException("Spring's transaction-aware data source needs an owner of its"
                    + " transactions: one begun on it by jOOQ would commit Spring's own. Give"
                    + " CommitHooks.builder().owner(...) a SpringTransactions that manages the transaction manager, or"
                    + " give jOOQ the data source that it wraps.");
        }
    }

    private static boolean wrapsSpringProxy(Configuration configuration) {
        return configuration.connectionProvider() instanceof org.jooq.impl.DataSourceConnectionProvider provider
                && provider.dataSource() != null
                && provider.dataSource()
                        .getClass()
                        .getName()
                        .equals("org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy");
    }

    /** The provider that was set; null where jOOQ makes its default one at each call. */
    private static @Nullable TransactionProvider explicitProvider(Configuration configuration) {
        TransactionProvider first = configuration.transactionProvider();
        return first == configuration.transactionProvider() && !isNone(first) ? first : null;
    }

    private static boolean isNone(TransactionProvider provider) {
        return provider.getClass().getSimpleName().equals("NoTransactionProvider");
    }

    /** In a transaction's own configuration, adds what is not installed outside. */
    public void prepareTransaction(Configuration transaction, boolean restoresRecords) {
        boolean mayLackSome = hasHooks
                && !(recordsOutside && statementsOutside)
                && !contains(transaction.executeListenerProviders(), statementsAlone);
        if (mayLackSome && !recordsOutside && !contains(transaction.recordListenerProviders(), records)) {
            transaction.set(withFirst(transaction.recordListenerProviders(), records, RecordListenerProvider[]::new));
        }
        if (restoresRecords && !contains(transaction.recordListenerProviders(), writtenRecords)) {
            transaction.set(
                    withFirst(transaction.recordListenerProviders(), writtenRecords, RecordListenerProvider[]::new));
        }
        if (mayLackSome && !statementsOutside && !contains(transaction.executeListenerProviders(), statements)) {
            transaction.set(
                    withFirst(transaction.executeListenerProviders(), statements, ExecuteListenerProvider[]::new));
        }
    }

    /** In the configuration of a transaction that has begun, listens to nothing that its server tells anyway. */
    void leaveToServer(Configuration transaction) {
        listenToRecords(transaction, !isToldByServer(transaction));
    }

    /** Whether ours would be the only listener of records, and the server tells the rows of all writes. */
    private boolean isToldByServer(Configuration transaction) {
        RecordListenerProvider[] listeners = transaction.recordListenerProviders();
        if (!hasHooks
                || !tellingServers.areThere()
                || listeners.length > 1
                || listeners.length == 1 && listeners[0] != records
                || !(transaction.transactionProvider() instanceof HookedTransactionProvider provider)
                || provider.ownsConnection()
                || TransactionData.session(transaction) != null) {
            return false;
        }
        Connection connection = transaction.connectionProvider().acquire();
        return connection != null && tellingServers.contain(transaction, connection);
    }

    /** Listens to statements and records, or to statements alone. */
    private void listenToRecords(Configuration configuration, boolean both) {
        ExecuteListenerProvider before = both ? statementsAlone : statements;
        if (!contains(configuration.executeListenerProviders(), before)) {
            return;
        }
        ExecuteListenerProvider after = both ? statements : statementsAlone;
        configuration.set(Arrays.stream(configuration.executeListenerProviders())
                .map(provider -> provider == before ? after : provider)
                .toArray(ExecuteListenerProvider[]::new));
        configuration.set(
                both
                        ? withFirst(configuration.recordListenerProviders(), records, RecordListenerProvider[]::new)
                        : new RecordListenerProvider[0]);
    }

    /** A configuration that has left its transaction is like the one outside. */
    public Configuration outside(Configuration configuration) {
        listenToRecords(configuration, true);
        return configuration;
    }

    /** A part that a later {@code derive} dropped is found when a transaction begins. */
    void refuseUnlessComplete(Configuration configuration) {
        if (recordsOutside && !contains(configuration.recordListenerProviders(), records)) {
            refuseUnlessAlone(configuration, "RecordListenerProvider");
        }
        if (statementsOutside && !contains(configuration.executeListenerProviders(), statements)) {
            refuseUnlessAlone(configuration, "ExecuteListenerProvider");
        }
    }

    private void refuseUnlessAlone(Configuration configuration, String missing) {
        if (!contains(configuration.executeListenerProviders(), statementsAlone)) {
            throw gone(missing);
        }
    }

    void refuseUnlessProvided(Configuration configuration) {
        boolean isOurs = configuration.transactionProvider() instanceof Hooked hooked && hooked.engine() == engine;
        if (!isOurs && engine.policies().owners().stream().noneMatch(owner -> owner.owns(configuration))) {
            throw gone("TransactionProvider");
        }
    }

    /** The exception for a transaction on a configuration that has lost a part. */
    static IllegalStateException gone(String part) {
        return new IllegalStateException("The " + part + " of the commit hooks is gone from this configuration, so that"
                + " hooks would be silent; no transaction was begun. derive(...) and set(...) replace all listeners:"
                + " add yours with deriveAppending(...), or before attachTo(...).");
    }

    private static boolean contains(Object[] providers, Object provider) {
        for (Object candidate : providers) {
            if (candidate == provider) {
                return true;
            }
        }
        return false;
    }

    /** The array may be one of a narrower type, into which ours would not go. */
    private static <T> T[] withFirst(T[] others, T ours, IntFunction<T[]> array) {
        List<T> all = new ArrayList<>();
        all.add(ours);
        all.addAll(Arrays.asList(others));
        return all.toArray(array);
    }

    /** A copy of the configuration with the parts in it. */
    public Configuration copyOf(Configuration configuration) {
        Configuration copy = configuration.derive();
        into(copy);
        return copy;
    }
}
