package dev.commithooks.engine.capture;

import dev.commithooks.transaction.StatementRefusedException;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteContext.BatchMode;
import org.jooq.ExecuteListener;
import org.jooq.Query;
import org.jspecify.annotations.Nullable;

/** What jOOQ says about statements that are no single record's. One object hears of all of them and keeps nothing. */
@SuppressWarnings("serial") // jOOQ's listeners are serializable; ours are never written
final class StatementEvents implements ExecuteListener {

    private final Capture capture;

    StatementEvents(Capture capture) {
        this.capture = capture;
    }

    /** Bind values are counted from here on, of a batch of one query. */
    @Override
    public void prepareEnd(ExecuteContext ctx) {
        if (ctx.batchMode() == BatchMode.SINGLE) {
            RecordBatch.recognize(capture, ctx);
        }
    }

    @Override
    public void executeStart(ExecuteContext ctx) {
        if (ctx.batchMode() == BatchMode.NONE) {
            Query query = ctx.query();
            if (query != null) {
                capture.bypass().check(ctx, query, ctx.sql());
            }
            return;
        }
        RecordBatch batch = RecordBatch.of(ctx);
        if (batch == null && ctx.batchMode() == BatchMode.MULTIPLE) {
            batch = RecordBatch.recognize(capture, ctx);
        }
        checkMembers(ctx, batch);
        if (batch != null) {
            batch.executeStart(ctx);
        }
    }

    private void checkMembers(ExecuteContext ctx, @Nullable RecordBatch batch) {
        Query[] queries = ctx.batchQueries();
        String[] sql = ctx.batchSQL();
        for (int i = 0; i < queries.length; i++) {
            if (batch == null || !batch.carries(i)) {
                capture.bypass().check(ctx, queries[i], sql[i]);
            }
        }
    }

    @Override
    public void executeEnd(ExecuteContext ctx) {
        RecordBatch batch = ctx.batchMode() == BatchMode.NONE ? null : RecordBatch.of(ctx);
        if (batch != null) {
            batch.executed(null);
        } else if (isNeitherQueryNorDml(ctx)) {
            capture.scopes().statementExecuted(ctx);
        }
    }

    private static boolean isNeitherQueryNorDml(ExecuteContext ctx) {
        if (ctx.batchMode() == BatchMode.NONE) {
            return isNeitherQueryNorDml(ctx.query());
        }
        for (Query query : ctx.batchQueries()) {
            if (isNeitherQueryNorDml(query)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNeitherQueryNorDml(@Nullable Query query) {
        return query == null || !StatementKind.of(query).isAboutRows();
    }

    @Override
    public void exception(ExecuteContext ctx) {
        if (!(ctx.exception() instanceof StatementRefusedException)) {
            capture.scopes().statementFailed(ctx);
        }
        RecordBatch batch = ctx.batchMode() == BatchMode.NONE ? null : RecordBatch.of(ctx);
        if (batch != null) {
            batch.executed(ctx.exception());
        }
    }

    @Override
    public void end(ExecuteContext ctx) {
        RecordBatch batch = ctx.batchMode() == BatchMode.NONE ? null : RecordBatch.of(ctx);
        if (batch != null) {
            batch.end();
        }
    }
}
