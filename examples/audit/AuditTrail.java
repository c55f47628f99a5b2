package audit;

import static dev.commithooks.bookshop.shop.Tables.AUDIT_LOG;

import dev.commithooks.bookshop.shop.tables.records.AuditLogRecord;
import dev.commithooks.change.Change;
import dev.commithooks.change.Deleted;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.Updated;
import dev.commithooks.hook.BeforeCommitHooks;
import dev.commithooks.hook.HookContext;
import java.util.Arrays;
import java.util.Locale;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.JSONFormat;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/**
 * Writes one entry for each changed row of any table, in the transaction that changes it: entry and change are committed
 * together, or neither is.
 */
final class AuditTrail implements BeforeCommitHooks<Record> {

    private static final JSONFormat OBJECT =
            new JSONFormat().header(false).recordFormat(JSONFormat.RecordFormat.OBJECT);

    @Override
    public void beforeCommitInsert(Inserted<Record> change, HookContext ctx) {
        write(change, null, written(change.row()), ctx);
    }

    @Override
    public void beforeCommitUpdate(Updated<Record> change, HookContext ctx) {
        var changed = change.changedFields().toArray(Field<?>[]::new);
        write(change, change.oldRow().into(changed), change.row().into(changed), ctx);
    }

    @Override
    public void beforeCommitDelete(Deleted<Record> change, HookContext ctx) {
        write(change, written(change.oldRow()), null, ctx);
    }

    private static void write(
            Change<Record> change, @Nullable Record oldRow, @Nullable Record newRow, HookContext ctx) {
        AuditLogRecord entry = ctx.dsl().newRecord(AUDIT_LOG);
        entry.setTableName(change.table().getName());
        entry.setOperation(change.type().name().toLowerCase(Locale.ROOT));
        change.key().ifPresent(key -> entry.setRowKey(key.values().toString()));
        entry.setOldRow(json(oldRow));
        entry.setNewRow(json(newRow));
        entry.store();
    }

    /** The columns that hold something. */
    private static Record written(Record row) {
        return row.into(Arrays.stream(row.fields())
                .filter(field -> row.get(field) != null)
                .toArray(Field<?>[]::new));
    }

    private static @Nullable JSONB json(@Nullable Record row) {
        return row == null ? null : JSONB.valueOf(row.formatJSON(OBJECT));
    }
}
