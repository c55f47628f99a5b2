package dev.commithooks.engine.boundary;

import dev.commithooks.engine.scope.Level;
import java.util.HashMap;
import java.util.Map;
import org.jooq.Configuration;
import org.jooq.TransactionContext;
import org.jooq.impl.ThreadLocalTransactionProvider;
import org.jspecify.annotations.Nullable;

/**
 * A level of a transaction as a jOOQ configuration carries it, in its {@code data()}: configurations derived from the
 * transaction's carry the same.
 *
 * @param level the level
 * @param boundary the transaction's boundary
 * @param ctx jOOQ's context of the level
 * @param parent the enclosing level; null at the top
 */
public record OpenLevel(
        Level level,
        TransactionBoundary boundary,
        TransactionContext ctx,
        @Nullable OpenLevel parent) {

    /** The key in {@link Configuration#data()}; a string, so that it survives class loaders and serialisation alike. */
    public static final String KEY = "dev.commithooks.level";

    /** The key under which jOOQ keeps the transaction's context. */
    public static final String JOOQ_CONTEXT = "org.jooq.transaction-context";

    private static final String JOOQ_PROVIDER = "DATA_DEFAULT_TRANSACTION_PROVIDER_";

    /** The level that the configuration belongs to, open or ended; null when it has never been in a transaction of ours. */
    public static @Nullable OpenLevel of(Configuration configuration) {
        return configuration.data(KEY) instanceof OpenLevel level ? level : null;
    }

    /** The configuration of the level's transaction. */
    public Configuration configuration() {
        return ctx.configuration();
    }

    /** Whether it has neither been committed nor rolled back. */
    public boolean isOpen() {
        return level.isOpen();
    }

    /**
     * A configuration like a transaction's, but outside of it: what jOOQ and we keep in a transaction's {@code data()} is
     * taken out, so that its connection provider is the one the transaction took its connection from.
     */
    public static Configuration outside(Configuration configuration) {
        Configuration outside = configuration.derive();
        forgetTransaction(outside);
        if (outside.data().remove(SelfBeginning.KEY) instanceof SelfBeginning session
                && !(outside.transactionProvider() instanceof ThreadLocalTransactionProvider)) {
            outside.set(session.connections());
        }
        return outside;
    }

    /** Takes out of a configuration's {@code data()} what makes it a transaction's. */
    public static void forgetTransaction(Configuration configuration) {
        configuration.data().keySet().removeIf(OpenLevel::isOfTransaction);
    }

    /** What makes a configuration a transaction's. */
    public static Map<Object, Object> transactionData(Configuration configuration) {
        Map<Object, Object> data = new HashMap<>(configuration.data());
        data.keySet().removeIf(key -> !isOfTransaction(key));
        return data;
    }

    private static boolean isOfTransaction(Object key) {
        return KEY.equals(key)
                || JOOQ_CONTEXT.equals(key)
                || (key instanceof Enum<?> && key.toString().startsWith(JOOQ_PROVIDER));
    }

    @Override
    public String toString() {
        return level.toString();
    }
}
