package dev.commithooks.engine.capture;

import dev.commithooks.transaction.StatementRefusedException;
import java.util.Objects;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteContext.BatchMode;
import org.jooq.ExecuteListener;
import org.jooq.Query;
import org.jspecify.annotations.Nullable;

/** What jOOQ says about statements that are no single record's. One object hears of all of them and keeps nothing. */
@SuppressWarnings("serial") // jOOQ's listeners are serializable; ours are never written
final class StatementEvents implements ExecuteListener {

    private static final Object REASON = new Object();
    private static final String NOT_PREPARED = "it does not say which rows it writes";

    private final Capture capture;

    StatementEvents(Capture capture) {
        this.capture = capture;
    }

    /** Bind values are counted from here on, of a batch of one query; and a statement may yet be made to return more. */
    @Override
    public void prepareEnd(ExecuteContext ctx) {
        if (ctx.batchMode() == BatchMode.SINGLE && RecordBatch.recognize(capture, ctx) != null) {
            return;
        }
        Query query = query(ctx);
        if (query != null && StatementKind.of(query).isAboutRows()) {
            capture.tellingServers().ask(ctx);
        }
        String reason = query == null ? null : capture.dml().prepare(ctx, query);
        if (reason != null) {
            ctx.data(REASON, reason);
        }
    }

    /** The statement's query; null of a batch of several, and of what is no query. */
    private static @Nullable Query query(ExecuteContext ctx) {
        return switch (ctx.batchMode()) {
            case NONE -> ctx.query();
            case SINGLE -> ctx.batchQueries()[0];
            case MULTIPLE -> null;
        };
    }

    @Override
    public void executeStart(ExecuteContext ctx) {
        DmlCapture dml = DmlCapture.of(ctx);
        if (dml != null) {
            capture.bypass().checkInside(ctx, Objects.requireNonNull(query(ctx)), ctx.sql());
            dml.executeStart(ctx);
            return;
        }
        RecordBatch batch = ctx.batchMode() == BatchMode.NONE ? null : RecordBatch.of(ctx);
        if (batch == null && ctx.batchMode() == BatchMode.MULTIPLE) {
            batch = RecordBatch.recognize(capture, ctx);
            if (batch == null && executeOneByOne(ctx)) {
                return;
            }
        }
        checkMembers(ctx, batch);
        if (batch != null) {
            batch.executeStart(ctx);
        }
    }

    private boolean executeOneByOne(ExecuteContext ctx) {
        QueriesOneByOne queries = QueriesOneByOne.recognize(capture, ctx);
        for (int i = 0; queries != null && i < ctx.batchQueries().length; i++) {
            Query query = ctx.batchQueries()[i];
            if (queries.carries(i)) {
                capture.bypass().checkInside(ctx, query, ctx.batchSQL()[i]);
            } else {
                String reason = queries.reason(i);
                capture.bypass().check(ctx, query, ctx.batchSQL()[i], reason == null ? NOT_PREPARED : reason);
            }
        }
        return queries != null;
    }

    private void checkMembers(ExecuteContext ctx, @Nullable RecordBatch batch) {
        if (ctx.batchMode() == BatchMode.MULTIPLE) {
            Query[] queries = ctx.batchQueries();
            String[] sql = ctx.batchSQL();
            for (int i = 0; i < queries.length; i++) {
                if (batch == null || !batch.carries(i)) {
                    capture.bypass()
                            .check(ctx, queries[i], sql[i], "in a batch of several statements JDBC tells counts only");
                }
            }
        } else if (batch == null) {
            Query query = query(ctx);
            if (query != null) {
                Object reason = ctx.data(REASON);
                capture.bypass().check(ctx, query, ctx.sql(), reason == null ? NOT_PREPARED : (String) reason);
            }
        }
    }

    @Override
    public void executeEnd(ExecuteContext ctx) {
        DmlCapture dml = DmlCapture.of(ctx);
        RecordBatch batch = ctx.batchMode() == BatchMode.NONE ? null : RecordBatch.of(ctx);
        if (dml != null) {
            dml.executed(null);
        } else if (batch != null) {
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
            capture.dml().statementFailed(ctx.sqlException());
            if (capture.catalogue().statementFailed(ctx.sqlException())) {
                capture.tellingServers().forget();
            }
        }
        RecordBatch batch = ctx.batchMode() == BatchMode.NONE ? null : RecordBatch.of(ctx);
        if (batch != null) {
            batch.executed(ctx.exception());
        }
        DmlCapture dml = DmlCapture.of(ctx);
        if (dml != null) {
            dml.executed(ctx.exception());
        }
    }

    @Override
    public void end(ExecuteContext ctx) {
        RecordBatch batch = ctx.batchMode() == BatchMode.NONE ? null : RecordBatch.of(ctx);
        if (batch != null) {
            batch.end(ctx.exception());
        }
        DmlCapture dml = DmlCapture.of(ctx);
        if (dml != null) {
            dml.end(ctx.exception());
        }
        QueriesOneByOne queries = ctx.batchMode() == BatchMode.MULTIPLE ? QueriesOneByOne.of(ctx) : null;
        if (queries != null) {
            queries.end(ctx.exception());
        }
    }
}
