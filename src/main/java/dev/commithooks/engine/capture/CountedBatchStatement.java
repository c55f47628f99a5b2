package dev.commithooks.engine.capture;

import java.sql.BatchUpdateException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import org.jooq.tools.jdbc.DefaultPreparedStatement;
import org.jspecify.annotations.Nullable;

/** Notes what a JDBC batch returned, of which jOOQ tells its listeners only the first count (jOOQ#15038). */
final class CountedBatchStatement extends DefaultPreparedStatement {

    private static final long[] NONE = {};

    private int added;
    private long[] counts = NONE;
    private boolean hasSucceeded;
    private @Nullable Throwable untoldFailure;

    CountedBatchStatement(PreparedStatement delegate) {
        super(delegate);
    }

    /** How many sets of bind values wait to be executed. */
    int added() {
        return added;
    }

    /**
     * What the batch executed last returned. Of one that failed, what the driver says of the statements that did not: in
     * autocommit mode pgjdbc cuts a large batch into several transactions, and those before the failure stay.
     */
    long[] counts() {
        return counts;
    }

    /** Whether the batch executed last returned. */
    boolean hasSucceeded() {
        return hasSucceeded;
    }

    /**
     * What the batch executed last failed with, if the driver did not say how far it had come: SQLite's, which executes its statements
     * one after the other and throws what the first that fails throws. Null where it said so.
     */
    @Nullable
    Throwable untoldFailure() {
        return untoldFailure;
    }

    @Override
    public void addBatch() throws SQLException {
        super.addBatch();
        added++;
    }

    @Override
    public void clearBatch() throws SQLException {
        super.clearBatch();
        added = 0;
    }

    @Override
    public int[] executeBatch() throws SQLException {
        begin();
        try {
            int[] result = super.executeBatch();
            counts = Arrays.stream(result).asLongStream().toArray();
            hasSucceeded = true;
            return result;
        } catch (BatchUpdateException e) {
            failed(e);
            throw e;
        } catch (SQLException | RuntimeException | Error e) {
            untoldFailure = e;
            throw e;
        }
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        begin();
        try {
            long[] result = super.executeLargeBatch();
            counts = result.clone();
            hasSucceeded = true;
            return result;
        } catch (BatchUpdateException e) {
            failed(e);
            throw e;
        } catch (SQLException | RuntimeException | Error e) {
            untoldFailure = e;
            throw e;
        }
    }

    private void begin() {
        added = 0;
        counts = NONE;
        hasSucceeded = false;
        untoldFailure = null;
    }

    private void failed(BatchUpdateException e) {
        long[] told = e.getLargeUpdateCounts();
        counts = told == null ? NONE : told;
    }
}
