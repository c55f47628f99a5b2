package dev.commithooks.engine.jooq;

import dev.commithooks.engine.boundary.ConnectionWatch;
import dev.commithooks.engine.boundary.Level;
import dev.commithooks.engine.lookup.SelfBeginning;
import dev.commithooks.engine.lookup.TransactionData;
import java.util.Set;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.TransactionContext;
import org.jooq.TransactionProvider;
import org.jooq.impl.DefaultTransactionProvider;
import org.jspecify.annotations.Nullable;

/**
 * The transaction provider of a configuration with hooks, around the user's own, if one was set. Where none was, each
 * transaction is jOOQ's default one on the connection provider found when it begins, so that {@code derive(connection)} and
 * {@code mock} behave as in plain jOOQ.
 */
final class HookedTransactionProvider implements Hooked, Delegates {

    private final Engine engine;
    private final @Nullable TransactionProvider explicit;

    /** A provider around the user's own; null where none is set. */
    public HookedTransactionProvider(Engine engine, @Nullable TransactionProvider explicit) {
        this.engine = engine;
        this.explicit = explicit;
    }

    @Override
    public Engine engine() {
        return engine;
    }

    @Override
    public boolean ownsConnection() {
        return explicit != null;
    }

    @Override
    public @Nullable Level currentLevel() {
        return null;
    }

    @Override
    public void begin(TransactionContext ctx) {
        Configuration configuration = ctx.configuration();
        Level parent = TransactionData.level(configuration);
        if (parent != null && !parent.isOpen()) {
            TransactionData.forgetTransaction(configuration); // leaked out of a transaction that has ended
            parent = null;
        }
        SelfBeginning session = parent == null ? TransactionData.session(configuration) : null;
        if (session != null) {
            parent = session.enclose(ctx);
        }
        Lifecycle.of(configuration, engine).begin(ctx, parent, this);
    }

    @Override
    public Delegate delegate(Configuration configuration, ConnectionWatch watch) {
        return explicit == null
                ? delegateOn(configuration.connectionProvider(), watch)
                : new Delegate.Given(explicit, !hasNoSavepoints(explicit), null);
    }

    @Override
    public Delegate delegateOn(ConnectionProvider connection, ConnectionWatch watch) {
        return new Delegate.Default(connection, watch);
    }

    private static boolean hasNoSavepoints(TransactionProvider provider) {
        return provider instanceof DefaultTransactionProvider defaultProvider && !defaultProvider.nested();
    }

    @Override
    public void commit(TransactionContext ctx) {
        Lifecycle.commit(ctx);
    }

    @Override
    public void rollback(TransactionContext ctx) {
        Lifecycle.rollback(ctx);
    }

    /**
     * The defaults of jOOQ 3.21's transaction properties; there it overrides a method that this class is not compiled
     * against.
     */
    @SuppressWarnings({"rawtypes", "unused"})
    public Set properties() {
        return TransactionProperties.of(explicit);
    }

    @Override
    public String toString() {
        return "transactions with hooks, " + (explicit == null ? "jOOQ's default" : "around " + explicit);
    }
}
