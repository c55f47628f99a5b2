package dev.commithooks.engine.capture;

import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.row.Values;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.jooq.ExecuteContext;
import org.jooq.tools.jdbc.DefaultPreparedStatement;
import org.jspecify.annotations.Nullable;

/**
 * A statement that returns more than jOOQ asked for, put in the place of jOOQ's own, which stays unexecuted beside it. To jOOQ it
 * looks like its own: the same count, or the same columns. All rows that come back are read before {@code execute()} returns.
 *
 * <p>jOOQ's text stays as it is, in messages too; and closing jOOQ's statement gives the connection back, as closing any other of
 * its connection's would.
 */
final class ReturningStatement extends DefaultPreparedStatement {

    /** The receiver of the rows. */
    interface Rows {

        /**
         * The next row.
         *
         * @param asked how many columns jOOQ asked for; what was added comes after them
         */
        void row(ResultSet row, int asked) throws SQLException;

        /** A batch of so many sets of bind values is executed, and its rows are about to be read. */
        default void batchExecuted(int sets) {}

        /** All rows have been read. */
        default void allRead() {}
    }

    private final Dialect dialect;
    private final String text;
    private final PreparedStatement theirs;
    private final DmlShape.Extended statement;
    private final boolean returnsToJooq;
    private final int added;
    private final Rows rows;
    private @Nullable ResultSet result;
    private long count = -1;
    /** How many rows came back where jOOQ expects some, be they more than it gets. */
    private int returnedRows;
    /** The number of rows that jOOQ is to get at most; 0 if all. */
    private long maxRows;

    private ReturningStatement(
            ExecuteContext ctx,
            PreparedStatement ours,
            PreparedStatement theirs,
            DmlShape.Extended statement,
            boolean returnsToJooq,
            int added,
            Rows rows) {
        super(ours);
        this.dialect = Dialect.of(ctx);
        this.text = String.valueOf(ctx.sql());
        this.theirs = theirs;
        this.statement = statement;
        this.returnsToJooq = returnsToJooq;
        this.added = added;
        this.rows = rows;
    }

