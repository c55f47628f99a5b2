package dev.commithooks.engine.capture;

import dev.commithooks.engine.capture.DmlStatements.Answer;
import dev.commithooks.engine.capture.DmlStatements.Plan;
import dev.commithooks.policy.Recording;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jooq.ExecuteContext;
import org.jooq.Query;
import org.jooq.tools.jdbc.DefaultPreparedStatement;
import org.jspecify.annotations.Nullable;

/**
 * A batch of several queries that is executed query by query, so that each can return its rows; of a batch JDBC tells counts only.
 * In a transaction only, which makes the two alike: one that fails has none of its rows stay.
 */
final class QueriesOneByOne extends DefaultPreparedStatement {

    private static final Object KEY = new Object();

    private final ExecuteContext ctx;
    private final List<Answer> answers;

    private QueriesOneByOne(ExecuteContext ctx, List<Answer> answers) {
        super(Objects.requireNonNull(ctx.statement()));
        this.ctx = ctx;
        this.answers = answers;
    }

    /** The batch that the statement at hand is, if it is executed so. */
    static @Nullable QueriesOneByOne of(ExecuteContext ctx) {
        return (QueriesOneByOne) ctx.data(KEY);
    }

    /** Looks whether a batch that is about to be executed is to be executed so. */
    static @Nullable QueriesOneByOne recognize(Capture capture, ExecuteContext ctx) {
        if (ctx.statement() == null || !isInTransaction(ctx)) {
            return null;
        }
        Query[] queries = ctx.batchQueries();
        List<Answer> answers = new ArrayList<>(queries.length);
        boolean isWanted = false;
        for (int i = 0; i < queries.length; i++) {
            Answer answer = capture.dml().plan(ctx, queries[i], ctx.batchSQL()[i]);
            answers.add(answer);
            isWanted |= answer.plan() != null && isWanted(capture, queries[i], answer.plan());
        }
        if (!isWanted) {
            return null;
        }
        QueriesOneByOne batch = new QueriesOneByOne(ctx, answers);
        ctx.statement(batch);
        ctx.data(KEY, batch);
        return batch;
    }

    private static boolean isInTransaction(ExecuteContext ctx) {
        try {
            return !JooqInternals.connectionBelow(ctx).getAutoCommit();
        } catch (SQLException e) {
            return false; // the batch itself will say so
        }
    }

    /** Where nobody listens to records, a record's query in a batch is like any other, and yet must be recorded. */
    private static boolean isWanted(Capture capture, Query query, Plan plan) {
        return plan.table().recording() == Recording.BATCHED_QUERIES_TOO
                || query.configuration() != null
                        && JooqInternals.isCollecting(query.configuration())
                        && capture.listensToStatementsAlone(query.configuration());
    }

    /** Whether the rows of this query are recorded. */
    boolean carries(int query) {
        return answers.get(query).plan() != null;
    }

    /** Why the rows of this query are not recorded; null if it is no matter. */
    @Nullable
    String reason(int query) {
        return answers.get(query).reason();
    }

    @Override
    public int[] executeBatch() throws SQLException {
        return Arrays.stream(executeLargeBatch()).mapToInt(Math::toIntExact).toArray();
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        long[] counts = new long[answers.size()];
        for (int i = 0; i < counts.length; i++) {
            try {
                Plan plan = answers.get(i).plan();
                counts[i] = plan == null ? plain(ctx.batchSQL()[i]) : recorded(plan);
            } catch (SQLException e) {
                throw failed(i, e);
            }
        }
        return counts;
    }

    private long plain(String sql) throws SQLException {
        try (Statement statement = JooqInternals.connectionBelow(ctx).createStatement()) {
            statement.setQueryTimeout(getQueryTimeout());
            return statement.executeUpdate(sql);
        }
    }

    private long recorded(Plan plan) throws SQLException {
        Connection connection = JooqInternals.connectionBelow(ctx);
        DmlCapture rows = plan.rows();
        rows.begin(ctx);
        try (PreparedStatement statement =
                connection.prepareStatement(plan.statement().sql())) {
            statement.setQueryTimeout(getQueryTimeout());
            long count = 0;
            try (ResultSet returned = statement.executeQuery()) {
                int asked =
                        returned.getMetaData().getColumnCount() - plan.columns().size();
                while (returned.next()) {
                    rows.row(returned, asked);
                    count++;
                }
            }
            rows.allRead();
            rows.executed(null);
            return count;
        } catch (SQLException | RuntimeException e) {
            rows.executed(e);
            throw e;
        }
    }

    /** As the driver says it of a batch, of which in a transaction nothing stays. */
    private BatchUpdateException failed(int query, SQLException e) {
        long[] counts = new long[answers.size()];
        Arrays.fill(counts, EXECUTE_FAILED);
        BatchUpdateException failure = new BatchUpdateException(
                "Batch entry " + query + " " + ctx.batchSQL()[query] + " was aborted: " + e.getMessage()
                        + "  Call getNextException to see other errors in the batch.",
                e.getSQLState(),
                0,
                counts,
                e);
        failure.setNextException(e);
        return failure;
    }

    /** The statement is closed and its connection given back. */
    void end(@Nullable Throwable failure) {
        for (Answer answer : answers) {
            if (answer.plan() != null) {
                answer.plan().rows().end(failure);
            }
        }
    }
}
