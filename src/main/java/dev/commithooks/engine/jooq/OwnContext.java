package dev.commithooks.engine.jooq;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.Transaction;
import org.jooq.TransactionContext;
import org.jooq.conf.Settings;
import org.jspecify.annotations.Nullable;

/**
 * The context of a transaction that jOOQ's own {@code transaction(...)} does not begin, whose class for it is not public. Has the
 * methods of jOOQ 3.20 and 3.21 too, which it is not compiled against.
 */
public final class OwnContext implements TransactionContext {

    private final Configuration configuration;
    private final Set<?> properties;
    private final Instant creationTime;
    private final Map<Object, Object> data = new ConcurrentHashMap<>();
    private @Nullable Transaction transaction;
    private @Nullable Throwable cause;
    private @Nullable Object result;

    /** The context of a transaction that is about to begin with this configuration, and with its provider's properties. */
    public OwnContext(Configuration configuration) {
        this(configuration, TransactionProperties.of(configuration.transactionProvider()));
    }

    /** The context of a transaction that has these properties. */
    OwnContext(Configuration configuration, Set<?> properties) {
        this.configuration = configuration;
        this.properties = properties;
        this.creationTime = configuration.clock().instant();
    }

    /** Of jOOQ 3.21. */
    @SuppressWarnings({"rawtypes", "unused"})
    public Set properties() {
        return properties;
    }

    /** Of jOOQ 3.20. */
    @SuppressWarnings("unused")
    public @Nullable Object result() {
        return result;
    }

    /** Of jOOQ 3.20. */
    @SuppressWarnings("unused")
    public TransactionContext result(@Nullable Object newResult) {
        result = newResult;
        return this;
    }

    @Override
    public @Nullable Transaction transaction() {
        return transaction;
    }

    @Override
    public TransactionContext transaction(Transaction newTransaction) {
        transaction = newTransaction;
        return this;
    }

    @Override
    public @Nullable Exception cause() {
        return cause instanceof Exception exception ? exception : null;
    }

    @Override
    public @Nullable Throwable causeThrowable() {
        return cause;
    }

    @Override
    public TransactionContext cause(Exception newCause) {
        cause = newCause;
        return this;
    }

    @Override
    public TransactionContext causeThrowable(Throwable newCause) {
        cause = newCause;
        return this;
    }

    @Override
    public Instant creationTime() {
        return creationTime;
    }

    @Override
    public Configuration configuration() {
        return configuration;
    }

    @Override
    public DSLContext dsl() {
        return configuration.dsl();
    }

    @Override
    public Settings settings() {
        return configuration.settings();
    }

    @Override
    public SQLDialect dialect() {
        return configuration.dialect();
    }

    @Override
    public SQLDialect family() {
        return configuration.family();
    }

    @Override
    public Map<Object, Object> data() {
        return data;
    }

    @Override
    public @Nullable Object data(Object key) {
        return data.get(key);
    }

    @Override
    public @Nullable Object data(Object key, Object value) {
        return data.put(key, value);
    }
}
