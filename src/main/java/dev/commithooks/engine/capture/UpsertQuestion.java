package dev.commithooks.engine.capture;

import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.dialect.Returning;
import dev.commithooks.engine.dialect.Returning.Verb;
import dev.commithooks.engine.dialect.Returning.Writing;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.row.RowVersions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jooq.ExecuteContext;
import org.jooq.Field;
import org.jooq.UniqueKey;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server, in the same statement, whether an upsert inserted its row or updated it: one more column at the end of the
 * RETURNING clause, which jOOQ does not see.
 *
 * <p>PostgreSQL locks the row that it is going to update, and so leaves a transaction id in the new version's {@code xmax}; a
 * row that was inserted has none. That holds under concurrency too, as no question asked before the statement does. So does a mark
 * that the branch which updates leaves, on H2 and MariaDB.
 */
final class UpsertQuestion implements ReturningStatement.Rows {

    static final String INSERTED_BY_UPSERT = "(xmax = 0)";
    private static final String INSERTED_BY_MERGE = "(merge_action() = 'INSERT')";

    private @Nullable Boolean inserted;

    private UpsertQuestion() {}

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
                byAnotherKey |= !key.isPrimary() && looksAtAllKeys(ctx);
            }
        }
        if (!byPrimaryKey && !byAnotherKey) {
            return new Write(table, tableName, ChangeType.INSERT, null, set, null);
        }
        @Nullable Object[] old = byAnotherKey ? table.unknownRow() : keyOf(table, set);
        return new Write(table, tableName, ChangeType.UPDATE, old, set, null);
    }

    private static @Nullable Object[] keyOf(HookedTable table, @Nullable Object[] image) {
        @Nullable Object[] key = table.unknownRow();
        for (int column : table.keyColumns()) {
            key[column] = image[column];
        }
        return key;
    }

    /** Why an upsert's database, which is not asked, does not tell what it did; null if it may be taken for an update. */
    static @Nullable String refusal(ExecuteContext ctx) {
        Returning returning = Dialect.of(ctx).returning();
        return returning == null ? null : returning.refusal(new Writing(Verb.INSERT, true, false, false, false));
    }

    private static boolean isSet(HookedTable table, UniqueKey<?> key, @Nullable Object[] set) {
        for (Field<?> field : key.getFieldsArray()) {
            Object value = set[table.table().indexOf(field)];
            if (value == null || value == RowVersions.UNKNOWN) {
                return false;
            }
        }
        return true;
    }

    /** Of MariaDB's upsert nobody tells which key it has found its row by. */
    private static boolean looksAtAllKeys(ExecuteContext ctx) {
        return isMerge(ctx.sql()) || Dialect.of(ctx).returning() != null;
    }

    /** jOOQ writes a MERGE for a table with several unique keys where nothing is to be returned; it looks at all of them. */
    private static boolean isMerge(@Nullable String sql) {
        return sql != null && sql.regionMatches(true, 0, "merge", 0, 5);
    }

    /** Adds the question to a statement that has been prepared; null where it cannot be asked. */
    static @Nullable UpsertQuestion ask(ExecuteContext ctx, HookedTable table, Catalogue catalogue) {
        if (Dialect.of(ctx).returning() != null) {
            return askByMark(ctx, Dialect.of(ctx));
        }
        String sql = ctx.sql();
        Catalogue.Entry entry = catalogue.of(ctx, table);
        DmlShape shape = sql == null ? null : DmlShape.of(sql, Dialect.of(ctx));
        if (shape == null
                || entry == null
                || !(entry.hasSystemColumns() || entry.tellsOldRow())
                || ctx.statement() == null
                || Capture.isDeferred(ctx)) {
            return null;
        }
        boolean isMerge = isMerge(sql);
        if (isMerge && entry.version() < Catalogue.MERGE_RETURNING) {
            return null;
        }
        UpsertQuestion question = new UpsertQuestion();
        DmlShape.Extended asked = isMerge || entry.hasSystemColumns()
                ? shape.with(Objects.requireNonNull(sql), "", isMerge ? INSERTED_BY_MERGE : INSERTED_BY_UPSERT)
                : shape.with(Objects.requireNonNull(sql), AddedColumns.OLD_AND_NEW, AddedColumns.HAD_NO_OLD_ROW);
        try {
            ReturningStatement.prepare(ctx, asked, shape.returning() >= 0, 1, question);
        } catch (SQLException e) {
            return null; // the connection is broken: the statement itself will say so
        }
        return question;
    }

    /** Only where jOOQ lets it return its row: of one that does not, the driver's count is not known then. */
    private static @Nullable UpsertQuestion askByMark(ExecuteContext ctx, Dialect dialect) {
        String sql = ctx.sql();
        DmlShape shape = sql == null ? null : DmlShape.of(sql, dialect);
        if (sql == null
                || shape == null
                || shape.returning() < 0
                || ctx.statement() == null
                || Capture.isDeferred(ctx)) {
            return null;
        }
        long mark = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
        Returning.MarkedUpsert marked =
                Objects.requireNonNull(dialect.returning()).marked(sql, mark);
        DmlShape found = marked == null ? null : DmlShape.of(marked.sql(), dialect);
        if (marked == null || found == null) {
            return null;
        }
        UpsertQuestion question = new UpsertQuestion();
        Mark ofRow = new Mark(String.valueOf(mark), marked.question(), question);
        try {
            ReturningStatement.prepare(ctx, found.with(marked.sql(), "", marked.mark()), true, 1, ofRow);
        } catch (SQLException e) {
            return null; // the connection is broken: the statement itself will say so
        }
        return question;
    }

    @Override
    public void row(ResultSet row, int asked) throws SQLException {
        inserted = row.getBoolean(asked + 1);
    }

    /**
     * The mark that the branch which updates has left.
     *
     * @param set what it is if that branch was taken
     * @param ifNull what is to be asked if nothing comes back
     */
    private record Mark(String set, @Nullable String ifNull, UpsertQuestion question)
            implements ReturningStatement.Rows {

        @Override
        public void row(ResultSet row, int asked) throws SQLException {
            String found = row.getString(asked + 1);
            if (found == null && ifNull != null) {
                try (Statement statement = row.getStatement().getConnection().createStatement();
                        ResultSet answer = statement.executeQuery(ifNull)) {
                    found = answer.next() ? answer.getString(1) : null;
                }
            }
            question.inserted = !set.equals(found);
        }
    }

    /** What the server said that it did; what was supposed if it did not say. */
    ChangeType answer(ChangeType supposed) {
        return inserted == null ? supposed : inserted ? ChangeType.INSERT : ChangeType.UPDATE;
    }
}
