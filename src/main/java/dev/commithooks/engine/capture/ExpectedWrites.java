package dev.commithooks.engine.capture;

import static dev.commithooks.row.RowVersions.UNKNOWN;
import static dev.commithooks.row.Values.copyOf;

import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.registry.HookedTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.ExecuteContext;
import org.jooq.Field;
import org.jooq.FieldOrRow;
import org.jooq.FieldOrRowOrSelect;
import org.jooq.Param;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.TableRecord;
import org.jooq.conf.Settings;
import org.jooq.impl.QOM;
import org.jspecify.annotations.Nullable;

/**
 * The rows that records' statements are about to write, without what only the server can tell, as images of the table's width. Read
 * by index, since looking fields up by name for every value of every row would cost more than all the rest. Thread-safe.
 *
 * <p>Which columns a statement sets is remembered of each table's last insert and last update, by its text: one row after the other
 * is mostly written by the same one, and jOOQ makes a new list of the columns for everybody who asks.
 */
final class ExpectedWrites {

    /** A longer text is not kept: it has its values in it, and will not come again. */
    private static final int LONGEST = 4_000;

    /** A statement's text, and the place in it of each of the table's columns; -1 for one that it does not set to a value. */
    private record Known(String sql, int[] places) {}

    private final Map<HookedTable, Known> lastInsert = new ConcurrentHashMap<>();
    private final Map<HookedTable, Known> lastUpdate = new ConcurrentHashMap<>();

    /**
     * The write of a record's statement.
     *
     * @param sent the record's values when its statement was made; null of a delete
     * @param old what the record knew of its row by then; null of an insert
     */
    Write of(
            ExecuteContext ctx,
            StatementKind kind,
            HookedTable table,
            TableRecord<?> record,
            @Nullable Object @Nullable [] sent,
            @Nullable Object @Nullable [] old) {
        String name = table.nameIn(ctx.configuration());
        Query query = Objects.requireNonNull(ctx.query());
        if (kind == StatementKind.DELETE) {
            return new Write(table, name, ChangeType.DELETE, old, null, null);
        }
        @Nullable Object[] image = Objects.requireNonNull(sent);
        if (kind == StatementKind.UPDATE) {
            keepUpdated(table, record, image, (QOM.Update<?>) query, ctx.sql());
            return new Write(table, name, ChangeType.UPDATE, old, image, null);
        }
        QOM.Insert<?> insert = (QOM.Insert<?>) query;
        keepInserted(table, record, image, insert, ctx.sql());
        return insert.$onDuplicateKeyUpdate()
                ? UpsertQuestion.unanswered(ctx, table, name, image)
                : new Write(table, name, ChangeType.INSERT, null, image, null);
    }

    // ---------------------------------------------------------------- the record, when its statement was made

    /** All values of a record, none of them copied: what its statement, which has just been made of them, may set. */
    static @Nullable Object[] values(HookedTable table, Record record) {
        @Nullable Object[] values = new Object[table.fields().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = record.get(i);
        }
        return values;
    }

    /**
     * What a record knows of the row that its update or delete addresses; of an insert, the key that it has of another.
     *
     * <p>Without {@code updatablePrimaryKeys} jOOQ addresses the row by the current key. If that is not the key that was read,
     * the original values are another row's.
     */
    static @Nullable Object @Nullable [] old(StatementKind kind, HookedTable table, Record record, Settings settings) {
        if (kind == StatementKind.INSERT) {
            return keyOfAnother(table, record);
        }
        if (!Boolean.TRUE.equals(settings.isUpdatablePrimaryKeys())) {
            for (int column : table.keyColumns()) {
                if (!Objects.deepEquals(record.get(column), record.original(column))) {
                    return keyOnly(table, record);
                }
            }
        }
        @Nullable Object[] image = new Object[table.fields().length];
        for (int i = 0; i < image.length; i++) {
            image[i] = copyOf(record.original(i));
        }
        return image;
    }

    /** The key of another row, which a record has that was read and is inserted again; null if it has none, as most have not. */
    private static @Nullable Object @Nullable [] keyOfAnother(HookedTable table, Record record) {
        for (int column : table.keyColumns()) {
            if (record.get(column) != null && !record.changed(column)) {
                return keyOnly(table, record);
            }
        }
        return null;
    }

