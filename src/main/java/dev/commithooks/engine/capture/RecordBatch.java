package dev.commithooks.engine.capture;

import dev.commithooks.engine.log.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteContext.BatchMode;
import org.jooq.Query;
import org.jspecify.annotations.Nullable;

/**
 * A batch statement that carries writes of records. jOOQ may execute it in several chunks ({@code Settings.batchSize}); each
 * is a JDBC batch of its own.
 */
final class RecordBatch implements CapturedStatement.Recording {

    private static final Object KEY = new Object();

    private final Capture capture;

    /** One for each set of bind values or query of the batch; null for a query that is no hooked record's. */
    private final List<@Nullable Write> members;

    private final CountedBatchStatement statement;
    private final boolean isPrepared;

    /** The members of the chunk at hand. */
    private List<@Nullable Write> chunk = List.of();

    /** The execution of the chunk. */
    private @Nullable ExecuteContext execution;

    private int next;
    private @Nullable CapturedStatement open;
    private final List<CapturedStatement> unsettled = new ArrayList<>();

    private RecordBatch(
            Capture capture, List<@Nullable Write> members, CountedBatchStatement statement, boolean isPrepared) {
        this.capture = capture;
        this.members = members;
        this.statement = statement;
        this.isPrepared = isPrepared;
    }

    /** The batch that this statement is, if it carries writes of records. */
    static @Nullable RecordBatch of(ExecuteContext ctx) {
        return (RecordBatch) ctx.data(KEY);
    }

    /** Looks whether the statement, prepared or about to be executed, carries writes of records. */
    static @Nullable RecordBatch recognize(Capture capture, ExecuteContext ctx) {
        Query[] queries = ctx.batchQueries();
        boolean isPrepared = ctx.batchMode() == BatchMode.SINGLE;
        List<@Nullable Write> members = isPrepared ? prepared(queries[0]) : listed(queries);
        if (members == null || ctx.statement() == null) {
            return null;
        }
        CountedBatchStatement statement = new CountedBatchStatement(ctx.statement());
        ctx.statement(statement);
        RecordBatch batch = new RecordBatch(capture, members, statement, isPrepared);
        ctx.data(KEY, batch);
        if (batch.isGivenTransaction(ctx)) {
            TransactionalStatement.putAround(ctx, statement);
        }
        return batch;
    }

    private static @Nullable List<@Nullable Write> prepared(Query query) {
        CollectedBatch collected = CollectedBatch.of(query);
        List<Write> group = collected == null ? null : collected.group(query);
        return group == null ? null : new ArrayList<>(group);
    }

    private static @Nullable List<@Nullable Write> listed(Query[] queries) {
        List<@Nullable Write> writes = null;
        for (int i = 0; i < queries.length; i++) {
            CollectedBatch collected = CollectedBatch.of(queries[i]);
            Write write = collected == null ? null : collected.write(queries[i]);
            if (write != null && writes == null) {
                writes = new ArrayList<>();
                for (int before = 0; before < i; before++) {
                    writes.add(null);
                }
            }
            if (writes != null) {
                writes.add(write);
            }
        }
        return writes;
    }

    private boolean isGivenTransaction(ExecuteContext ctx) {
        for (Write write : members) {
            if (write != null && capture.scopes().isGivenTransaction(ctx, write.hookedTable())) {
                return true;
            }
        }
        return false;
    }

    /** Whether the batch's query of this index is a hooked record's. */
    boolean carries(int query) {
        return isPrepared || members.get(query) != null;
    }

    void executeStart(ExecuteContext ctx) {
        int size = isPrepared ? statement.added() : members.size();
        chunk = members.subList(next, Math.min(next + size, members.size()));
        next += chunk.size();
        List<Write> expected = new ArrayList<>(chunk.size());
        for (Write write : chunk) {
            if (write != null) {
                expected.add(write);
            }
        }
        if (expected.isEmpty()) {
            return;
        }
        execution = ctx;
        open = CapturedStatement.send(capture, ctx, expected, this);
        if (open != null) {
            unsettled.add(open);
        }
    }

    /** The chunk at hand is executed, or has failed. What the driver said of each row decides. */
    void executed(@Nullable Throwable failure) {
        CapturedStatement sent = open;
        if (sent == null) {
            return;
        }
        open = null;
        try {
            record(sent);
            Throwable untold = statement.untoldFailure();
            if (untold != null) {
                sent.mayHaveWritten(untold);
            }
        } finally {
            sent.ended(statement.hasSucceeded() ? null : Objects.requireNonNullElseGet(failure, RecordBatch::unknown));
        }
    }

    /** The chunk at hand is executed, and not committed yet. */
    @Override
    public void record() {
        record(Objects.requireNonNull(open));
    }

    private void record(CapturedStatement sent) {
        long[] counts = statement.counts();
        for (int i = 0; i < chunk.size() && i < counts.length; i++) {
            Write write = chunk.get(i);
            if (write != null && RowAnswer.isWritten(counts[i])) {
                sent.written(capture, Objects.requireNonNull(execution), write, counts[i]);
            }
        }
    }

    private static Throwable unknown() {
        return new IllegalStateException("The batch ended without a result");
    }

    /** The statement is closed and its connection given back. May throw what hooks throw. */
    void end(@Nullable Throwable failure) {
        executed(failure);
        CapturedStatement.settleAll(unsettled, failure);
    }
}
