package dev.commithooks.engine.capture;

import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.row.RowVersions;
import java.util.Objects;
import org.jooq.ExecuteContext;
import org.jooq.Query;
import org.jooq.TableRecord;
import org.jooq.impl.QOM;
import org.jspecify.annotations.Nullable;

/** The row that a record's statement is about to write, without what only the server can tell. */
final class ExpectedWrite {

    private ExpectedWrite() {}

    /**
     * The write.
     *
     * @param sent the record's values when its statement was made; null of a delete
     * @param old what the record knew of its row by then; null of an insert
     */
    static Write of(
            Capture capture,
            ExecuteContext ctx,
            StatementKind kind,
            HookedTable table,
            TableRecord<?> record,
            @Nullable Object @Nullable [] sent,
            @Nullable Object @Nullable [] old) {
        String name = TableNames.mapped(table, ctx.configuration());
        Query query = Objects.requireNonNull(ctx.query());
        if (kind == StatementKind.DELETE) {
            return new Write(table, name, ChangeType.DELETE, old, null, null);
        }
        @Nullable Object[] values = Objects.requireNonNull(sent);
        if (kind == StatementKind.UPDATE) {
            @Nullable
            Object[] set =
                    Images.updated(table, record, values, (QOM.Update<?>) query, capture.updateColumns(), ctx.sql());
            return new Write(table, name, ChangeType.UPDATE, old, set, null);
        }
        QOM.Insert<?> insert = (QOM.Insert<?>) query;
        @Nullable Object[] set = Images.inserted(table, record, values, insert, capture.insertColumns(), ctx.sql());
        forgetMissingKey(table, set);
        return insert.$onDuplicateKeyUpdate()
                ? UpsertQuestion.unanswered(ctx, table, name, set)
                : new Write(table, name, ChangeType.INSERT, null, set, null);
    }

    /** A key's column that is set to NULL: refused, or filled by the database, as SQLite and MariaDB fill their identities. */
    private static void forgetMissingKey(HookedTable table, @Nullable Object[] set) {
        for (int column : table.keyColumns()) {
            if (set[column] == null) {
                set[column] = RowVersions.UNKNOWN;
            }
        }
    }
}