    private static @Nullable Object[] keyOnly(HookedTable table, Record record) {
        @Nullable Object[] image = table.unknownRow();
        for (int column : table.keyColumns()) {
            image[column] = copyOf(record.get(column));
        }
        return image;
    }

    // ---------------------------------------------------------------- the statement

    /**
     * Keeps of a record's values what its INSERT sets. A key's column that is set to NULL is refused, or filled by the database, as
     * SQLite and MariaDB fill their identities.
     */
    private void keepInserted(
            HookedTable table,
            TableRecord<?> record,
            @Nullable Object[] image,
            QOM.Insert<?> insert,
            @Nullable String sql) {
        int[] places = placesIn(lastInsert.get(table), sql);
        if (places == null) {
            places = remember(lastInsert, table, sql, places(table, record, insert.$columns()));
        }
        for (int at = 0; at < image.length; at++) {
            image[at] = places[at] < 0
                    ? UNKNOWN
                    : isMadeByJooq(record.getTable(), table.fields()[at])
                            ? value(insert.$values().get(0).field(places[at]))
                            : copyOf(image[at]);
        }
        for (int column : table.keyColumns()) {
            if (image[column] == null) {
                image[column] = UNKNOWN;
            }
        }
    }

    /** Keeps of a record's values what its UPDATE sets. A column that is set to itself is not changed. */
    private void keepUpdated(
            HookedTable table,
            TableRecord<?> record,
            @Nullable Object[] image,
            QOM.Update<?> update,
            @Nullable String sql) {
        int[] places = placesIn(lastUpdate.get(table), sql);
        if (places == null) {
            places = remember(lastUpdate, table, sql, places(table, record, fieldsSetToValues(update)));
        }
        for (int at = 0; at < image.length; at++) {
            Field<?> column = table.fields()[at];
            image[at] = places[at] < 0
                    ? UNKNOWN
                    : isMadeByJooq(record.getTable(), column) ? value(assigned(update, column)) : copyOf(image[at]);
        }
    }

    private static int @Nullable [] placesIn(@Nullable Known last, @Nullable String sql) {
        return last != null && last.sql.equals(sql) ? last.places : null;
    }

    private static int[] remember(Map<HookedTable, Known> last, HookedTable table, @Nullable String sql, int[] places) {
        if (sql != null && sql.length() <= LONGEST) {
            last.put(table, new Known(sql, places));
        }
        return places;
    }

    private static List<Field<?>> fieldsSetToValues(QOM.Update<?> update) {
        List<Field<?>> fields = new ArrayList<>();
        update.$set().forEach((column, assigned) -> {
            if (column instanceof Field<?> field && assigned instanceof Param) {
                fields.add(field);
            }
        });
        return fields;
    }

    private static @Nullable Object assigned(QOM.Update<?> update, Field<?> column) {
        for (Map.Entry<? extends FieldOrRow, ? extends FieldOrRowOrSelect> assignment :
                update.$set().entrySet()) {
            if (assignment.getKey() == column || assignment.getKey().equals(column)) {
                return assignment.getValue();
            }
        }
        return null;
    }

    private static int[] places(HookedTable table, TableRecord<?> record, List<? extends Field<?>> columns) {
        int[] places = new int[table.fields().length];
        Arrays.fill(places, -1);
        int at = 0;
        for (int i = 0; i < columns.size(); i++) {
            int column = RowAnswer.indexOf(record, columns.get(i), at);
            at = Math.max(column, 0);
            if (column >= 0) {
                places[column] = i;
            }
        }
        return places;
    }

    /** A version or timestamp has another value than the record when its statement was made. */
    private static boolean isMadeByJooq(Table<?> table, Field<?> column) {
        return column == table.getRecordVersion() || column == table.getRecordTimestamp();
    }

    private static @Nullable Object value(@Nullable Object assigned) {
        return assigned instanceof Param<?> param ? copyOf(param.getValue()) : UNKNOWN;
    }
}
