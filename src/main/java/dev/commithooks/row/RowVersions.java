package dev.commithooks.row;

import java.util.List;
import org.jooq.Field;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * A row before and after it was changed, as far as it is known. Of this a {@link dev.commithooks.change.Change} of its own is made
 * for each hook call, and of that a record only when a hook asks for one.
 *
 * <p>The arrays are of the table's width and hold {@link #UNKNOWN} where nothing is known. They belong to the row's versions and
 * are never altered; arrays among the values are copies.
 */
public interface RowVersions {

    /** The value of a column of which nothing is known. */
    Object UNKNOWN = new Object() {
        @Override
        public String toString() {
            return "?";
        }
    };

    /** The table, as generated. */
    Table<?> table();

    /** The table's name in SQL, after any schema mapping. */
    String tableName();

    /** The row before, as far as it was known, the key it was addressed by included; null for an insert. */
    @Nullable
    Object @Nullable [] before();

    /** The row after; null for a delete. */
    @Nullable
    Object @Nullable [] after();

    /** The fields that update statements set, in the table's order. */
    List<Field<?>> changedFields();
}
