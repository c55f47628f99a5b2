package dev.commithooks.engine.provider;

import org.jooq.TransactionContext;
import org.jooq.TransactionListener;

/**
 * Throws what after hooks threw, from the one place where jOOQ lets an exception out without sending a ROLLBACK: a
 * transaction listener's {@code commitEnd}.
 */
final class CommitEnd implements TransactionListener {

    private final Engine engine;

    CommitEnd(Engine engine) {
        this.engine = engine;
    }

    Engine engine() {
        return engine;
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
