package dev.commithooks.engine.jooq;

import dev.commithooks.engine.boundary.ConnectionWatch;
import dev.commithooks.engine.boundary.Level;
import dev.commithooks.engine.lookup.TransactionData;
import dev.commithooks.engine.scope.ScopeIdentity;
import dev.commithooks.engine.scope.TransactionScope;
import java.util.function.Function;
import org.jooq.Configuration;
import org.jooq.TransactionContext;
import org.jspecify.annotations.Nullable;

/** Begins and ends levels as jOOQ calls for it, whichever provider it calls. */
public final class Lifecycle {

    private static final Object KEY = new Object();

    private final Engine engine;

    Lifecycle(Engine engine) {
        this.engine = engine;
    }

    /**
     * The transaction that a context of jOOQ's stands for, kept in the context's own data.
     *
     * @param transaction the top-level transaction
     * @param level the level; null where a top-level begin failed
     */
    private record Begun(
            JooqTransaction transaction, @Nullable Level level) {

        boolean isNested() {
            return level != null && level.parent() != null;
        }
    }

    private static @Nullable Begun begun(TransactionContext ctx) {
        return ctx.data(KEY) instanceof Begun begun ? begun : null;
    }

    /** Begins a top-level transaction, or a nested one in the open parent. */
    void begin(TransactionContext ctx, @Nullable Level parent, Function<ConnectionWatch, Delegate> delegates) {
        Configuration configuration = ctx.configuration();
        TransactionOptions options = TransactionOptions.takeFrom(configuration);
        if (parent != null) {
            JooqTransaction transaction = (JooqTransaction) parent.boundary().owned();
            Level level = transaction.nested().begin(parent, ctx, options.name());
            ctx.data(KEY, new Begun(transaction, level));
            TransactionData.level(configuration, level);
            return;
        }
        engine.installation().refuseUnlessComplete(configuration);
        TransactionScope scope = new TransactionScope(
                ScopeIdentity.next(options.name(), options.attempt(), ctx.creationTime()),
                options.restoresRecords(engine.policies()));
        JooqTransaction transaction = new JooqTransaction(
                engine.policies(),
                scope,
                ctx,
                delegates,
                inside -> engine.installation().outside(TransactionData.outside(inside)));
        options.began(transaction.boundary());
        ctx.data(KEY, new Begun(transaction, null));
        try {
            transaction.begin();
            TransactionData.level(configuration, transaction.boundary().top());
            engine.installation().prepareTransaction(configuration, scope.restoresRecords());
            engine.installation().leaveToServer(configuration);
            options.or(engine.policies().transactionDefaults()).applyTo(configuration);
            ctx.data(KEY, new Begun(transaction, transaction.boundary().top()));
        } catch (Throwable failure) {
            TransactionData.forgetLevel(configuration);
            throw failure;
        }
    }

    /** Ends the level of this context normally. */
    void commit(TransactionContext ctx) {
        Begun begun = begun(ctx);
        if (begun == null || begun.level() == null) {
            throw new IllegalStateException("commit without begin");
        }
        if (begun.isNested()) {
            begun.transaction().nested().commit(begun.level(), ctx);
        } else {
            try {
                begun.transaction().commit();
            } finally {
                leave(begun, ctx);
            }
        }
    }

    /** Rolls the level of this context back; after a nested begin that failed there is nothing to do, its parent goes on. */
    void rollback(TransactionContext ctx) {
        Begun begun = begun(ctx);
        if (begun == null) {
            return;
        }
        if (begun.level() == null) {
            begun.transaction().abandon();
        } else if (begun.isNested()) {
            begun.transaction().nested().rollback(begun.level(), ctx, ctx.causeThrowable());
        } else {
            try {
                begun.transaction().rollback(ctx.causeThrowable());
            } finally {
                leave(begun, ctx);
            }
        }
    }

    /** What was made in the transaction and has leaked out of it works outside, or has a transaction of its own. */
    private void leave(Begun begun, TransactionContext ctx) {
        if (!begun.transaction().boundary().scope().isOpen()) {
            engine.installation().outside(ctx.configuration());
        }
    }

    /** Throws what is to be thrown when the level of this context has ended for good. */
    public void ended(TransactionContext ctx) {
        Begun begun = begun(ctx);
        if (begun != null && begun.level() != null) {
            begun.transaction().boundary().throwWaiting();
        }
    }
}
