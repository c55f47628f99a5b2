package dev.commithooks.engine.capture;

import dev.commithooks.engine.dialect.Dialect;
import java.sql.SQLException;
import org.jooq.ExecuteContext;

/** The rows that a statement wrote before it failed, where the database keeps them: nobody says which they are. */
final class RowsOfAFailure {

    private RowsOfAFailure() {}

    /** A captured statement has failed: where rows of it may be there, nothing true can be said about its transaction any more. */
    static void note(CapturedStatement statement, ExecuteContext ctx, boolean isOneRow) {
        SQLException failure = ctx.sqlException();
        if (failure != null && mayBeThere(ctx, failure, isOneRow)) {
            statement.mayHaveWritten(failure);
        }
    }

    private static boolean mayBeThere(ExecuteContext ctx, SQLException failure, boolean isOneRow) {
        try {
            return Dialect.of(ctx).mayKeepRowsOfFailed(failure, JooqInternals.connectionBelow(ctx), isOneRow);
        } catch (SQLException noConnection) {
            return false;
        }
    }
}
