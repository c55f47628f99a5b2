package dev.commithooks.engine.jooq;

import org.jooq.TransactionContext;
import org.jooq.TransactionListener;
import org.jooq.TransactionListenerProvider;

/**
 * Throws what after hooks threw, from the one place where jOOQ lets an exception out without sending a ROLLBACK: a
 * transaction listener's {@code commitEnd}. Also the mark by which a configuration's engine is found.
 */
final class CommitEnd implements TransactionListener, TransactionListenerProvider {

    private final Engine engine;

    CommitEnd(Engine engine) {
        this.engine = engine;
    }

    Engine engine() {
        return engine;
    }

    @Override
    public TransactionListener provide() {
        return this;
    }

    @Override
    public void beginStart(TransactionContext ctx) {
        engine.installation().refuseUnlessProvided(ctx.configuration());
    }

    @Override
    public void commitEnd(TransactionContext ctx) {
        engine.lifecycle().ended(ctx);
    }
}
