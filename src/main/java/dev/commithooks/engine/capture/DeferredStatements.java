package dev.commithooks.engine.capture;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jooq.ExecuteContext;
import org.jooq.tools.jdbc.BatchedPreparedStatement;

/** The statements of {@code dsl.batched(...)}: they are kept back until some later call, and tell nothing of their rows. */
final class DeferredStatements {

    private DeferredStatements() {}

    static boolean isDeferred(ExecuteContext ctx) {
        PreparedStatement statement = ctx.statement();
        try {
            return statement != null && statement.isWrapperFor(BatchedPreparedStatement.class);
        } catch (SQLException e) {
            return false;
        }
    }
}
