package dev.commithooks.engine.capture;

import dev.commithooks.engine.registry.HookedTable;
import java.util.List;
import java.util.Objects;
import org.jooq.Condition;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteContext.BatchMode;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.SelectConditionStep;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.QOM;

/**
 * An update that first locks the rows that it is going to write and joins them, for servers whose RETURNING does not tell old
 * rows. The lock waits as the update would, and what it returns is what the update finds; a join without it would return rows
 * as they were before the wait.
 *
 * @param sql the statement; its bind values are the update's, in the same order
 * @param columns what is to be added to its RETURNING
 */
record LockedRows(String sql, AddedColumns columns) {

    private static final String ALIAS = "ch_old";

    /** Whether the update is of one table with a primary key, and joins nothing yet. */
    static boolean canBeJoined(QOM.Update<?> update, HookedTable table) {
        return table.keyColumns().length > 0
                && update.$with() == null
                && update.$from().isEmpty()
                && update.$orderBy().isEmpty()
                && update.$limit() == null
                && update.$table().fields().length == table.fields().length;
    }

    static LockedRows join(ExecuteContext ctx, QOM.Update<?> update, HookedTable hooked) {
        Table<?> table = update.$table();
        Field<?>[] fields = table.fields();
        Field<?>[] renamed = new Field<?>[fields.length]; // else a column that SET names without its table is ambiguous
        String[] names = new String[fields.length];
        for (int i = 0; i < fields.length; i++) {
            renamed[i] = fields[i].as(DSL.quotedName("ch_" + i));
            names[i] = '"' + "ch_" + i + '"';
        }
        Condition where = update.$where() == null ? DSL.noCondition() : update.$where();
        SelectConditionStep<Record> select = DSL.select(renamed).from(table).where(where);
        Select<Record> locked = setsKey(update, hooked) ? select.forUpdate() : select.forNoKeyUpdate();
        Table<Record> old = locked.asTable(DSL.unquotedName(ALIAS));
        Condition sameRow = DSL.noCondition();
        for (int column : hooked.keyColumns()) {
            sameRow = sameRow.and(same(fields[column], Objects.requireNonNull(old.field(column))));
        }
        QOM.Update<?> joined = ((QOM.Update<?>) update.$from(List.of(old))).$where(sameRow);
        return new LockedRows(
                ctx.batchMode() == BatchMode.MULTIPLE
                        ? ctx.dsl().renderInlined(joined)
                        : ctx.dsl().render(joined),
                AddedColumns.ofLockedRows(
                        hooked,
                        ctx.dsl().render(table),
                        ReturnedColumns.all(hooked, names),
                        ReturnedColumns.all(hooked, KnownColumns.names(ctx, hooked))));
    }

    @SuppressWarnings("unchecked") // the locked row's column is of the table's
    private static Condition same(Field<?> column, Field<?> old) {
        return ((Field<Object>) column).eq((Field<Object>) old);
    }

    private static boolean setsKey(QOM.Update<?> update, HookedTable table) {
        for (int column : table.keyColumns()) {
            String name = table.fields()[column].getName();
            if (update.$set().keySet().stream()
                    .anyMatch(set ->
                            !(set instanceof Field<?> field) || field.getName().equals(name))) {
                return true;
            }
        }
        return false;
    }
}