    /**
     * Prepares the statement beside jOOQ's own, and takes its place.
     *
     * @param statement what is to be executed
     * @param returnsToJooq whether jOOQ expects rows of it, the first so many columns of which are jOOQ's
     * @param added the number of columns that are ours
     */
    static void prepare(ExecuteContext ctx, DmlShape.Extended statement, boolean returnsToJooq, int added, Rows rows)
            throws SQLException {
        String sql = statement.sql();
        Connection connection = ctx.connection();
        PreparedStatement ours;
        if (ctx.batchMode() == ExecuteContext.BatchMode.SINGLE) {
            ours = connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS);
        } else if (returnsToJooq && !Dialect.of(ctx).returnsOnce()) { // read twice: by us, then by jOOQ
            ours = connection.prepareStatement(sql, ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY);
        } else {
            ours = connection.prepareStatement(sql);
            ours.setFetchSize(Dialect.of(ctx).returnedAtATime()); // of no effect in autocommit mode
        }
        ctx.statement(new ReturningStatement(
                ctx, ours, Objects.requireNonNull(ctx.statement()), statement, returnsToJooq, added, rows));
    }

    /** The one that the statement at hand is, or is a wrapper of; null if there is none. */
    static @Nullable ReturningStatement of(ExecuteContext ctx) {
        return TransactionalStatement.find(ctx, ReturningStatement.class);
    }

    Rows rows() {
        return rows;
    }

    /**
     * What jOOQ asked for of the row that was returned, the first if there are several, and how many there are. To be called when it is
     * executed, and jOOQ has not read it yet.
     *
     * @throws IllegalStateException if jOOQ asked for nothing
     */
    ExecutedRow askedOfRow(ExecuteContext ctx, HookedTable table) throws SQLException {
        ResultSet returned = result;
        if (returned == null) {
            throw new IllegalStateException("The statement returns nothing to jOOQ");
        }
        @Nullable Object @Nullable [] image = returned.next() ? image(ctx, table, returned) : null;
        returned.beforeFirst();
        return new ExecutedRow(returnedRows, image);
    }

    private static @Nullable Object[] image(ExecuteContext ctx, HookedTable table, ResultSet row) throws SQLException {
        @Nullable Object[] image = table.unknownRow();
        ColumnReader reader = new ColumnReader(ctx, row);
        ResultSetMetaData columns = row.getMetaData();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            int field = table.table().indexOf(columns.getColumnLabel(i));
            if (field >= 0) {
                image[field] = Values.copyOf(reader.read(table.fields()[field], i));
            }
        }
        return image;
    }

    /** Whether jOOQ expects rows of it. */
    boolean returnsToJooq() {
        return returnsToJooq;
    }

    @Override
    public boolean execute() throws SQLException {
        run();
        return returnsToJooq;
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        run();
        if (result == null) {
            throw new SQLException("The statement returns no rows");
        }
        return result;
    }

    @Override
    public int executeUpdate() throws SQLException {
        run();
        return (int) count;
    }

    private void run() throws SQLException {
        result = null;
        count = -1;
        try {
            runAndRead();
        } catch (SQLException e) {
            throw dialect.asIfOf(text, e);
        }
    }

    private void runAndRead() throws SQLException {
        ResultSet executed = getDelegate().executeQuery();
        ResultSet returned = returnsToJooq && dialect.returnsOnce() ? CopiedRows.of(executed) : executed;
        if (returnsToJooq) {
            int asked = returned.getMetaData().getColumnCount() - added;
            returnedRows = (int) read(returned, asked);
            returned.beforeFirst();
            result = new FirstRowsAndColumns(returned, maxRows, asked);
        } else {
            try (returned) {
                count = read(returned, 0);
            }
        }
    }

    private long read(ResultSet returned, int asked) throws SQLException {
        long read = 0;
        while (returned.next()) {
            rows.row(returned, asked);
            read++;
        }
        rows.allRead();
        return read;
    }

    /** The driver would keep rows from us that were written. */
    @Override
    public void setLargeMaxRows(long max) {
        maxRows = max;
    }

    @Override
    public void setMaxRows(int max) {
        maxRows = max;
    }

    @Override
    public @Nullable ResultSet getResultSet() {
        return result;
    }

    @Override
    public int getUpdateCount() {
        return (int) count;
    }

    @Override
    public long getLargeUpdateCount() {
        return count;
    }

    @Override
    public boolean getMoreResults() {
        result = null;
        count = -1;
        return false;
    }

    @Override
    public int[] executeBatch() throws SQLException {
        try {
            int[] counts = getDelegate().executeBatch();
            readGeneratedKeys(counts.length);
            return returnsToJooq ? new int[counts.length] : counts; // of a RETURNING in a batch pgjdbc counts nothing
        } catch (BatchUpdateException e) {
            throw asOfTheirs(e);
        }
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        try {
            long[] counts = getDelegate().executeLargeBatch();
            readGeneratedKeys(counts.length);
            return returnsToJooq ? new long[counts.length] : counts;
        } catch (BatchUpdateException e) {
            throw asOfTheirs(e);
        }
    }

    /** The driver quotes the statement of a batch in its message. */
    private BatchUpdateException asOfTheirs(BatchUpdateException e) {
        BatchUpdateException theirsWould = new BatchUpdateException(
                statement.hiddenIn(String.valueOf(e.getMessage())),
                e.getSQLState(),
                e.getErrorCode(),
                e.getLargeUpdateCounts(),
                e.getCause());
        theirsWould.setNextException(e.getNextException());
        theirsWould.setStackTrace(e.getStackTrace());
        return theirsWould;
    }

    private void readGeneratedKeys(int sets) throws SQLException {
        rows.batchExecuted(sets);
        try (ResultSet returned = getDelegate().getGeneratedKeys()) {
            read(returned, returned.getMetaData().getColumnCount() - added);
        }
    }

    /** Closes ours below jOOQ's wrappers, which would give the connection back, then jOOQ's, which does so. */
    @Override
    public void close() throws SQLException {
        try {
            JooqInternals.statementBelow(getDelegate()).close();
        } finally {
            theirs.close();
        }
    }
}
