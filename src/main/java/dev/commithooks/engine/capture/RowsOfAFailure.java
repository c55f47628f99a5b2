package dev.commithooks.engine.capture;

import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.registry.HookedTable;
import java.sql.SQLException;
import org.jooq.ExecuteContext;
import org.jspecify.annotations.Nullable;

/** The rows that a statement wrote before it failed, where the database keeps them: nobody says which they are. */
final class RowsOfAFailure {

    private RowsOfAFailure() {}

    /**
     * A captured statement has failed: where rows of it may be there, nothing true can be said about its transaction any more.
     *
     * @param insertedInto the table, if it was to insert one row; else null
     */
    static void note(CapturedStatement statement, ExecuteContext ctx, @Nullable HookedTable insertedInto) {
        SQLException failure = ctx.sqlException();
        if (failure != null && mayBeThere(ctx, failure, insertedInto)) {
            statement.mayHaveWritten(failure);
        }
    }

    private static boolean mayBeThere(ExecuteContext ctx, SQLException failure, @Nullable HookedTable insertedInto) {
        try {
            String sql = ctx.sql();
            return Dialect.of(ctx)
                    .mayKeepRowsOfFailed(
                            failure,
                            JooqInternals.connectionBelow(ctx),
                            sql == null ? "" : sql,
                            insertedInto == null ? null : insertedInto.table().getName());
        } catch (SQLException noConnection) {
            return false;
        }
    }
}
