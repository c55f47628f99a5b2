package dev.commithooks.storage;

import dev.commithooks.row.Canonical;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.RowN;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Keys in conditions, and as values to compare and to sort by. */
final class Keys {

    private Keys() {}

    /** The fields have the values that a record has in them. */
    static Condition equal(List<? extends Field<?>> fields, Record row) {
        return equal(fields, fields, row);
    }

    /** The fields have the values that a record has in others. */
    static Condition equal(List<? extends Field<?>> fields, List<? extends Field<?>> from, Record row) {
        Condition all = DSL.noCondition();
        for (int i = 0; i < fields.size(); i++) {
            all = all.and(equal(fields.get(i), row.get(from.get(i))));
        }
        return all;
    }

    private static <T> Condition equal(Field<T> field, @Nullable Object value) {
        return field.eq(DSL.val(value, field));
    }

    /** The fields have the values that one of the records has in them. */
    static Condition anyOf(List<? extends Field<?>> fields, List<? extends Record> rows) {
        if (rows.size() == 1) {
            return equal(fields, rows.get(0));
        }
        if (fields.size() == 1) {
            return anyOf(fields.get(0), rows);
        }
        List<RowN> values = new ArrayList<>(rows.size());
        for (Record row : rows) {
            List<Field<?>> one = new ArrayList<>(fields.size());
            fields.forEach(field -> one.add(DSL.val(row.get(field), field)));
            values.add(DSL.row(one));
        }
        return DSL.row(fields).in(values);
    }

    private static <T> Condition anyOf(Field<T> field, List<? extends Record> rows) {
        List<Field<T>> values = new ArrayList<>(rows.size());
        rows.forEach(row -> values.add(DSL.val(row.get(field), field)));
        return field.in(values);
    }

    /** Values that are equal where the database calls them so, as far as can be known without asking it. */
    static List<@Nullable Object> canonical(List<? extends Field<?>> fields, Record row) {
        List<@Nullable Object> values = new ArrayList<>(fields.size());
        fields.forEach(field -> values.add(Canonical.of(field.getDataType(), row.get(field))));
        return values;
    }

    /** One order for all who insert the same rows. */
    static Comparator<Record> order(List<? extends Field<?>> fields) {
        return (one, other) -> {
            for (Field<?> field : fields) {
                int difference = compare(one.get(field), other.get(field));
                if (difference != 0) {
                    return difference;
                }
            }
            return 0;
        };
    }

    @SuppressWarnings("unchecked") // values of one field are of one type
    private static int compare(@Nullable Object one, @Nullable Object other) {
        return one instanceof Comparable<?> comparable && other != null && one.getClass() == other.getClass()
                ? ((Comparable<Object>) comparable).compareTo(other)
                : String.valueOf(one).compareTo(String.valueOf(other));
    }
}
