package dev.commithooks.engine.capture;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jooq.ExecuteContext;
import org.jooq.conf.InvocationOrder;
import org.jspecify.annotations.Nullable;

/** How many rows a statement has written, and what that means. */
final class RowCount {

    /** The server has not said, or nobody heard it. */
    static final int UNKNOWN = -1;

    private RowCount() {}

    /** Whether a statement with this count has written its row. The only place that decides it. */
    static boolean isWritten(long count) {
        return count > 0 || count == Statement.SUCCESS_NO_INFO;
    }

    /**
     * The count of a statement that is failing. Where a listener threw and not the server, the row may be there: a
     * transaction that goes on will commit it.
     */
    static int inSpiteOfFailure(ExecuteContext ctx) {
        return ctx.sqlException() != null ? UNKNOWN : soFar(ctx);
    }

    /** The count of a statement that the server has executed, of which jOOQ may not have read the result yet. */
    static int soFar(ExecuteContext ctx) {
        if (ctx.rows() >= 0) {
            return ctx.rows();
        }
        if (ctx.result() != null) {
            return ctx.result().size();
        }
        return ctx.resultSet() == null ? UNKNOWN : rows(ctx.resultSet());
    }

    private static int rows(ResultSet returned) {
        try {
            return returned.isBeforeFirst() || returned.getRow() > 0 || returned.isAfterLast() ? 1 : 0;
        } catch (SQLException e) {
            return UNKNOWN;
        }
    }

    /**
     * Whether a count is not known because an {@code Error} of somebody's may have kept us from hearing of it: the row may be there.
     * Called first, we would have heard of a statement that was executed.
     */
    static boolean isUnheard(ExecuteContext ctx, @Nullable Throwable failure) {
        return ctx.exception() == null
                && failure == null
                && ctx.settings().getExecuteListenerEndInvocationOrder() == InvocationOrder.REVERSE;
    }

    /** Why the count is not known. */
    static Throwable reason(ExecuteContext ctx, @Nullable Throwable failure) {
        if (ctx.exception() != null) {
            return ctx.exception();
        }
        return failure != null ? failure : new IllegalStateException("The statement ended without a result");
    }
}
