package dev.commithooks.engine.capture;

import static dev.commithooks.change.RowImage.copyOf;

import dev.commithooks.change.ChangeType;
import dev.commithooks.change.RowImage;
import dev.commithooks.change.RowKey;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.engine.scope.StatementTarget;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.policy.OldRows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jooq.Condition;
import org.jooq.Configuration;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListenerProvider;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.RecordListenerProvider;
import org.jooq.RowN;
import org.jooq.SelectConditionStep;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows that a statement is about to write, and locks them as the statement will: for tables that ask for
 * {@link OldRows#FROM_DATABASE}, in a transaction only. One query for each table of a statement.
 */
final class OldRowReader {

    private OldRowReader() {}

    /** The write with the database's old row, where that is asked for and can be had. */
    static Write completed(ExecuteContext ctx, StatementTarget target, Write write) {
        return wants(write) && isTransaction(target)
                ? completed(ctx, List.of(write)).get(0)
                : write;
    }

    /** The writes of a batch, likewise. */
    static List<Write> completed(ExecuteContext ctx, StatementTarget target, List<Write> writes) {
        return isTransaction(target) && writes.stream().anyMatch(OldRowReader::wants) ? completed(ctx, writes) : writes;
    }

    /** Outside of one the lock would be gone before the write. */
    private static boolean isTransaction(StatementTarget target) {
        return target instanceof TransactionScope;
    }

    private static boolean wants(Write write) {
        return write.old() != null && write.table().oldRows() == OldRows.FROM_DATABASE;
    }

    private static List<Write> completed(ExecuteContext ctx, List<Write> writes) {
        Map<HookedTable, List<RowKey>> keys = new LinkedHashMap<>();
        boolean keysChange = false;
        for (Write write : writes) {
            RowKey key = wants(write) ? key(write) : null;
            if (key != null) {
                keys.computeIfAbsent(write.table(), table -> new ArrayList<>()).add(key);
                keysChange |= write.type() == ChangeType.DELETE || changesKey(write);
            }
        }
        Map<RowKey, @Nullable Object[]> rows = new HashMap<>();
        for (Map.Entry<HookedTable, List<RowKey>> entry : keys.entrySet()) {
            read(ctx, entry.getKey(), entry.getValue(), keysChange, rows);
        }
        List<Write> completed = new ArrayList<>(writes.size());
        for (Write write : writes) {
            RowKey key = wants(write) ? key(write) : null;
            @Nullable Object[] old = key == null ? null : rows.get(key);
            completed.add(old == null ? write : with(write, old));
        }
        return completed;
    }

    private static Write with(Write write, @Nullable Object[] old) {
        return new Write(write.table(), write.tableName(), write.type(), old, write.set(), write.returned());
    }

    private static @Nullable RowKey key(Write write) {
        int[] columns = write.table().keyColumns();
        Object[] values = new Object[columns.length];
        for (int i = 0; i < columns.length; i++) {
            Object value = Objects.requireNonNull(write.old())[columns[i]];
            if (value == null || value == RowImage.UNKNOWN) {
                return null;
            }
            values[i] = value;
        }
        return columns.length == 0 ? null : RowKey.of(write.table().table(), values);
    }

    private static boolean changesKey(Write write) {
        @Nullable Object[] set = write.set();
        for (int column : write.table().keyColumns()) {
            if (set != null
                    && set[column] != RowImage.UNKNOWN
                    && !Objects.deepEquals(set[column], Objects.requireNonNull(write.old())[column])) {
                return true;
            }
        }
        return false;
    }

    private static void read(
            ExecuteContext ctx,
            HookedTable table,
            List<RowKey> keys,
            boolean keysChange,
            Map<RowKey, @Nullable Object[]> into) {
        SelectConditionStep<Record> select = DSL.using(unheard(ctx.configuration()))
                .select(table.fields())
                .from(table.table())
                .where(isOneOf(table, keys));
        var locked = keysChange ? select.forUpdate() : select.forNoKeyUpdate();
        for (Record row : locked.fetch()) {
            @Nullable Object[] image = new Object[table.fields().length];
            for (int i = 0; i < image.length; i++) {
                image[i] = copyOf(row.get(i));
            }
            int[] columns = table.keyColumns();
            Object[] key = new Object[columns.length];
            for (int i = 0; i < columns.length; i++) {
                key[i] = Objects.requireNonNull(image[columns[i]]);
            }
            into.put(RowKey.of(table.table(), key), image);
        }
    }

    /** Listeners are for what the user does. */
    private static Configuration unheard(Configuration configuration) {
        return configuration.derive(new ExecuteListenerProvider[0]).derive(new RecordListenerProvider[0]);
    }

    private static Condition isOneOf(HookedTable table, List<RowKey> keys) {
        Field<?>[] fields = new Field<?>[table.keyColumns().length];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = table.fields()[table.keyColumns()[i]];
        }
        if (fields.length == 1) {
            List<@Nullable Object> values = new ArrayList<>();
            keys.forEach(key -> values.add(key.values().get(0)));
            return fields[0].in(values);
        }
        RowN[] rows = new RowN[keys.size()];
        for (int i = 0; i < rows.length; i++) {
            Field<?>[] values = new Field<?>[fields.length];
            for (int j = 0; j < fields.length; j++) {
                values[j] = DSL.val(keys.get(i).values().get(j), fields[j].getDataType());
            }
            rows[i] = DSL.row(values);
        }
        return DSL.row(fields).in(rows);
    }
}
