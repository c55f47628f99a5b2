package dev.commithooks.engine.capture;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.jooq.ExecuteContext;
import org.jooq.tools.jdbc.DefaultPreparedStatement;
import org.jooq.tools.jdbc.DefaultStatement;
import org.jspecify.annotations.Nullable;

/**
 * A statement that may be executed in a transaction of its own. Put around a statement that has been prepared, since jOOQ does not
 * look again when it is about to execute it.
 */
final class TransactionalStatement extends DefaultPreparedStatement {

    /** What the next execution belongs to; null where it is executed as it is. */
    private @Nullable CapturedStatement next;

    private @Nullable ExecuteContext ctx;

    /** The count that {@code executeUpdate()} returned, which SQLite's driver does not tell again; or none. */
    private int count = RowAnswer.NO_COUNT;

    private TransactionalStatement(PreparedStatement statement) {
        super(statement);
    }

    /** Puts one around the statement at hand. */
    static void putAround(ExecuteContext ctx, PreparedStatement statement) {
        ctx.statement(new TransactionalStatement(statement));
    }

    /** The one around the statement at hand, which other listeners may have wrapped; null if there is none. */
    static @Nullable TransactionalStatement of(ExecuteContext ctx) {
        return find(ctx, TransactionalStatement.class);
    }

    /** The statement of this class that the statement at hand is, or is a wrapper of. */
    static <S extends Statement> @Nullable S find(ExecuteContext ctx, Class<S> type) {
        Statement statement = ctx.statement();
        while (!type.isInstance(statement)) {
            if (!(statement instanceof DefaultStatement wrapper)) {
                return null;
            }
            statement = below(wrapper);
        }
        return type.cast(statement);
    }

    private static @Nullable Statement below(DefaultStatement wrapper) {
        try {
            return wrapper.getDelegate();
        } catch (SQLException e) {
            return null;
        }
    }

    /** The next execution is this statement's, in its transaction. */
    void isNext(CapturedStatement statement, ExecuteContext itsContext) {
        next = statement;
        ctx = itsContext;
    }

    private interface Execution<T> {
        T run() throws SQLException;
    }

    private <T> T run(Execution<T> execution) throws SQLException {
        CapturedStatement statement = next;
        next = null;
        count = RowAnswer.NO_COUNT;
        return statement == null ? execution.run() : statement.execute(Objects.requireNonNull(ctx), execution::run);
    }

    @Override
    public boolean execute() throws SQLException {
        return run(super::execute);
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        return run(super::executeQuery);
    }

    @Override
    public int executeUpdate() throws SQLException {
        return run(() -> count = super.executeUpdate());
    }

    @Override
    public int getUpdateCount() throws SQLException {
        return count == RowAnswer.NO_COUNT ? super.getUpdateCount() : count;
    }

    @Override
    public int[] executeBatch() throws SQLException {
        return run(super::executeBatch);
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        return run(super::executeLargeBatch);
    }
}
