package dev.commithooks.engine.capture;

import dev.commithooks.engine.registry.HookedTable;
import org.jooq.Field;
import org.jooq.FieldOrRow;
import org.jooq.Query;
import org.jooq.Row;
import org.jooq.impl.QOM;
import org.jspecify.annotations.Nullable;

/** The columns that the text of a statement names to be set, by index. */
final class SetColumns {

    private SetColumns() {}

    /** The columns that a statement sets, where it can be asked. */
    static boolean @Nullable [] of(Query query, HookedTable table) {
        Iterable<? extends FieldOrRow> named;
        if (query instanceof QOM.Update<?> update) {
            named = update.$set().keySet();
        } else if (query instanceof QOM.Insert<?> insert && insert.$onDuplicateKeyUpdate()) {
            named = insert.$updateSet().keySet();
        } else {
            return null;
        }
        boolean[] set = new boolean[table.fields().length];
        for (FieldOrRow one : named) {
            if (one instanceof Field<?> field) {
                mark(table, field, set);
            } else if (one instanceof Row row) {
                for (Field<?> field : row.fields()) {
                    mark(table, field, set);
                }
            }
        }
        return set;
    }

    private static void mark(HookedTable table, Field<?> field, boolean[] set) {
        int column = table.table().indexOf(field.getName());
        if (column >= 0) {
            set[column] = true;
        }
    }
}
