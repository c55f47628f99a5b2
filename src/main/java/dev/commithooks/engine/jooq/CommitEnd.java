package dev.commithooks.engine.jooq;

import dev.commithooks.engine.lookup.Installed;
import dev.commithooks.engine.lookup.TransactionData;
import org.jooq.Configuration;
import org.jooq.TransactionContext;
import org.jooq.TransactionListener;
import org.jspecify.annotations.Nullable;

/**
 * Throws what after hooks threw, from the one place where jOOQ lets an exception out without sending a ROLLBACK: a
 * transaction listener's {@code commitEnd}. Also the mark by which a configuration's engine is found.
 */
final class CommitEnd implements TransactionListener, Installed {

    private final Engine engine;
    private final Installation installation;
    private final Lifecycle lifecycle;
    private final Configuration configuration;

    CommitEnd(Engine engine, Configuration configuration) {
        this.engine = engine;
        this.installation = engine.installation();
        this.lifecycle = engine.lifecycle();
        this.configuration = configuration;
    }

    @Override
    public Configuration installedIn() {
        return configuration;
    }

    /** The engine of a configuration that has this listener; null if it has none. */
    static @Nullable Engine engineOf(Configuration configuration) {
        return TransactionData.installed(configuration) instanceof CommitEnd ours ? ours.engine : null;
    }

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
        lifecycle.ended(ctx);
    }
}
