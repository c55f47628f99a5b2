package dev.commithooks.engine.lookup;

import dev.commithooks.engine.boundary.Level;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.TransactionContext;
import org.jooq.TransactionListenerProvider;
import org.jooq.TransactionProvider;
import org.jooq.impl.ThreadLocalTransactionProvider;
import org.jspecify.annotations.Nullable;

/**
 * What says of a configuration which transaction it is in: the {@link Level} among its transaction listeners, and entries of its
 * {@link Configuration#data()}, a session's and jOOQ's own. Their only reader and writer. Configurations that jOOQ derives from a
 * transaction's have the same listeners, and copies of the entries, for which it charges 32 bytes each at every statement.
 */
public final class TransactionData {

    // Strings, so that they survive class loaders and serialisation alike.
    private static final String SESSION = "dev.commithooks.session";
    private static final String OPTIONS = "dev.commithooks.options";

    /** jOOQ's key of the transaction's context. */
    private static final String JOOQ_CONTEXT = "org.jooq.transaction-context";

    /** What the keys of jOOQ's default provider begin with: its connection, its savepoints. */
    private static final String JOOQ_PROVIDER = "DATA_DEFAULT_TRANSACTION_PROVIDER_";

    private TransactionData() {}

    /** The level that the configuration belongs to, open or ended; null when it has never been in a transaction of ours. */
    public static @Nullable Level level(Configuration configuration) {
        for (TransactionListenerProvider provider : configuration.transactionListenerProviders()) {
            if (provider instanceof Level level) {
                return level;
            }
        }
        return null;
    }

    /** The configuration is in this level from now on. */
    public static void level(Configuration configuration, Level level) {
        carry(configuration, level);
    }

    /** The configuration is in no level: the begin of its transaction failed. */
    public static void forgetLevel(Configuration configuration) {
        if (level(configuration) != null) {
            carry(configuration, null);
        }
    }

    private static void carry(Configuration configuration, @Nullable Level level) {
        TransactionListenerProvider[] providers = configuration.transactionListenerProviders();
        for (int i = 0; i < providers.length; i++) {
            TransactionListenerProvider installed = installed(providers[i]);
            if (installed != null) {
                TransactionListenerProvider[]
                        carrying = // others have the same array, which may be one of a narrower type
                        Arrays.copyOf(providers, providers.length, TransactionListenerProvider[].class);
                carrying[i] = level == null ? installed : level;
                if (level != null) {
                    level.carriedInPlaceOf(installed);
                }
                configuration.set(carrying);
                return;
            }
        }
    }

    private static @Nullable TransactionListenerProvider installed(TransactionListenerProvider provider) {
        return provider instanceof Level level ? level.installed() : provider instanceof Installed ? provider : null;
    }

    /** The mark of the hooks that are installed in the configuration, in a level or not; null where none are. */
    public static @Nullable Installed installed(Configuration configuration) {
        for (TransactionListenerProvider provider : configuration.transactionListenerProviders()) {
            if (installed(provider) instanceof Installed installed) {
                return installed;
            }
        }
        return null;
    }

    /** The session that the configuration belongs to; null when its transactions are begun in the usual way. */
    public static @Nullable SelfBeginning session(Configuration configuration) {
        return configuration.data(SESSION) instanceof SelfBeginning session ? session : null;
    }

    /** The configuration belongs to this session. */
    public static void session(Configuration configuration, SelfBeginning session) {
        configuration.data(SESSION, session);
    }

    /** Hands options to the transaction that is begun with the configuration. */
    public static void options(Configuration configuration, Object options) {
        configuration.data(OPTIONS, options);
    }

    /** Takes the options that were handed over; null when there are none. Nested transactions do not find them. */
    public static @Nullable Object takeOptions(Configuration configuration) {
        return configuration.data().remove(OPTIONS);
    }

    /** Makes a context the transaction's, as jOOQ does when it begins one. */
    public static void context(Configuration configuration, TransactionContext ctx) {
        configuration.data(JOOQ_CONTEXT, ctx);
    }

    /**
     * The configuration that the hooks were installed in; this one where that is not known. The one that jOOQ makes for a
     * statement has that statement's connection and no transaction provider, which is of no use when the statement is over.
     */
    static Configuration lasting(Configuration configuration) {
        Installed installed = installed(configuration);
        return installed == null ? configuration : installed.installedIn();
    }

    /** Whether the configuration is in a transaction that jOOQ began without any hooks. */
    public static boolean isInPlainTransaction(Configuration configuration) {
        return level(configuration) == null
                && session(configuration) == null
                && configuration.data().keySet().stream().anyMatch(TransactionData::isOfTransaction);
    }

    /**
     * A configuration like a transaction's, but outside of it: its connection provider is the one that the transaction took its
     * connection from.
     */
    public static Configuration outside(Configuration configuration) {
        return outsideInPlace(configuration.derive());
    }

    /** A configuration like a statement's, but outside of what it may belong to, with providers that outlast the statement. */
    static Configuration outside(
            Configuration statement, ConnectionProvider connections, TransactionProvider transactions) {
        Configuration outside = statement.derive();
        outside.set(connections);
        outside.set(transactions);
        return outsideInPlace(outside);
    }

    private static Configuration outsideInPlace(Configuration outside) {
        forgetTransaction(outside);
        if (outside.data().remove(SESSION) instanceof SelfBeginning session
                && !(outside.transactionProvider() instanceof ThreadLocalTransactionProvider)) {
            outside.set(session.connections());
        }
        return outside;
    }

    /** Takes out of a configuration what makes it a transaction's. */
    public static void forgetTransaction(Configuration configuration) {
        configuration.data().keySet().removeIf(TransactionData::isOfTransaction);
        forgetLevel(configuration);
    }

    /** The entries that make a configuration a transaction's, without its level. */
    public static Map<Object, Object> ofTransaction(Configuration configuration) {
        Map<Object, Object> data = new HashMap<>(configuration.data());
        data.keySet().removeIf(key -> !isOfTransaction(key));
        return data;
    }

    /** Gives a configuration the entries of another that it does not have, and its level if it is in none. */
    public static void join(Configuration configuration, Configuration other) {
        other.data().forEach((key, value) -> configuration.data().putIfAbsent(key, value));
        Level level = level(other);
        if (level != null && level(configuration) == null) {
            level(configuration, level);
        }
    }

    private static boolean isOfTransaction(Object key) {
        return JOOQ_CONTEXT.equals(key)
                || (key instanceof Enum<?> && key.toString().startsWith(JOOQ_PROVIDER));
    }
}
