package dev.commithooks.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jooq.Configuration;
import org.jooq.Record;
import org.jooq.RecordContext;
import org.jooq.RecordListener;
import org.jooq.TransactionContext;
import org.jooq.TransactionProvider;
import org.jooq.impl.DefaultTransactionProvider;

/**
 * What people write by hand: a record listener puts the record into a list in the configuration's data, a provider calls
 * back after the outermost commit. It believes what a benchmark need not doubt: that each event wrote a row, that a
 * savepoint is never rolled back, that a commit that returns has committed.
 */
record HandWritten(DefaultTransactionProvider delegate, Consumer<Record> callback)
        implements TransactionProvider, RecordListener {

    private static final String PENDING = "pending";

    static void install(Configuration configuration, Consumer<Record> callback) {
        HandWritten hooks =
                new HandWritten(new DefaultTransactionProvider(configuration.connectionProvider()), callback);
        configuration.set(hooks);
        configuration.set((RecordListener) hooks);
    }

    @Override
    public void begin(TransactionContext ctx) {
        delegate.begin(ctx);
        if (ctx.configuration().data(PENDING) == null) {
            ctx.configuration().data(PENDING, new Pending(ctx, new ArrayList<>()));
        }
    }

    @Override
    public void commit(TransactionContext ctx) {
        delegate.commit(ctx);
        Pending pending = (Pending) ctx.configuration().data(PENDING);
        if (pending.outermost() == ctx) {
            pending.records().forEach(callback);
        }
    }

    @Override
    public void rollback(TransactionContext ctx) {
        delegate.rollback(ctx);
    }

    @Override
    public void insertEnd(RecordContext ctx) {
        remember(ctx);
    }

    @Override
    public void updateEnd(RecordContext ctx) {
        remember(ctx);
    }

    @Override
    public void deleteEnd(RecordContext ctx) {
        remember(ctx);
    }

    private static void remember(RecordContext ctx) {
        if (ctx.exception() == null && ctx.configuration().data(PENDING) instanceof Pending pending) {
            pending.records().add(ctx.record());
        }
    }

    private record Pending(TransactionContext outermost, List<Record> records) {}
}
