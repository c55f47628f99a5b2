package dev.commithooks.durable;

import dev.commithooks.change.Change;
import dev.commithooks.change.ChangeType;
import dev.commithooks.change.Deleted;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.RowKey;
import dev.commithooks.change.Updated;
import dev.commithooks.row.RowVersions;
import dev.commithooks.row.TableName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * One table's changes as JSON, in Debezium's words:
 * {@code {"op":"u","table":"public.book","before":{..},"after":{..},"changed":["price"]}}. A column of which nothing is known is
 * absent, one that is null is null.
 *
 * <p>A column that was added since is unknown, one that is gone is told and left out, one of another type is refused unless its
 * values are read just the same. Thread-safe.
 */
final class ChangeCodec {

    private final Table<?> table;
    private final Map<String, Field<?>> columns;

    /** A codec for a table, some columns of which had other names. */
    ChangeCodec(Table<?> table, Map<String, Field<?>> formerNames) {
        this.table = table;
        this.columns = Arrays.stream(table.fields()).collect(Collectors.toMap(Field::getName, field -> field));
        formerNames.forEach(columns::putIfAbsent);
    }

    /** The columns whose values have no form in JSON. */
    List<Field<?>> unfit() {
        return Arrays.stream(table.fields())
                .filter(field -> !ColumnValues.canCarry(field.getDataType()))
                .collect(Collectors.toList());
    }

    // ---------------------------------------------------------------- writing

    void write(StringBuilder out, Change<?> change) {
        out.append("{\"op\":\"").append(op(change.type())).append("\",\"table\":");
        Json.quote(out, nameOf(change));
        writeRows(out, change);
        out.append('}');
    }

    /** Appends the rows before and after, each if there is one, and the columns that were set. */
    static void writeRows(StringBuilder out, Change<?> change) {
        if (change instanceof Inserted<?> inserted) {
            row(out, "after", inserted.row(), inserted::knows);
        } else if (change instanceof Deleted<?> deleted) {
            row(out, "before", deleted.oldRow(), deleted::knew);
        } else if (change instanceof Updated<?> updated) {
            row(out, "before", updated.oldRow(), updated::knewOld);
            row(out, "after", updated.row(), updated::knows);
            out.append(",\"changed\":[");
            String separator = "";
            for (Field<?> field : updated.changedFields()) {
                Json.quote(out.append(separator), field.getName());
                separator = ",";
            }
            out.append(']');
        }
    }

    private static void row(StringBuilder out, String which, Record row, Predicate<Field<?>> known) {
        out.append(",\"").append(which).append("\":{");
        String separator = "";
        for (int i = 0; i < row.size(); i++) {
            Field<?> field = Objects.requireNonNull(row.field(i));
            if (known.test(field)) {
                Json.quote(out.append(separator), field.getName()).append(':');
                ColumnValues.write(out, field, row.get(i));
                separator = ",";
            }
        }
        out.append('}');
    }

    static String op(ChangeType type) {
        return switch (type) {
            case INSERT -> "c";
            case UPDATE -> "u";
            case DELETE -> "d";
        };
    }

    /** The name in SQL, after any schema mapping, as far as the change knows it. */
    static String nameOf(Change<?> change) {
        return change.key().map(RowKey::tableName).orElseGet(() -> TableName.of(change.table()));
    }

    // ---------------------------------------------------------------- reading

    /**
     * The change that was written, as its row's versions.
     *
     * @param gone takes the names of columns that the table does not have any more
     * @throws IllegalArgumentException when it cannot be read; nothing is guessed
     */
    DecodedRow read(@Nullable Object json, Set<String> gone) {
        Map<?, ?> change = (Map<?, ?>) Objects.requireNonNull(json, "no change");
        List<Field<?>> changed = new ArrayList<>();
        if (change.get("changed") instanceof List<?> names) {
            names.forEach(name -> columns(String.valueOf(name), changed, gone));
        }
        ChangeType type = type(change.get("op"));
        return new DecodedRow(
                table,
                (String) Objects.requireNonNull(change.get("table"), "no table"),
                type,
                type == ChangeType.INSERT ? null : image(change.get("before"), gone),
                type == ChangeType.DELETE ? null : image(change.get("after"), gone),
                List.copyOf(changed));
    }

    private void columns(String name, List<Field<?>> found, Set<String> gone) {
        Field<?> field = columns.get(name);
        if (field == null) {
            gone.add(name);
        } else {
            found.add(field);
        }
    }

    private static ChangeType type(@Nullable Object op) {
        for (ChangeType type : ChangeType.values()) {
            if (op(type).equals(op)) {
                return type;
            }
        }
        throw new IllegalArgumentException("no kind of change: " + op);
    }

    private @Nullable Object[] image(@Nullable Object json, Set<String> gone) {
        @Nullable Object[] values = new Object[table.fieldsRow().size()];
        Arrays.fill(values, RowVersions.UNKNOWN);
        ((Map<?, ?>) Objects.requireNonNull(json, "no row")).forEach((name, value) -> {
            Field<?> field = columns.get(name);
            if (field == null) {
                gone.add(String.valueOf(name));
            } else {
                values[table.indexOf(field)] = ColumnValues.read(field, value);
            }
        });
        return values;
    }
}
