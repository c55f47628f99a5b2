package dev.commithooks.engine.capture;

import dev.commithooks.change.ChangeType;
import dev.commithooks.change.RowImage;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.registry.HookedTable;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jooq.ExecuteContext;
import org.jooq.Field;
import org.jooq.UniqueKey;
import org.jooq.tools.jdbc.DefaultPreparedStatement;
import org.jooq.tools.jdbc.DefaultResultSet;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server, in the same statement, whether an upsert inserted its row or updated it: one more column at the end of the
 * RETURNING clause, which jOOQ does not look at.
 *
 * <p>PostgreSQL locks the row that it is going to update, and so leaves a transaction id in the new version's {@code xmax}; a
 * row that was inserted has none. That holds under concurrency too, as no question asked before the statement does.
 */
final class UpsertQuestion {

    private static final String INSERTED_BY_UPSERT = "(xmax = 0)";
    private static final String INSERTED_BY_MERGE = "(merge_action() = 'INSERT')";

    private final boolean isReturning;
    private @Nullable Boolean inserted;

    private UpsertQuestion(boolean isReturning) {
        this.isReturning = isReturning;
    }

    /**
     * What an upsert is taken for as long as nobody has asked: an update of which only the key is known, as far as that is
     * sure. A row that shares no unique key with any other can only be inserted.
     */
    static Write unanswered(ExecuteContext ctx, HookedTable table, String tableName, @Nullable Object[] set) {
        boolean byPrimaryKey = false;
        boolean byAnotherKey = false;
        for (UniqueKey<?> key : table.table().getKeys()) {
            if (isSet(table, key, set)) {
                byPrimaryKey |= key.isPrimary();
                byAnotherKey |= !key.isPrimary() && isMerge(ctx.sql());
            }
        }
        if (!byPrimaryKey && !byAnotherKey) {
            return new Write(table, tableName, ChangeType.INSERT, null, set, null);
        }
        @Nullable Object[] old = byAnotherKey ? Images.nothing(table) : Images.keyOf(table, set);
        return new Write(table, tableName, ChangeType.UPDATE, old, set, null);
    }

    private static boolean isSet(HookedTable table, UniqueKey<?> key, @Nullable Object[] set) {
        for (Field<?> field : key.getFieldsArray()) {
            Object value = set[table.table().indexOf(field)];
            if (value == null || value == RowImage.UNKNOWN) {
                return false;
            }
        }
        return true;
    }

    /** jOOQ writes a MERGE for a table with several unique keys where nothing is to be returned; it looks at all of them. */
    private static boolean isMerge(@Nullable String sql) {
        return sql != null && sql.regionMatches(true, 0, "merge", 0, 5);
    }

    /** Adds the question to a statement that is about to be prepared; null where it cannot be asked. */
    static @Nullable UpsertQuestion ask(ExecuteContext ctx, HookedTable table, OrdinaryTables ordinaryTables) {
        String sql = ctx.sql();
        if (sql == null || !ordinaryTables.contains(ctx, table)) {
            return null;
        }
        boolean isMerge = isMerge(sql);
        if (isMerge && !ordinaryTables.mergeReturns(ctx)) {
            return null;
        }
        boolean isReturning = !isMerge && DmlText.hasWord(sql, "returning");
        // On a line of its own, for fear of a comment at the end.
        ctx.sql(sql + (isReturning ? "\n, " : "\nreturning ") + (isMerge ? INSERTED_BY_MERGE : INSERTED_BY_UPSERT));
        return new UpsertQuestion(isReturning);
    }

    /** The statement is prepared. Where jOOQ expects no result, it is not to see one. */
    void prepared(ExecuteContext ctx) {
        if (!isReturning && ctx.statement() != null) {
            ctx.statement(new CountingInsteadOfReturning(ctx.statement()));
        }
    }

    /** The statement is executed; jOOQ has not read its result yet. */
    void executed(ExecuteContext ctx) {
        if (isReturning && ctx.resultSet() != null) {
            ctx.resultSet(new ReadingTheLastColumn(ctx.resultSet()));
        }
    }

    /** What the server said that it did; what was supposed if it did not say. */
    ChangeType answer(ChangeType supposed) {
        return inserted == null ? supposed : inserted ? ChangeType.INSERT : ChangeType.UPDATE;
    }

    private final class ReadingTheLastColumn extends DefaultResultSet {

        ReadingTheLastColumn(ResultSet delegate) {
            super(delegate);
        }

        @Override
        public boolean next() throws SQLException {
            boolean hasRow = super.next();
            if (hasRow && inserted == null) {
                inserted = getBoolean(getMetaData().getColumnCount());
            }
            return hasRow;
        }
    }

    private final class CountingInsteadOfReturning extends DefaultPreparedStatement {

        private int count = -1;

        CountingInsteadOfReturning(PreparedStatement delegate) {
            super(delegate);
        }

        @Override
        public boolean execute() throws SQLException {
            count = 0;
            try (ResultSet rows = getDelegate().executeQuery()) {
                while (rows.next()) {
                    inserted = rows.getBoolean(1);
                    count++;
                }
            }
            return false;
        }

        @Override
        public int getUpdateCount() {
            return count;
        }

        @Override
        public long getLargeUpdateCount() {
            return count;
        }

        @Override
        public boolean getMoreResults() {
            count = -1;
            return false;
        }
    }
}
