package dev.commithooks.engine.provider;

import dev.commithooks.engine.boundary.ConnectionWatch;
import dev.commithooks.engine.boundary.Delegate;
import dev.commithooks.engine.boundary.OpenLevel;
import dev.commithooks.engine.boundary.TransactionBoundary;
import dev.commithooks.engine.scope.ScopeIdentity;
import dev.commithooks.engine.scope.TransactionScope;
import java.util.function.Function;
import org.jooq.Configuration;
import org.jooq.TransactionContext;
import org.jspecify.annotations.Nullable;

/** Begins and ends levels as jOOQ calls for it, whichever provider it calls. */
public final class Lifecycle {

    private final Engine engine;

    Lifecycle(Engine engine) {
        this.engine = engine;
    }

    /** A top-level transaction whose begin failed: what cleans up after it. */
    private record FailedBegin(TransactionBoundary boundary, TransactionContext ctx) {}

    private static final String FAILED_KEY = "dev.commithooks.failed-begin";

    /** Begins a top-level transaction, or a nested one in the open parent. */
    public void begin(
            TransactionContext ctx, @Nullable OpenLevel parent, Function<ConnectionWatch, Delegate> delegates) {
        Configuration configuration = ctx.configuration();
        TransactionOptions options = TransactionOptions.takeFrom(configuration);
        if (parent != null) {
            configuration.data(OpenLevel.KEY, parent.boundary().nested().begin(parent, ctx, options.name()));
            return;
        }
        engine.installation().refuseUnlessComplete(configuration);
        TransactionScope scope =
                new TransactionScope(ScopeIdentity.next(options.name(), options.attempt(), ctx.creationTime()));
        TransactionBoundary boundary = new TransactionBoundary(engine.policies(), scope, ctx, delegates);
        options.began(boundary);
        try {
            boundary.begin();
            if (boundary.isInsideAnother()) {
                engine.scopes().warnOfTransactionInsideAnother();
            }
            configuration.data(OpenLevel.KEY, boundary.top());
            engine.installation().prepareTransaction(configuration);
            options.applyTo(configuration);
        } catch (Throwable failure) {
            configuration.data().remove(OpenLevel.KEY);
            configuration.data(FAILED_KEY, new FailedBegin(boundary, ctx));
            throw failure;
        }
    }

    /** Ends the level of this context normally. */
    public void commit(TransactionContext ctx) {
        OpenLevel level = levelOf(ctx);
        if (level == null) {
            throw new IllegalStateException("commit without begin");
        }
        if (level.parent() == null) {
            level.boundary().commit();
        } else {
            level.boundary().nested().commit(level);
        }
    }

    /** Rolls the level of this context back; after a nested begin that failed there is nothing to do, its parent goes on. */
    public void rollback(TransactionContext ctx) {
        OpenLevel level = levelOf(ctx);
        if (level == null) {
            if (ctx.configuration().data(FAILED_KEY) instanceof FailedBegin failed && failed.ctx == ctx) {
                failed.boundary.abandon();
            }
        } else if (level.parent() == null) {
            level.boundary().rollback(ctx.causeThrowable());
        } else {
            level.boundary().nested().rollback(level, ctx.causeThrowable());
        }
    }

    /** What is to be thrown when the level of this context has ended for good. */
    public void ended(TransactionContext ctx) {
        OpenLevel level = levelOf(ctx);
        if (level != null) {
            level.boundary().throwPending();
        }
    }

    private static @Nullable OpenLevel levelOf(TransactionContext ctx) {
        OpenLevel level = OpenLevel.of(ctx.configuration());
        return level != null && level.ctx() == ctx ? level : null;
    }
}
