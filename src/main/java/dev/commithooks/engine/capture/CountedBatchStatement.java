package dev.commithooks.engine.capture;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jooq.tools.jdbc.DefaultPreparedStatement;
import org.jspecify.annotations.Nullable;

/** Notes what a JDBC batch returned, of which jOOQ tells its listeners only the first count (jOOQ#15038). */
final class CountedBatchStatement extends DefaultPreparedStatement {

    private int added;
    private long @Nullable [] counts;

    CountedBatchStatement(PreparedStatement delegate) {
        super(delegate);
    }

    /** How many sets of bind values wait to be executed. */
    int added() {
        return added;
    }

    /** What the batch executed last returned; null if it failed. */
    long @Nullable [] counts() {
        return counts;
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
        counts = null;
        added = 0;
        int[] result = super.executeBatch();
        long[] wide = new long[result.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = result[i];
        }
        counts = wide;
        return result;
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        counts = null;
        added = 0;
        long[] result = super.executeLargeBatch();
        counts = result.clone();
        return result;
    }
}
