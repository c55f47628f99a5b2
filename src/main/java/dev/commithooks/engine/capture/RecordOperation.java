package dev.commithooks.engine.capture;

import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.policy.OldRows;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jooq.Configuration;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.TableRecord;
import org.jspecify.annotations.Nullable;

/**
 * An insert, update, merge or delete of a record, from jOOQ's start event to its end event. It listens to the statement that
 * jOOQ runs for it; other statements that come its way in between, such as optimistic locking's SELECT, it passes on.
 */
@SuppressWarnings("serial") // jOOQ's listeners are serializable; ours are never written
final class RecordOperation extends CapturedStatement implements ExecuteListener {

    private static final System.Logger LOG = System.getLogger("dev.commithooks");

    private final Capture capture;
    /** What the record is asked to do. */
    private final StatementKind kind;

    private final HookedTable table;
    private final TableRecord<?> record;
    private final Configuration configuration;
    private final @Nullable RecordOperation below;

    /** The statement that was started last: the operation's own, once that is there. */
    private @Nullable ExecuteContext statement;

    /** The kind of its own statement; null as long as that has not come. */
    private @Nullable StatementKind ownKind;
    /** From when a statement takes the operation for its listener until we are told of that statement. */
    private boolean isTaking;

    /** The record's values when its statement was made: what others do to the record later is not sent. */
    private @Nullable Object @Nullable [] values;

    /** What the record knew of its row when its statement was made; of an insert the key that it had of another. */
    private @Nullable Object @Nullable [] old;

    /** The row that the statement is to write, without what only the server can tell; known when it is about to be sent. */
    private @Nullable Write expected;

    /** What the server is asked about the row; null of statements of which there is nothing to be asked. */
    private @Nullable AskedRow asked;

    private int rows = RowAnswer.NO_COUNT;
    /** Whether jOOQ has told of the statement's end. */
    private boolean isOver;

    RecordOperation(
            Capture capture,
            StatementKind kind,
            HookedTable table,
            TableRecord<?> record,
            Configuration configuration,
            @Nullable RecordOperation below) {
        this.capture = capture;
        this.kind = kind;
        this.table = table;
        this.record = record;
        this.configuration = configuration;
        this.below = below;
    }

    boolean isOf(Record other) {
        return record == other;
    }

    @Nullable
    RecordOperation below() {
        return below;
    }

    /**
     * Whether the next statement may be its own. One at a time: a listener that is told of a statement before us may send others
     * meanwhile.
     */
    boolean takesStatement() {
        boolean takes = ownKind == null && !isTaking;
        isTaking = true;
        return takes;
    }

    private boolean isOwn(ExecuteContext ctx) {
        return ownKind != null && ctx == statement;
    }

    // The statement's events, in the order in which they come ---------------------------------------------------------

    @Override
    public void start(ExecuteContext ctx) {
        if (ownKind == null) {
            isTaking = false;
            statement = ctx;
            StatementKind its = kind.ofOwn(ctx.query(), record.getTable(), configuration);
            boolean mayBeAnothers = configuration.recordListenerProviders().length > 1; // besides ours
            if (its != null && (!mayBeAnothers || JooqInternals.isCalledByTheRecord(configuration))) {
                ownKind = its;
                values = its == StatementKind.DELETE ? null : ExpectedWrites.values(table, record);
                old = ExpectedWrites.old(its, table, record, configuration.settings());
            }
        }
    }

    @Override
    public void prepareEnd(ExecuteContext ctx) {
        if (!isOwn(ctx)) {
            capture.statementEvents().prepareEnd(ctx);
            return;
        }
        asked = kind == StatementKind.MERGE || table.oldRows() == OldRows.FROM_DATABASE
                ? AskedRow.of(capture, ctx, table)
                : null;
        if (capture.scopes().isGivenTransaction(ctx, table) && !Capture.isDeferred(ctx)) {
            ExecutedRow.prepare(ctx, capture.dml());
        }
    }

    @Override
    public void executeStart(ExecuteContext ctx) {
        if (!isOwn(ctx)) {
            capture.statementEvents().executeStart(ctx);
            return;
        }
        Write write = image(ctx);
        expected = write;
        String untold = asked == null ? null : asked.expect(ctx, write);
        if (untold != null) {
            capture.bypass().upsert(ctx, write.tableName(), untold);
        } else if (!capture.isPutOff(ctx, write.tableName())) {
            capture.aboutToWrite(ctx, table, write.tableName());
            send(capture, ctx, table, write.tableName());
        }
    }

    @Override
    List<Write> expected() {
        return List.of(Objects.requireNonNull(expected));
    }

    @Override
    boolean needsOldRows() {
        return asked != null && !asked.tellsVersions() && DatabaseRows.areWantedFor(Objects.requireNonNull(expected));
    }

