package dev.commithooks.engine.jooq;

import dev.commithooks.engine.boundary.Level;
import dev.commithooks.engine.boundary.NestedLevel;
import dev.commithooks.engine.lookup.Installed;
import dev.commithooks.engine.lookup.TransactionData;
import dev.commithooks.engine.scope.ScopeInfo;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.engine.telling.Policies;
import dev.commithooks.transaction.IsolationLevel;
import java.util.function.UnaryOperator;
import org.jooq.Configuration;
import org.jooq.TransactionContext;
import org.jooq.TransactionListener;
import org.jspecify.annotations.Nullable;

/**
 * The begin and the end of the levels of one configuration with hooks, as jOOQ calls for them, whichever provider it calls; and the
 * mark by which a configuration's engine is found.
 *
 * <p>A transaction listener, since what after hooks threw can be thrown in one place only where jOOQ lets it out without sending a
 * ROLLBACK: {@code commitEnd}.
 */
public final class Lifecycle implements TransactionListener, Installed {

    /** The key, in a context's own data, of a top-level transaction whose begin failed. */
    private static final Object FAILED = new Object();

    private final Engine engine;
    private final Policies policies;
    private final Installation installation;
    private final Configuration installedIn;
    /** That of transactions that do not say one; null where it is the database's. */
    private final @Nullable IsolationLevel isolation;

    private final UnaryOperator<Configuration> afterwards;

    Lifecycle(Engine engine, Configuration installedIn) {
        this.engine = engine;
        this.policies = engine.policies();
        this.installation = engine.installation();
        this.installedIn = installedIn;
        this.isolation = policies.transactionDefaults().isolation().orElse(null);
        this.afterwards = inside -> installation.outside(TransactionData.outside(inside));
    }

    // ---------------------------------------------------------------- as a mark

    @Override
    public Configuration installedIn() {
        return installedIn;
    }

    /** The engine of a configuration that is so marked; null if it is not. */
    static @Nullable Engine engineOf(Configuration configuration) {
        return TransactionData.installed(configuration) instanceof Lifecycle its ? its.engine : null;
    }

    /**
     * That of a configuration on which a transaction of the engine's is to begin.
     *
     * @throws IllegalStateException when it could not carry its level
     */
    static Lifecycle of(Configuration configuration, Engine engine) {
        if (TransactionData.installed(configuration) instanceof Lifecycle its && its.engine == engine) {
            return its;
        }
        throw Installation.gone("TransactionListenerProvider");
    }

    // ---------------------------------------------------------------- as a listener

    @Override
    public TransactionListener provide() {
        return this;
    }

    @Override
    public void beginStart(TransactionContext ctx) {
        installation.refuseUnlessProvided(ctx.configuration());
    }

    @Override
    public void commitEnd(TransactionContext ctx) {
        ended(ctx);
    }

    /** Throws what is to be thrown when the level of this context has ended for good. */
    public static void ended(TransactionContext ctx) {
        Level level = begun(ctx);
        if (level != null) {
            level.boundary().throwWaiting();
        }
    }

    // ---------------------------------------------------------------- begin

    /** Begins a top-level transaction, or a nested one in the open parent. */
    void begin(TransactionContext ctx, @Nullable Level parent, Delegates delegates) {
        Configuration configuration = ctx.configuration();
        TransactionOptions options =
                TransactionData.takeOptions(configuration) instanceof TransactionOptions its ? its : null;
        if (parent != null) {
            String name = options == null ? null : options.name();
            TransactionData.level(configuration, transactionOf(parent).nested().begin(parent, ctx, name));
            return;
        }
        installation.refuseUnlessComplete(configuration);
        TransactionScope scope = scope(ctx, options);
        JooqTransaction transaction = new JooqTransaction(policies, scope, ctx, delegates, afterwards);
        if (options != null) {
            options.began(transaction.boundary());
        }
        try {
            transaction.begin();
            TransactionData.level(configuration, transaction.boundary());
            installation.prepareTransaction(configuration, scope.restoresRecords());
            installation.leaveToServer(configuration);
            if (options != null || isolation != null) {
                TransactionOptions.orNone(options).or(isolation).applyTo(configuration);
            }
        } catch (Throwable failure) {
            TransactionData.forgetLevel(configuration);
            ctx.data(FAILED, transaction);
            throw failure;
        }
    }

    private TransactionScope scope(TransactionContext ctx, @Nullable TransactionOptions options) {
        return options == null
                ? new TransactionScope(ScopeInfo.next(null, 1, ctx.creationTime()), policies.restoresRecords())
                : new TransactionScope(
                        ScopeInfo.next(options.name(), options.attempt(), ctx.creationTime()),
                        options.restoresRecords(policies));
    }

    // ---------------------------------------------------------------- end

    /** The level that was begun with a context, each of which has a configuration of its own; null where that failed. */
    private static @Nullable Level begun(TransactionContext ctx) {
        Level level = TransactionData.level(ctx.configuration());
        return level != null && level.configuration() == ctx.configuration() ? level : null;
    }

    private static JooqTransaction transactionOf(Level level) {
        return (JooqTransaction) level.boundary().owned();
    }

    /** Ends the level of this context normally. */
    static void commit(TransactionContext ctx) {
        Level level = begun(ctx);
        if (level == null) {
            throw new IllegalStateException("commit without begin");
        }
        if (level instanceof NestedLevel nested) {
            transactionOf(level).nested().commit(nested, ctx);
            return;
        }
        try {
            transactionOf(level).commit();
        } finally {
            leave(level);
        }
    }

    /** Rolls the level of this context back; after a nested begin that failed there is nothing to do, its parent goes on. */
    static void rollback(TransactionContext ctx) {
        Level level = begun(ctx);
        if (level == null) {
            if (ctx.data(FAILED) instanceof JooqTransaction transaction) {
                transaction.abandon();
            }
            return;
        }
        if (level instanceof NestedLevel nested) {
            transactionOf(level).nested().rollback(nested, ctx, ctx.causeThrowable());
            return;
        }
        try {
            transactionOf(level).rollback(ctx.causeThrowable());
        } finally {
            leave(level);
        }
    }

    /** What was made in the transaction and has leaked out of it works outside, or has a transaction of its own. */
    private static void leave(Level top) {
        if (!top.isOpen() && top.installed() instanceof Lifecycle its) {
            its.installation.outside(top.configuration());
        }
    }
}
