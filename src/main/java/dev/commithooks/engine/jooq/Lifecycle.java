package dev.commithooks.engine.jooq;

import dev.commithooks.engine.boundary.Level;
import dev.commithooks.engine.boundary.NestedLevel;
import dev.commithooks.engine.lookup.TransactionData;
import dev.commithooks.engine.scope.ScopeInfo;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.engine.telling.Policies;
import dev.commithooks.transaction.IsolationLevel;
import java.util.function.UnaryOperator;
import org.jooq.Configuration;
import org.jooq.TransactionContext;
import org.jspecify.annotations.Nullable;

/** Begins and ends levels as jOOQ calls for it, whichever provider it calls. */
public final class Lifecycle {

    /** The key, in a context's own data, of a top-level transaction whose begin failed. */
    private static final Object FAILED = new Object();

    private final Policies policies;
    private final Installation installation;
    /** That of transactions that do not say one; null where it is the database's. */
    private final @Nullable IsolationLevel isolation;

    private final UnaryOperator<Configuration> afterwards;

    Lifecycle(Policies policies, Installation installation) {
        this.policies = policies;
        this.installation = installation;
        this.isolation = policies.transactionDefaults().isolation().orElse(null);
        this.afterwards = inside -> installation.outside(TransactionData.outside(inside));
    }

    /** The level that was begun with a context, each of which has a configuration of its own; null where that failed. */
    private static @Nullable Level begun(TransactionContext ctx) {
        Level level = TransactionData.level(ctx.configuration());
        return level != null && level.configuration() == ctx.configuration() ? level : null;
    }

    private static JooqTransaction transactionOf(Level level) {
        return (JooqTransaction) level.boundary().owned();
    }

    /** Begins a top-level transaction, or a nested one in the open parent. */
    void begin(TransactionContext ctx, @Nullable Level parent, Delegates delegates) {
        Configuration configuration = ctx.configuration();
        TransactionOptions options = TransactionOptions.takeFrom(configuration);
        installation.refuseUnlessMarked(configuration);
        if (parent != null) {
            Level level = transactionOf(parent).nested().begin(parent, ctx, options.name());
            TransactionData.level(configuration, level);
            return;
        }
        installation.refuseUnlessComplete(configuration);
        TransactionScope scope = new TransactionScope(
                ScopeInfo.next(options.name(), options.attempt(), ctx.creationTime()),
                options.restoresRecords(policies));
        JooqTransaction transaction = new JooqTransaction(policies, scope, ctx, delegates, afterwards);
        options.began(transaction.boundary());
        try {
            transaction.begin();
            TransactionData.level(configuration, transaction.boundary());
            installation.prepareTransaction(configuration, scope.restoresRecords());
            installation.leaveToServer(configuration);
            options.or(isolation).applyTo(configuration);
        } catch (Throwable failure) {
            TransactionData.forgetLevel(configuration);
            ctx.data(FAILED, transaction);
            throw failure;
        }
    }

    /** Ends the level of this context normally. */
    void commit(TransactionContext ctx) {
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
    void rollback(TransactionContext ctx) {
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
    private void leave(Level top) {
        if (!top.isOpen()) {
            installation.outside(top.configuration());
        }
    }

    /** Throws what is to be thrown when the level of this context has ended for good. */
    public void ended(TransactionContext ctx) {
        Level level = begun(ctx);
        if (level != null) {
            level.boundary().throwWaiting();
        }
    }
}
