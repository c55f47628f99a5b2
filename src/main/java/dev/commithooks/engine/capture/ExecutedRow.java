package dev.commithooks.engine.capture;

import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.engine.telling.Suppressed;
import java.sql.SQLException;
import java.util.Objects;
import org.jooq.ExecuteContext;
import org.jspecify.annotations.Nullable;

/**
 * A record's row when its statement is executed, in a transaction of its own, and jOOQ has not read what it returned.
 *
 * @param count how many rows were written
 * @param returned what jOOQ has asked for of the row, the first of them; null if that is nothing, or no row was written
 */
record ExecutedRow(int count, @Nullable Object @Nullable [] returned) {

    /** Makes it possible to ask for it later, of a statement that has been prepared. */
    static void prepare(ExecuteContext ctx, DmlStatements dml) {
        try {
            if (ReturningStatement.of(ctx) == null) {
                dml.returnToUsFirst(ctx);
            }
            TransactionalStatement.putAround(ctx, Objects.requireNonNull(ctx.statement()));
        } catch (SQLException e) {
            throw Suppressed.<RuntimeException>rethrow(e); // the connection is broken, as jOOQ would find
        }
    }

    /** The row of the statement that has just been executed. */
    static ExecutedRow of(ExecuteContext ctx, HookedTable table) throws SQLException {
        ReturningStatement returning = ReturningStatement.of(ctx);
        return returning == null || !returning.returnsToJooq()
                ? new ExecutedRow(Objects.requireNonNull(ctx.statement()).getUpdateCount(), null)
                : returning.askedOfRow(ctx, table);
    }
}
