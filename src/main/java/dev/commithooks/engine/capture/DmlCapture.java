package dev.commithooks.engine.capture;

import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.transaction.TransactionAbortedException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteContext.BatchMode;
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

    private @Nullable ExecuteContext execution;
    private @Nullable CapturedStatement sent;
    private @Nullable ColumnReader reader;
    private int rows;
    /** The rows of the batch at hand: more may have to be read of them. */
    private final List<AddedColumns.Row> ofBatch = new ArrayList<>(0);

    private final List<CapturedStatement> unsettled = new ArrayList<>(1);

    DmlCapture(Capture capture, HookedTable table, String tableName, AddedColumns columns, boolean @Nullable [] set) {
        this.capture = capture;
        this.table = table;
        this.tableName = tableName;
        this.columns = columns;
        this.set = set;
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
        ofBatch.clear();
        sent = CapturedStatement.send(capture, ctx, table, tableName, this);
        if (sent != null) {
            unsettled.add(sent);
        }
    }

    @Override
    public void row(ResultSet row, int asked) throws SQLException {
        CapturedStatement to = sent;
        if (to == null) {
            return;
        }
        if (++rows > table.statementLimit() && to.isInTransaction()) {
            throw tooMany(to);
        }
        if (reader == null) {
            reader = new ColumnReader(Objects.requireNonNull(execution), row);
        }
        AddedColumns.Row read = columns.read(reader, asked);
        if (Objects.requireNonNull(execution).batchMode() == BatchMode.SINGLE) {
            ofBatch.add(read);
        } else {
            to.written(columns.write(read, tableName, set));
        }
    }

    @Override
    public void batchRead() {
        CapturedStatement to = sent;
        if (to != null) {
            DatabaseRows.complete(Objects.requireNonNull(execution), table, ofBatch);
            ofBatch.forEach(read -> to.written(columns.write(read, tableName, set)));
            ofBatch.clear();
        }
    }

    private TransactionAbortedException tooMany(CapturedStatement statement) {
        TransactionAbortedException refusal = new TransactionAbortedException(
                "A statement on " + tableName + " wrote more than " + table.statementLimit()
                        + " rows, more than are recorded row by row (statementLimit); its transaction is rollback-only, nothing"
                        + " of it will be committed. Write fewer rows at a time, raise statementLimit(...), or say"
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
        sent = null;
        to.ended(failure);
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
