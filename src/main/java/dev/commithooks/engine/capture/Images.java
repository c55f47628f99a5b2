package dev.commithooks.engine.capture;

import static dev.commithooks.row.RowVersions.UNKNOWN;
import static dev.commithooks.row.Values.copyOf;

import dev.commithooks.engine.registry.HookedTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jooq.Field;
import org.jooq.FieldOrRow;
import org.jooq.FieldOrRowOrSelect;
import org.jooq.Param;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.TableRecord;
import org.jooq.conf.Settings;
import org.jooq.impl.QOM;
import org.jspecify.annotations.Nullable;

/**
 * Reads values out of records and statements into arrays of the table's width. By index, since looking fields up by name for
 * every value of every row would cost more than all the rest.
 */
final class Images {

    private Images() {}

    static @Nullable Object[] nothing(HookedTable table) {
        @Nullable Object[] image = new Object[table.fields().length];
        Arrays.fill(image, UNKNOWN);
        return image;
    }

    /**
     * What a record knows of the row that its update or delete addresses.
     *
     * <p>Without {@code updatablePrimaryKeys} jOOQ addresses the row by the current key. If that is not the key that was read,
     * the original values are another row's.
     */
    static @Nullable Object[] old(HookedTable table, Record record, Settings settings) {
        int[] key = table.keyColumns();
        if (Boolean.TRUE.equals(settings.isUpdatablePrimaryKeys())) {
            return originals(table, record);
        }
        for (int column : key) {
            if (!Objects.deepEquals(record.get(column), record.original(column))) {
                return keyOnly(table, record);
            }
        }
        return originals(table, record);
    }

    private static @Nullable Object[] originals(HookedTable table, Record record) {
        @Nullable Object[] image = new Object[table.fields().length];
        for (int i = 0; i < image.length; i++) {
            image[i] = copyOf(record.original(i));
        }
        return image;
    }

    private static @Nullable Object[] keyOnly(HookedTable table, Record record) {
        @Nullable Object[] image = nothing(table);
        for (int column : table.keyColumns()) {
            image[column] = copyOf(record.get(column));
        }
        return image;
    }

    /** The key in an image, and nothing else. */
    static @Nullable Object[] keyOf(HookedTable table, @Nullable Object[] image) {
        @Nullable Object[] key = nothing(table);
        for (int column : table.keyColumns()) {
            key[column] = image[column];
        }
        return key;
    }

    /** An old image, with the key that the server returned where it knew none. The same image if there is nothing to add. */
    static @Nullable Object[] withKey(
            HookedTable table, @Nullable Object[] old, @Nullable Object @Nullable [] returned) {
        @Nullable Object[] result = old;
        for (int column : table.keyColumns()) {
            if (result[column] == UNKNOWN && returned != null && returned[column] != UNKNOWN) {
                result = result == old ? result.clone() : result;
                result[column] = returned[column];
            }
        }
        return result;
    }

    /** All values of a record, none of them copied: what its statement, which has just been made of them, may set. */
    static @Nullable Object[] values(HookedTable table, Record record) {
        @Nullable Object[] values = new Object[table.fields().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = record.get(i);
        }
        return values;
    }

    /**
     * The columns that an INSERT sets. Their values are the record's, except the version and timestamp that jOOQ makes.
     *
     * @param values the record's values when the statement was made; they become the image
     */
    static @Nullable Object[] inserted(
            HookedTable table,
            TableRecord<?> record,
            @Nullable Object[] values,
            QOM.Insert<?> insert,
            WrittenColumns known,
            @Nullable String sql) {
        int[] places = known.of(table, sql);
        if (places == null) {
            places = known.remember(table, sql, places(table, record, insert.$columns()));
        }
        for (int at = 0; at < values.length; at++) {
            values[at] = places[at] < 0
                    ? UNKNOWN
                    : isMadeByJooq(record.getTable(), table.fields()[at])
                            ? value(insert.$values().get(0).field(places[at]))
                            : copyOf(values[at]);
        }
        return values;
    }

    /**
     * The columns that an UPDATE sets, with the values as for an INSERT. A column that is set to itself is not changed.
     *
     * @param values the record's values when the statement was made; they become the image
     */
    static @Nullable Object[] updated(
            HookedTable table,
            TableRecord<?> record,
            @Nullable Object[] values,
            QOM.Update<?> update,
            WrittenColumns known,
            @Nullable String sql) {
        int[] places = known.of(table, sql);
        if (places == null) {
            places = known.remember(table, sql, places(table, record, fieldsSetToValues(update)));
        }
        for (int at = 0; at < values.length; at++) {
            Field<?> column = table.fields()[at];
            values[at] = places[at] < 0
                    ? UNKNOWN
                    : isMadeByJooq(record.getTable(), column) ? value(assigned(update, column)) : copyOf(values[at]);
        }
        return values;
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
            int column = indexOf(record, columns.get(i), at);
            at = Math.max(column, 0);
            if (column >= 0) {
                places[column] = i;
            }
        }
        return places;
    }

    private static boolean isMadeByJooq(Table<?> table, Field<?> column) {
        return column == table.getRecordVersion() || column == table.getRecordTimestamp();
    }

    private static @Nullable Object value(@Nullable Object assigned) {
        return assigned instanceof Param<?> param ? copyOf(param.getValue()) : UNKNOWN;
    }

    /** What the server returned of the row; null if it returned nothing. */
    static @Nullable Object @Nullable [] returned(HookedTable table, TableRecord<?> record, @Nullable Record row) {
        if (row == null) {
            return null;
        }
        @Nullable Object[] image = nothing(table);
        addReturned(record, row, image);
        return image;
    }

    /** Puts what the server returned of the row into an image. */
    static void addReturned(TableRecord<?> record, Record row, @Nullable Object[] image) {
        int at = 0;
        for (int i = 0; i < row.size(); i++) {
            at = indexOf(record, Objects.requireNonNull(row.field(i)), at);
            if (at < 0) {
                at = 0;
            } else {
                image[at] = copyOf(row.get(i));
            }
        }
    }

    /** The image with what is known in the other one laid over it. The same image if that says nothing new. */
    static @Nullable Object[] overlaid(@Nullable Object[] image, @Nullable Object @Nullable [] over) {
        if (over == null || !saysMore(over, image, null)) {
            return image;
        }
        @Nullable Object[] result = image.clone();
        for (int i = 0; i < result.length; i++) {
            if (over[i] != UNKNOWN) {
                result[i] = over[i];
            }
        }
        return result;
    }

    /** Whether an image knows a value that is neither set nor, where nothing was set, the old one. */
    static boolean saysMore(
            @Nullable Object[] image, @Nullable Object @Nullable [] set, @Nullable Object @Nullable [] old) {
        for (int i = 0; i < image.length; i++) {
            if (image[i] != UNKNOWN) {
                Object known = set != null && set[i] != UNKNOWN ? set[i] : old == null ? UNKNOWN : old[i];
                if (!Objects.deepEquals(known, image[i])) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A field's index. Fields mostly come in the order of the table's, so the search begins where the last one ended. */
    static int indexOf(TableRecord<?> record, Field<?> field, int from) {
        for (int i = from; i < record.size(); i++) {
            if (record.field(i) == field) {
                return i;
            }
        }
        return record.indexOf(field);
    }
}
