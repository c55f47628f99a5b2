package dev.commithooks.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.change.Change;
import dev.commithooks.change.Deleted;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.RowKey;
import dev.commithooks.change.Updated;
import dev.commithooks.fixture.JournalEntry;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jooq.EnumType;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** Compares what hooks are told of a row with what the database noted of it. */
final class Rows {

    private Rows() {}

    /** Same table, same kind, same keys. */
    static void assertSameRow(Change<?> told, JournalEntry written) {
        assertThat(kind(told)).isEqualTo(kind(written));
        told.key().ifPresent(key -> assertKey(key, told instanceof Deleted<?> ? written.oldRow() : written.newRow()));
        if (told instanceof Updated<?> updated) {
            updated.oldKey().ifPresent(key -> assertKey(key, written.oldRow()));
        }
    }

    /** The same row; and whatever else the change says of it is so. */
    static void assertSame(Change<?> told, JournalEntry written) {
        assertSameRow(told, written);
        if (told instanceof Inserted<?> inserted) {
            assertRow(inserted.row(), written.newRow());
        } else if (told instanceof Updated<?> updated) {
            assertRow(updated.oldRow(), written.oldRow());
            assertRow(updated.row(), written.newRow());
        } else if (told instanceof Deleted<?> deleted) {
            assertRow(deleted.oldRow(), written.oldRow());
        }
    }

    /**
     * Compares a folded change with the rows that the database had at first and has at last; without exact old rows, only what
     * the statements wrote.
     */
    static void assertImages(
            Change<?> told,
            Map<String, @Nullable String> first,
            Map<String, @Nullable String> last,
            boolean oldRowsAreExact) {
        if (told instanceof Inserted<?> inserted) {
            assertRow(inserted.row(), last);
        } else if (told instanceof Updated<?> updated) {
            if (oldRowsAreExact) {
                assertRow(updated.oldRow(), first);
                assertRow(updated.row(), last);
            }
            for (Field<?> field : updated.changedFields()) {
                assertValue(field, updated.row().get(field), last);
            }
        } else if (told instanceof Deleted<?> deleted && oldRowsAreExact) {
            assertRow(deleted.oldRow(), first);
        }
    }

    static String kind(Change<?> told) {
        return told.type() + " "
                + Objects.requireNonNull(told.table().getSchema()).getName() + "."
                + told.table().getName();
    }

    static String kind(JournalEntry written) {
        return written.operation() + " " + written.schema() + "." + written.table();
    }

    private static void assertKey(RowKey key, Map<String, @Nullable String> row) {
        List<Field<?>> fields =
                List.copyOf(Objects.requireNonNull(key.table().getPrimaryKey()).getFields());
        for (int i = 0; i < fields.size(); i++) {
            assertValue(fields.get(i), key.values().get(i), row);
        }
    }

    /** A record does not tell null from unknown, so null says nothing. */
    private static void assertRow(Record row, Map<String, @Nullable String> written) {
        for (Field<?> field : row.fields()) {
            assertValue(field, row.get(field), written);
        }
    }

    private static void assertValue(Field<?> field, @Nullable Object value, Map<String, @Nullable String> row) {
        String text = row.get(field.getName());
        if (value instanceof Number number) {
            assertThat(text).as(field.getName()).isNotNull();
            assertThat(new BigDecimal(number.toString())).as(field.getName()).isEqualByComparingTo(text);
        } else if (value instanceof String || value instanceof UUID || value instanceof LocalDate) {
            assertThat(text).as(field.getName()).isEqualTo(value.toString());
        } else if (value instanceof EnumType constant) {
            assertThat(text).as(field.getName()).isEqualTo(constant.getLiteral());
        }
    }

    /** As the bucket modes see it: kind and key, for comparisons where order counts and images do not. */
    static List<String> keys(List<? extends Change<?>> changes) {
        List<String> keys = new ArrayList<>();
        changes.forEach(change -> keys.add(
                kind(change) + change.key().map(key -> key.values().toString()).orElse("[?]")));
        return keys;
    }
}
