package dev.commithooks.engine.log;

import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.registry.HookedTable;
import org.jspecify.annotations.Nullable;

/**
 * One row that one statement wrote.
 *
 * <p>The arrays are of the table's width, hold {@link dev.commithooks.change.RowImage#UNKNOWN} where nothing is known, belong
 * to the write and are never altered; arrays among the values are copies.
 *
 * @param table the table and its hooks
 * @param tableName the table's name in SQL, after any schema mapping
 * @param type what happened
 * @param old the row before, as far as it was known, the key it was addressed by included; null for an insert
 * @param set the columns that the statement set, of an insert also those that it returned; null for a delete
 * @param returned the columns that an update returned, where they say more than {@code old} and {@code set}; else null
 */
public record Write(
        HookedTable table,
        String tableName,
        ChangeType type,
        @Nullable Object @Nullable [] old,
        @Nullable Object @Nullable [] set,
        @Nullable Object @Nullable [] returned)
        implements LogItem {}
