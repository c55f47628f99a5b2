package dev.commithooks.engine.capture;

import dev.commithooks.engine.capture.AddedColumns.Kind;
import dev.commithooks.engine.capture.Catalogue.Width;
import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.dialect.Returning;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.policy.OldRows;
import dev.commithooks.policy.Recording;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteContext.BatchMode;
import org.jooq.Query;
import org.jooq.Table;
import org.jooq.impl.QOM;
import org.jspecify.annotations.Nullable;

/**
 * DML that passes no record: made to return its rows, where that changes nothing of what it does. Thread-safe.
 *
 * <p>A statement that cannot be made so is left as it is, for a reason that {@link BypassWatch} reports.
 */
final class DmlStatements {

    private static final int REMEMBERED = 2_000;

    private final Capture capture;
    private final Catalogue catalogue;
    private final LastVersions lastVersions = new LastVersions();
    private final KnownShapes shapes = new KnownShapes();
    private final KnownColumns columns = new KnownColumns();
    private final Map<Asked, DmlShape.Extended> extended = new ConcurrentHashMap<>();

    private record Asked(String sql, AddedColumns columns) {}

    DmlStatements(Capture capture, Catalogue catalogue) {
        this.capture = capture;
        this.catalogue = catalogue;
    }

    /**
     * A statement of which it is known how it can be made to return its rows.
     *
     * @param statement its text with more in it
     * @param returnsToJooq whether it returns rows anyway
     * @param columns what is added to those
     * @param rows what will know the rows
     */
    record Plan(
            HookedTable table,
            DmlShape.Extended statement,
            boolean returnsToJooq,
            AddedColumns columns,
            DmlCapture rows) {}

    /**
     * Whether a statement can be made to return its rows.
     *
     * @param plan how; null if it cannot
     * @param reason why not; null if it can, or if the statement is no matter
     */
    record Answer(@Nullable Plan plan, @Nullable String reason) {

        private static final Answer NO_MATTER = new Answer(null, null);

        private static Answer no(String reason) {
            return new Answer(null, reason);
        }
    }

    /**
     * Makes a statement that jOOQ has just prepared return its rows, if it writes to a table with hooks.
     *
     * @return why that cannot be done; null if it was, or if the statement is no matter
     */
    @Nullable
    String prepare(ExecuteContext ctx, Query query) {
        String sql = ctx.sql();
        Answer answer = sql == null || ctx.statement() == null ? Answer.NO_MATTER : plan(ctx, query, sql);
        return answer.plan == null ? answer.reason : prepare(ctx, answer.plan);
    }

    private @Nullable String prepare(ExecuteContext ctx, Plan plan) {
        boolean isGivenTransaction = capture.scopes().isGivenTransaction(ctx, plan.table);
        try {
            if (ctx.batchMode() == BatchMode.SINGLE
                    && !isGivenTransaction
                    && ctx.connection().getAutoCommit()) {
                return "outside a transaction JDBC would cut a batch that returns rows into several transactions";
            }
            ReturningStatement.prepare(ctx, plan.statement, plan.returnsToJooq, plan.columns.size(), plan.rows);
        } catch (SQLException | UnsupportedOperationException e) {
            return "it could not be prepared with a RETURNING clause: " + e.getMessage();
        }
        if (isGivenTransaction) {
            TransactionalStatement.putAround(ctx, Objects.requireNonNull(ctx.statement()));
        }
        plan.rows.prepared(ctx);
        return null;
    }

    /**
     * How the statement of a query can be made to return its rows.
     *
     * @param sql its text, in which tables and bind values stand as the context has them
     */
    Answer plan(ExecuteContext ctx, Query query, String sql) {
        StatementKind kind = StatementKind.of(query);
        Table<?> written = kind.target(query);
        if (written == null && !kind.isToldByText()) {
            return Answer.NO_MATTER;
        }
        DmlShape shape = written == null ? shapes.of(ctx, sql) : null;
        HookedTable hooked =
                written != null ? capture.find(written) : shape == null ? null : capture.find(shape.target());
        if (hooked == null) {
            return Answer.NO_MATTER;
        }
        if (hooked.recording() == Recording.RECORDS_ONLY) {
            return Answer.no("recording(RECORDS_ONLY) is chosen for the table");
        }
        return plan(ctx, query, sql, written, hooked, shape == null ? shapes.of(ctx, sql) : shape);
    }

    private Answer plan(
            ExecuteContext ctx,
            Query query,
            String sql,
            @Nullable Table<?> written,
            HookedTable hooked,
            @Nullable DmlShape shape) {
        Returning returning = Dialect.of(ctx).returning();
        if (returning != null) {
            return plan(ctx, query, sql, written, hooked, returning, shape);
        }
        Catalogue.Entry entry = catalogue.of(ctx, hooked);
        String reason = reason(hooked, entry, shape);
        return reason == null
                ? plan(ctx, query, sql, written, hooked, Objects.requireNonNull(entry), Objects.requireNonNull(shape))
                : Answer.no(reason);
    }

    /**
     * Makes a record's own statement, which jOOQ has just prepared, return both versions of its row.
     *
     * @return what will know them; null where the server does not tell, or must not be asked
     */
    @Nullable
    ServerRow askForBothRows(ExecuteContext ctx, HookedTable table) {
        String sql = ctx.sql();
        if (sql == null || ctx.statement() == null || Capture.isDeferred(ctx)) {
            return null;
        }
        Catalogue.Entry entry = catalogue.of(ctx, table);
        DmlShape shape = shapes.of(ctx, sql);
        if (entry == null || entry.version() < Catalogue.RETURNING_OLD || reason(table, entry, shape) != null) {
            return null;
        }
        AddedColumns added = columns.of(ctx, table, kind(Objects.requireNonNull(shape)), null, null);
        ServerRow row = new ServerRow(ctx, added);
        try {
            ReturningStatement.prepare(ctx, extended(added, shape, sql), shape.returning() >= 0, added.size(), row);
            return row;
        } catch (SQLException e) {
            return null; // the connection is broken: the statement itself will say so
        }
    }

