package dev.commithooks.engine.capture;

import static dev.commithooks.row.Values.copyOf;

import dev.commithooks.change.ChangeType;
import dev.commithooks.change.RowKey;
import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.policy.OldRows;
import dev.commithooks.row.RowVersions;
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
 * The rows that a statement is about to write, read from the database and locked as the statement will: for tables that ask
 * for {@link OldRows#FROM_DATABASE}, in a transaction only. One query for each table of a statement.
 *
 * <p>Where a batch writes a row more than once, its later old rows are what the earlier writes made of it.
 */
final class DatabaseRows {

    private final Map<RowKey, @Nullable Object[]> rows = new HashMap<>();

    private DatabaseRows() {}

    /** Reads the rows of these writes. To be called in a transaction: outside of one the lock would be gone before the write. */
    static DatabaseRows read(ExecuteContext ctx, List<Write> writes) {
        Map<HookedTable, List<RowKey>> keys = new LinkedHashMap<>();
        boolean keysChange = false;
        for (Write write : writes) {
            RowKey key = areWantedFor(write) ? key(write, Objects.requireNonNull(write.before())) : null;
            if (key != null) {
                keys.computeIfAbsent(write.hookedTable(), table -> new ArrayList<>())
                        .add(key);
                keysChange |= write.type() == ChangeType.DELETE || changesKey(write);
            }
        }
        DatabaseRows read = new DatabaseRows();
        for (Map.Entry<HookedTable, List<RowKey>> entry : keys.entrySet()) {
            read(ctx, entry.getKey(), entry.getValue(), keysChange, read.rows);
        }
        return read;
    }

    /** Whether those of any of these writes are to be read. */
    static boolean areWantedFor(List<Write> writes) {
        for (Write write : writes) {
            if (areWantedFor(write)) {
                return true;
            }
        }
        return false;
    }

    /** Whether that of this write is. */
    static boolean areWantedFor(Write write) {
        return write.before() != null && write.hookedTable().oldRows() == OldRows.FROM_DATABASE;
    }

    /** The write with the row as it is before it. */
    Write completed(Write write) {
        RowKey key = areWantedFor(write) ? key(write, Objects.requireNonNull(write.before())) : null;
        @Nullable Object[] old = key == null ? null : rows.get(key);
        return old == null
                ? write
                : new Write(write.hookedTable(), write.tableName(), write.type(), old, write.set(), write.returned());
    }

    /** The write with the row as it is before it, and after which the row is what the write made of it. */
    Write next(Write write) {
        Write completed = completed(write);
        apply(completed);
        return completed;
    }

    private void apply(Write write) {
        @Nullable Object[] old = write.before();
        @Nullable Object[] set = write.set();
        RowKey from = old == null ? null : key(write, old);
        if (from != null) {
            rows.remove(from);
        }
        if (set != null) {
            @Nullable Object[] image = old == null ? set : RowAnswer.overlaid(old, set);
            RowKey to = key(write, image);
            if (to != null) {
                rows.put(to, image);
            }
        }
    }

    private static @Nullable RowKey key(Write write, @Nullable Object[] image) {
        return key(write.hookedTable(), image);
    }

    private static @Nullable RowKey key(HookedTable table, @Nullable Object[] image) {
        int[] columns = table.keyColumns();
        Object[] values = new Object[columns.length];
        for (int i = 0; i < columns.length; i++) {
            Object value = image[columns[i]];
            if (value == null || value == RowVersions.UNKNOWN) {
                return null;
            }
            values[i] = value;
        }
        return columns.length == 0 ? null : RowKey.of(table.table(), values);
    }

    private static boolean changesKey(Write write) {
        @Nullable Object[] set = write.set();
        for (int column : write.hookedTable().keyColumns()) {
            if (set != null
                    && set[column] != RowVersions.UNKNOWN
                    && !Objects.deepEquals(set[column], Objects.requireNonNull(write.before())[column])) {
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
        SelectConditionStep<Record> select = select(ctx, table, keys);
        add(Dialect.of(ctx).locked(select, keysChange).fetch(), table, into);
    }

    private static SelectConditionStep<Record> select(ExecuteContext ctx, HookedTable table, List<RowKey> keys) {
        return DSL.using(unheard(ctx.configuration()))
                .select(held(table))
                .from(table.table())
                .where(isOneOf(table, keys));
    }

    private static List<Field<?>> held(HookedTable table) {
        List<Field<?>> held = new ArrayList<>(table.fields().length);
        for (int i = 0; i < table.fields().length; i++) {
            if (table.holds(i)) {
                held.add(table.fields()[i]);
            }
        }
        return held;
    }

    private static void add(List<Record> rows, HookedTable table, Map<RowKey, @Nullable Object[]> into) {
        for (Record row : rows) {
            @Nullable Object[] image = table.unknownRow();
            int at = 0;
            for (int i = 0; i < image.length; i++) {
                if (table.holds(i)) {
                    image[i] = copyOf(row.get(at++));
                }
            }
            int[] columns = table.keyColumns();
            Object[] key = new Object[columns.length];
            for (int i = 0; i < columns.length; i++) {
                key[i] = Objects.requireNonNull(image[columns[i]]);
            }
            into.put(RowKey.of(table.table(), key), image);
        }
    }

    /**
     * Completes rows that a batch has just written with what it did not return of them: one query, by their keys. Of a row that
     * it wrote several times, only the last version is there to be read.
     */
    static void complete(ExecuteContext ctx, HookedTable table, List<AddedColumns.Row> rows) {
        Map<RowKey, @Nullable Object[]> lacking = new LinkedHashMap<>();
        for (AddedColumns.Row row : rows) {
            @Nullable Object[] last = row.type() == ChangeType.DELETE ? null : row.last();
            RowKey key = last == null ? null : key(table, last);
            if (key != null && last != null) {
                lacking.put(key, last);
            }
        }
        lacking.values().removeIf(image -> isComplete(table, image));
        if (lacking.isEmpty()) {
            return;
        }
        Map<RowKey, @Nullable Object[]> found = new HashMap<>();
        add(select(ctx, table, List.copyOf(lacking.keySet())).fetch(), table, found);
        for (Map.Entry<RowKey, @Nullable Object[]> entry : lacking.entrySet()) {
            @Nullable Object[] image = entry.getValue();
            @Nullable Object[] there = found.get(entry.getKey());
            for (int i = 0; there != null && i < image.length; i++) {
                image[i] = image[i] == RowVersions.UNKNOWN ? there[i] : image[i];
            }
        }
    }

    private static boolean isComplete(HookedTable table, @Nullable Object[] image) {
        for (int i = 0; i < image.length; i++) {
            if (image[i] == RowVersions.UNKNOWN && table.holds(i)) {
                return false;
            }
        }
        return true;
    }

    /** Listeners are for what the user does. */
    static Configuration unheard(Configuration configuration) {
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