    @Override
    void record() throws SQLException {
        ExecuteContext ctx = Objects.requireNonNull(statement);
        ExecutedRow row = ExecutedRow.of(ctx, table);
        rows = row.count();
        if (RowAnswer.isWritten(rows)) {
            Write write = Objects.requireNonNull(expected);
            Write told = asked == null ? null : asked.write();
            @Nullable Object[] returned = lastInsert == null ? row.returned() : lastInsert.key(ctx, write);
            written(ctx, told != null ? told : RowAnswer.with(write, typeOf(write), returned));
        }
    }

    /** An upsert that updates its row counts for two on some databases. */
    private void written(ExecuteContext ctx, Write write) {
        written(capture, ctx, write, kind == StatementKind.MERGE ? 1 : rows);
    }

    /** The row that the statement writes, without what only the server can tell. */
    private Write image(ExecuteContext ctx) {
        return capture.expectedWrites().of(ctx, Objects.requireNonNull(ownKind), table, record, values, old);
    }

    @Override
    public void executeEnd(ExecuteContext ctx) {
        if (!isOwn(ctx)) {
            capture.statementEvents().executeEnd(ctx);
            return;
        }
        if (isSent()) {
            rows = RowAnswer.countSoFar(ctx);
        }
    }

    @Override
    public void exception(ExecuteContext ctx) {
        if (isOwn(ctx) && isSent()) {
            rows = Math.max(rows, RowAnswer.countInSpiteOfFailure(ctx));
            if (!hasEnded()) {
                RowsOfAFailure.note(this, ctx, ownKind == StatementKind.INSERT ? table : null);
            }
        }
        capture.statementEvents().exception(ctx);
    }

    /** The connection has been given back by now, but jOOQ has not yet brought the record up to date. */
    @Override
    public void end(ExecuteContext ctx) {
        if (!isOwn(ctx)) {
            capture.statementEvents().end(ctx);
        } else if (isSent()) {
            over(null);
        } else if (expected == null && JooqInternals.isCollecting(configuration)) {
            Write write = image(ctx);
            if (asked == null || asked.expect(ctx, write) == null) {
                CollectedBatch.of(configuration).add(ctx, write);
            }
            return;
        }
        boolean neverStarted = ctx != statement
                && ownKind == null
                && ctx.exception() == null
                && kind.ofOwn(ctx.query(), record.getTable(), configuration) != null;
        if (neverStarted || isOwn(ctx) && hasDied(ctx)) {
            capture.forget(this);
            abandon();
        }
    }

    /** Whether an {@code Error} is on its way, of which jOOQ will not tell the record's listeners. */
    private boolean hasDied(ExecuteContext ctx) {
        return ctx.exception() == null && (isSent() ? rows == RowAnswer.NO_COUNT || hasFailed() : expected == null);
    }

    /** The statement has ended: records what came of it. */
    private void over(@Nullable Throwable failure) {
        ExecuteContext ctx = Objects.requireNonNull(statement);
        rows = Math.max(rows, ctx.rows());
        try {
            if (RowAnswer.isWritten(rows) && !hasOwnTransaction()) {
                written(ctx, result(ctx, Objects.requireNonNull(expected)));
            }
        } finally {
            if (rows == RowAnswer.NO_COUNT && RowAnswer.isUnheard(ctx, failure)) {
                endedUnheard();
            }
            boolean isFailure = hasOwnTransaction() ? ctx.exception() != null : rows == RowAnswer.NO_COUNT;
            isOver = true;
            boolean awaitsKey = RowAnswer.isWritten(rows)
                    && Objects.requireNonNull(expected).lacksKey();
            if (isFailure || failure != null || !awaitsKey) { // until jOOQ has read it, nobody may commit or insert
                ended(isFailure ? RowAnswer.reason(ctx, failure) : null);
            }
        }
    }

    /** The row that the statement has written, with what the server told of it. */
    private Write result(ExecuteContext ctx, Write write) {
        Write told = asked == null ? null : asked.write();
        if (told != null) {
            return told;
        }
        Result<?> result = ctx.result();
        Record returned = result == null || result.isEmpty() ? null : result.get(0);
        ChangeType type = typeOf(write);
        return !wasForetold() && type == ChangeType.INSERT && type == write.type()
                ? RowAnswer.putInto(write, record, returned)
                : RowAnswer.with(write, type, record, returned);
    }

    /** What the statement did to its row. */
    private ChangeType typeOf(Write write) {
        return asked == null ? write.type() : asked.type(write);
    }

    /** The operation has ended, for jOOQ too. May throw what hooks throw. */
    void close(@Nullable Throwable failure) {
        if (!isSent()) {
            return;
        }
        try {
            if (!isOver && !hasEnded()) { // another listener threw before we heard of the statement's end
                over(failure);
            }
            if (failure == null && expected != null && ownKind == StatementKind.INSERT) {
                RowAnswer.putKeyInto(expected, record, old);
            }
        } finally {
            ended(null);
            settle();
        }
    }

    /** The operation has ended, and jOOQ did not say so. */
    void abandon() {
        if (!isThere()) {
            endedUnheard();
        }
        try {
            close(null);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "A hook failed after a statement that ended abnormally", e);
        }
    }
}