    /** Makes a record's own statement, which jOOQ has just prepared, return its row to us before it does to jOOQ. */
    void returnToUsFirst(ExecuteContext ctx) throws SQLException {
        String sql = ctx.sql();
        DmlShape shape = sql == null ? null : shapes.of(ctx, sql);
        if (sql != null && shape != null && shape.returning() >= 0) {
            ReturningStatement.prepare(ctx, new DmlShape.Extended(sql, "", ""), true, 0, (row, asked) -> {});
        }
    }

    private static Kind kind(DmlShape shape) {
        return shape.isUpsert() ? Kind.UPSERT : Kind.valueOf(shape.verb().toUpperCase(Locale.ROOT));
    }

    private static @Nullable String reason(
            HookedTable table, Catalogue.@Nullable Entry entry, @Nullable DmlShape shape) {
        if (table.fields().length == 0) {
            return "it is known by its name only, without the generated table's columns";
        }
        if (entry == null) {
            return "the catalogue of a PostgreSQL server could not be asked about it";
        }
        String forTheTable = entry.reason(table);
        if (forTheTable != null) {
            return forTheTable;
        }
        if (shape == null) {
            return "its text is not understood";
        }
        if (!shape.isSingle()) {
            return "several statements stand in one text";
        }
        return shape.namesVersions() ? "it names OLD and NEW rows itself" : null;
    }

    private Answer plan(
            ExecuteContext ctx,
            Query query,
            String sql,
            @Nullable Table<?> written,
            HookedTable table,
            Catalogue.Entry entry,
            DmlShape shape) {
        Kind kind = kind(shape);
        int version = entry.version();
        if (version < Catalogue.MERGE_RETURNING && kind == Kind.MERGE) {
            return Answer.no("MERGE returns rows since PostgreSQL 17 only");
        }
        if (version < Catalogue.RETURNING_OLD && kind == Kind.UPSERT && !entry.hasSystemColumns()) {
            return Answer.no("what an upsert into a partitioned table did is told since PostgreSQL 18 only");
        }
        LockedRows locked = version < Catalogue.RETURNING_OLD ? lockedRows(ctx, query, table, shape) : null;
        if (locked != null) {
            DmlShape joined = Objects.requireNonNull(DmlShape.of(locked.sql(), Dialect.of(ctx)));
            return answer(ctx, query, locked.sql(), written, table, joined, locked.columns());
        }
        List<Width> widths = isToBePipelined(ctx, table) ? entry.widths(table) : null;
        String prefix = version >= Catalogue.RETURNING_OLD ? null : TableNames.inClauses(ctx, written, shape) + ".";
        return answer(ctx, query, sql, written, table, shape, columns.of(ctx, table, kind, widths, prefix));
    }

    private static @Nullable LockedRows lockedRows(ExecuteContext ctx, Query query, HookedTable table, DmlShape shape) {
        return table.oldRows() == OldRows.FROM_DATABASE
                        && query instanceof QOM.Update<?> update
                        && shape.returning() < 0
                        && LockedRows.canBeJoined(update, table)
                ? LockedRows.join(ctx, update, table)
                : null;
    }

    /** A statement of a database that returns each row in one version. */
    private Answer plan(
            ExecuteContext ctx,
            Query query,
            String sql,
            @Nullable Table<?> written,
            HookedTable table,
            Returning returning,
            @Nullable DmlShape shape) {
        String reason = lastVersions.reason(ctx, query, table, returning, shape);
        if (reason != null || shape == null) {
            return Answer.no(String.valueOf(reason));
        }
        Kind kind = Kind.valueOf(LastVersions.writing(query, shape).verb().name());
        return answer(ctx, query, sql, written, table, shape, columns.of(ctx, table, kind, null, ""));
    }

    private Answer answer(
            ExecuteContext ctx,
            Query query,
            String sql,
            @Nullable Table<?> written,
            HookedTable table,
            DmlShape shape,
            AddedColumns added) {
        String name = written == null ? table.name() : table.nameIn(ctx.configuration());
        DmlCapture rows = new DmlCapture(capture, table, name, added, SetColumns.of(query, table), query);
        return new Answer(new Plan(table, extended(added, shape, sql), shape.returning() >= 0, added, rows), null);
    }

    /** A statement failed: what is known of tables may be so no more. */
    void statementFailed(@Nullable SQLException failure) {
        lastVersions.statementFailed(failure);
    }

    /** Whoever wants old rows from the database wants all of them, however many round trips a batch then makes. */
    private static boolean isToBePipelined(ExecuteContext ctx, HookedTable table) {
        return ctx.batchMode() == BatchMode.SINGLE && table.oldRows() != OldRows.FROM_DATABASE;
    }

    /** The same text again costs the driver less, too, which looks its statements up by it. */
    private DmlShape.Extended extended(AddedColumns added, DmlShape shape, String sql) {
        Asked asked = new Asked(sql, added);
        DmlShape.Extended known = extended.get(asked);
        if (known == null) {
            known = added.addTo(shape, sql);
            if (sql.length() <= KnownShapes.LONGEST && extended.size() < REMEMBERED) {
                extended.put(asked, known);
            }
        }
        return known;
    }
}
