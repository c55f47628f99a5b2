package dev.commithooks.engine.capture;

import static dev.commithooks.row.RowVersions.UNKNOWN;

import dev.commithooks.engine.log.Write;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import org.jooq.ExecuteContext;
import org.jspecify.annotations.Nullable;

/**
 * The row that a record's statement writes, both versions of it, as the server returns it in the same statement: where a table
 * wants its old rows from the database, and the server tells them.
 */
final class ServerRow implements ReturningStatement.Rows {

    private final ExecuteContext ctx;
    private final AddedColumns columns;
    private @Nullable Write expected;
    private @Nullable Write write;

    ServerRow(ExecuteContext ctx, AddedColumns columns) {
        this.ctx = ctx;
        this.columns = columns;
    }

    /** The statement is about to write this, as far as the record knows. */
    void expect(Write foreseen) {
        expected = foreseen;
    }

    @Override
    public void row(ResultSet row, int asked) throws SQLException {
        Write foreseen = Objects.requireNonNull(expected);
        ColumnReader reader = new ColumnReader(ctx, row);
        Write told = columns.write(columns.read(reader, asked), foreseen.tableName(), set(foreseen), this);
        write = reader.failure() == null ? told : null;
    }

    private static boolean @Nullable [] set(Write foreseen) {
        @Nullable Object[] values = foreseen.set();
        if (values == null) {
            return null;
        }
        boolean[] set = new boolean[values.length];
        for (int i = 0; i < set.length; i++) {
            set[i] = values[i] != UNKNOWN;
        }
        return set;
    }

    /** What the server told; null if it did not, or what it told could not be read. */
    @Nullable
    Write write() {
        return write;
    }
}
