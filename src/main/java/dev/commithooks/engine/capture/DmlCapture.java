package dev.commithooks.engine.capture;

import dev.commithooks.engine.log.Summary;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.transaction.TransactionAbortedException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteContext.BatchMode;
import org.jooq.Query;
import org.jooq.impl.QOM;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one prepared statement that passes no record. It may be executed several times: chunk by chunk where it is a
 * batch, again and again where jOOQ keeps it open.
 */
final class DmlCapture implements ReturningStatement.Rows, CapturedStatement.Recording {

    private static final System.Logger LOG = System.getLogger("dev.commithooks");
    private static final Object KEY = new Object();

    private final Capture capture;
    private final HookedTable table;
    private final String tableName;
    private final AddedColumns columns;
    private final boolean @Nullable [] set;
    private final Query query;

    private @Nullable ExecuteContext execution;
    private @Nullable CapturedStatement sent;
    private @Nullable ColumnReader reader;
    /** The rows read so far of those that are being read, which may be too many. */
    private int rows;

    private int limit;
    /** The rows of the statement at hand that are not recorded before all are read. */
    private @Nullable List<AddedColumns.Row> held;
    /** The rows of the statement at hand, as soon as they are too many. */
    private @Nullable Tally tally;

    private final List<CapturedStatement> unsettled = new ArrayList<>(1);

    DmlCapture(
            Capture capture,
            HookedTable table,
            String tableName,
            AddedColumns columns,
            boolean @Nullable [] set,
            Query query) {
        this.capture = capture;
        this.table = table;
        this.tableName = tableName;
        this.columns = columns;
        this.set = set;
        this.query = query;
    }

    /** The capture of the statement whose event is being heard; null if its rows are not captured so. */
    static @Nullable DmlCapture of(ExecuteContext ctx) {
        Object known = ctx.data(KEY);
        if (known == null) {
            ReturningStatement kept = ReturningStatement.of(ctx);
            return kept != null && kept.rows() instanceof DmlCapture again ? again : null;
        }
        return (DmlCapture) known;
    }

    /** The statement is prepared. */
    void prepared(ExecuteContext ctx) {
        ctx.data(KEY, this);
    }

    /** The statement is about to be sent. */
    void executeStart(ExecuteContext ctx) {
        ctx.data(KEY, this);
        begin(ctx);
    }

    /** The same, of a statement that is one of several. */
    void begin(ExecuteContext ctx) {
        execution = ctx;
        reader = null;
        rows = 0;
        limit = table.statementLimit();
        tally = null;
        held = table.isSummarized() || ctx.batchMode() == BatchMode.SINGLE ? new ArrayList<>() : null;
        sent = CapturedStatement.send(capture, ctx, table, tableName, this);
        if (sent != null) {
            unsettled.add(sent);
        }
    }

    /** What may be too many is what a batch writes beyond one row for each of its sets, which the caller holds himself. */
    @Override
    public void batchExecuted(int sets) {
        limit = (int) Math.min(Integer.MAX_VALUE, (long) limit + sets);
    }

    @Override
    public void row(ResultSet row, int asked) throws SQLException {
        CapturedStatement to = sent;
        if (to == null) {
            return;
        }
        if (reader == null) {
            reader = new ColumnReader(Objects.requireNonNull(execution), row);
        }
        if (tally == null && ++rows > limit) {
            if (table.isSummarized()) {
                beginTally(row);
            } else if (to.isInTransaction()) {
                throw tooMany(to);
            }
        }
        if (tally != null) {
            tally.add(columns.type(reader, asked));
        } else if (held != null) {
            held.add(columns.read(reader, asked));
        } else {
            to.written(columns.write(columns.read(reader, asked), tableName, set, to));
        }
    }

    /** From here on no row is kept, and it is no matter whether one could not be read. */
    private void beginTally(ResultSet row) {
        tally = new Tally(Objects.requireNonNull(held));
        held = null;
        reader = new ColumnReader(Objects.requireNonNull(execution), row);
    }

    @Override
    public void allRead() {
        CapturedStatement to = sent;
        rows = 0;
        if (to == null) {
            return;
        }
        if (tally != null) {
            ExecuteContext ctx = Objects.requireNonNull(execution);
            to.written(new Summary(table, tableName, tally.summary(table, StatementKind.shape(ctx, query, ctx.sql()))));
        } else if (held != null) {
            boolean isBatch = Objects.requireNonNull(execution).batchMode() == BatchMode.SINGLE;
            if (isBatch) {
                DatabaseRows.complete(execution, table, held);
            }
            // Each of a batch's sets is a statement of its own; which rows are one's, nobody says.
            held.forEach(read -> to.written(columns.write(read, tableName, set, isBatch ? read : to)));
            held = null;
        }
    }

    private TransactionAbortedException tooMany(CapturedStatement statement) {
        TransactionAbortedException refusal = new TransactionAbortedException(
                "A statement on " + tableName + " wrote more than " + table.statementLimit()
                        + " rows, more than are recorded row by row (statementLimit); its transaction is rollback-only, nothing"
                        + " of it will be committed. Write fewer rows at a time, raise statementLimit(...), say"
                        + " largeStatements(table, SUMMARIZED) if hooks need no more than their number, or"
                        + " recording(table, RECORDS_ONLY) if no hook needs these rows.",
                null);
        statement.setRollbackOnly(refusal);
        return refusal;
    }

    /** The statement is executed, or has failed: all its rows have been read by now. */
    void executed(@Nullable Throwable failure) {
        CapturedStatement to = sent;
        if (to == null) {
            return;
        }
        record();
        if (rows > 0) {
            to.setRollbackOnly(failure != null ? failure : notAllRead());
        }
        sent = null;
        if (failure != null) {
            RowsOfAFailure.note(to, Objects.requireNonNull(execution), insertsOneRow() ? table : null);
        }
        to.ended(failure);
    }

    private boolean insertsOneRow() {
        return query instanceof QOM.Insert<?> insert
                && insert.$select() == null
                && insert.$values().size() <= 1;
    }

    private IllegalStateException notAllRead() {
        return new IllegalStateException("A statement on " + tableName
                + " wrote rows that were not all read, so that no hook could tell the truth");
    }

    /** All rows have been read, and the statement is not committed yet. */
    @Override
    public void record() {
        CapturedStatement to = sent;
        Exception unreadable = reader == null ? null : reader.failure();
        reader = null;
        if (to != null && unreadable != null) {
            to.setRollbackOnly(unreadable);
            LOG.log(
                    System.Logger.Level.ERROR,
                    "A statement on " + tableName + " wrote rows that could not be read, by a binding or converter;"
                            + (to.isInTransaction()
                                    ? " its transaction is rollback-only, since no hook could tell the truth"
                                    : " they ARE committed, and hooks are told of them without the values"),
                    unreadable);
        }
    }

    /** The statement's connection has been given back. May throw what hooks throw. */
    void end(@Nullable Throwable failure) {
        executed(failure);
        CapturedStatement.settleAll(unsettled, failure);
    }
}
