package dev.commithooks.engine.jooq;

import dev.commithooks.engine.boundary.ConnectionWatch;
import dev.commithooks.engine.boundary.Level;
import dev.commithooks.engine.lookup.TransactionData;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.TransactionContext;
import org.jooq.TransactionProvider;
import org.jooq.impl.ThreadLocalTransactionProvider;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ThreadLocalTransactionProvider} with hooks. A subclass, since jOOQ looks for the very class (jOOQ#15874).
 */
public final class HookedThreadLocalTransactionProvider extends ThreadLocalTransactionProvider implements Hooked {

    private final ThreadLocalConnections connections;
    private final boolean savepoints;
    private final @Nullable Engine engine;
    private final ThreadLocal<@Nullable Level> current = new ThreadLocal<>();

    /** A provider that is not yet part of a configuration with hooks. */
    public HookedThreadLocalTransactionProvider(ConnectionProvider connectionProvider, boolean savepoints) {
        this(new ThreadLocalConnections(connectionProvider), savepoints, null);
    }

    private HookedThreadLocalTransactionProvider(
            ThreadLocalConnections connections, boolean savepoints, @Nullable Engine engine) {
        super(connections, savepoints);
        this.connections = connections;
        this.savepoints = savepoints;
        this.engine = engine;
    }

    HookedThreadLocalTransactionProvider bindTo(Engine itsEngine) {
        return new HookedThreadLocalTransactionProvider(connections.fresh(), savepoints, itsEngine);
    }

    @Override
    public @Nullable Engine engine() {
        return engine;
    }

    @Override
    public boolean ownsConnection() {
        return false;
    }

    @Override
    public @Nullable Level currentLevel() {
        Level level = current.get();
        return level != null && level.isOpen() ? level : null;
    }

    @Override
    public void begin(TransactionContext ctx) {
        if (engine == null) {
            throw new IllegalStateException(
                    "This thread-local transaction provider is part of no CommitHooks yet: set it on"
                            + " the configuration before attachTo(...)");
        }
        Configuration configuration = ctx.configuration();
        Level parent = currentLevel();
        if (parent != null && TransactionData.level(configuration) != parent) {
            joinThread(configuration, parent);
        }
        Lifecycle.of(configuration, engine).begin(ctx, parent, this::delegate);
        current.set(TransactionData.level(configuration));
    }

    /**
     * A transaction begun with the outer configuration while one is open on the thread shares its connection, so it must be
     * nested in it; left alone, jOOQ would take it for a top-level one and commit the other's work.
     */
    private static void joinThread(Configuration configuration, Level parent) {
        TransactionData.forgetTransaction(configuration);
        TransactionData.join(configuration, parent.configuration());
    }

    private Delegate delegate(Configuration configuration, ConnectionWatch watch) {
        return new Delegate.Given(new Plain(), savepoints, connections.track(watch));
    }

    @Override
    public Delegate delegateOn(ConnectionProvider connection, ConnectionWatch watch) {
        return new Delegate.Given(new Plain(), savepoints, connections.track(connection, watch));
    }

    @Override
    public void entered(Level top) {
        current.set(top);
    }

    @Override
    public void left(Level top) {
        connections.forget();
        leave(top);
    }

    @Override
    public void commit(TransactionContext ctx) {
        Level level = TransactionData.level(ctx.configuration());
        Lifecycle.commit(ctx);
        leave(level);
    }

    @Override
    public void rollback(TransactionContext ctx) {
        Level level = TransactionData.level(ctx.configuration());
        try {
            Lifecycle.rollback(ctx);
        } finally {
            if (currentLevel() == null) {
                connections.forget(); // also after a begin that failed
            }
            leave(level);
        }
    }

    private void leave(@Nullable Level level) {
        if (level != null && current.get() == level && !level.isOpen()) {
            if (level.parent() == null) {
                current.remove();
            } else {
                current.set(level.parent());
            }
        }
    }

    @Override
    public String toString() {
        return "transactions with hooks, bound to their threads" + (savepoints ? "" : ", without savepoints");
    }

    /** What the superclass does. */
    private final class Plain implements TransactionProvider {

        @Override
        public void begin(TransactionContext ctx) {
            HookedThreadLocalTransactionProvider.super.begin(ctx);
        }

        @Override
        public void commit(TransactionContext ctx) {
            HookedThreadLocalTransactionProvider.super.commit(ctx);
        }

        @Override
        public void rollback(TransactionContext ctx) {
            HookedThreadLocalTransactionProvider.super.rollback(ctx);
        }
    }
}
