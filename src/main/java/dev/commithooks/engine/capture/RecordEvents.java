package dev.commithooks.engine.capture;

import dev.commithooks.engine.registry.HookedTable;
import org.jooq.Record;
import org.jooq.RecordContext;
import org.jooq.RecordListener;
import org.jooq.impl.TableRecordImpl;
import org.jspecify.annotations.Nullable;

/**
 * What jOOQ says about records. Of a {@code store()} only the insert or update inside counts.
 *
 * <p>The operations of a thread form a stack, since a listener of somebody else's may write records of its own while one is
 * at work. jOOQ forgets to say that an operation has ended when another listener threw in a start or exception event, or
 * when an {@code Error} flew; such leftovers are taken away when the next operation starts.
 */
final class RecordEvents implements RecordListener {

    private final Capture capture;

    RecordEvents(Capture capture) {
        this.capture = capture;
    }

    @Override
    public void insertStart(RecordContext ctx) {
        start(ctx, StatementKind.INSERT);
    }

    @Override
    public void insertEnd(RecordContext ctx) {
        end(ctx);
    }

    @Override
    public void updateStart(RecordContext ctx) {
        start(ctx, StatementKind.UPDATE);
    }

    @Override
    public void updateEnd(RecordContext ctx) {
        end(ctx);
    }

    @Override
    public void mergeStart(RecordContext ctx) {
        start(ctx, StatementKind.MERGE);
    }

    @Override
    public void mergeEnd(RecordContext ctx) {
        end(ctx);
    }

    @Override
    public void deleteStart(RecordContext ctx) {
        start(ctx, StatementKind.DELETE);
    }

    @Override
    public void deleteEnd(RecordContext ctx) {
        end(ctx);
    }

    @Override
    public void exception(RecordContext ctx) {
        RecordOperation operation = capture.current();
        if (operation != null && operation.isOf(ctx.record())) {
            operation.close(ctx.exception());
        }
    }

    private void start(RecordContext ctx, StatementKind kind) {
        if (!(ctx.record() instanceof TableRecordImpl<?> record)) { // the class, which costs nothing to ask for
            return;
        }
        HookedTable table = capture.registry().find(record.getTable());
        if (table == null) {
            return;
        }
        capture.refuseUnheardStatements(ctx.configuration(), table);
        RecordOperation below = capture.current();
        if (below != null) {
            below = withoutLeftovers(below);
        }
        capture.current(new RecordOperation(capture, kind, table, record, ctx.configuration(), below));
    }

    private void end(RecordContext ctx) {
        RecordOperation top = capture.current();
        RecordOperation ended = find(top, ctx.record());
        if (ended == null) {
            return;
        }
        capture.current(ended.below());
        for (RecordOperation leftover = top; leftover != null && leftover != ended; leftover = leftover.below()) {
            leftover.abandon();
        }
        ended.close(ctx.exception());
    }

    private static @Nullable RecordOperation find(@Nullable RecordOperation top, Record record) {
        RecordOperation operation = top;
        while (operation != null && !operation.isOf(record)) {
            operation = operation.below();
        }
        return operation;
    }

    /** The operations that are still at work, of which the stack of calls knows the number. */
    private static @Nullable RecordOperation withoutLeftovers(RecordOperation top) {
        long leftovers = size(top) - (JooqInternals.operationsOnThisThread() - 1);
        RecordOperation operation = top;
        for (; operation != null && leftovers > 0; leftovers--) {
            operation.abandon();
            operation = operation.below();
        }
        return operation;
    }

    private static int size(RecordOperation top) {
        int size = 0;
        for (RecordOperation operation = top; operation != null; operation = operation.below()) {
            size++;
        }
        return size;
    }
}
