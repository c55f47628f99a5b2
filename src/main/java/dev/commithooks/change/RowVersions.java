package dev.commithooks.change;

import java.util.List;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a row before and after it was changed. Of this a {@link Change} of its own is made for each hook call,
 * and of that a record only when a hook asks for one.
 *
 * <p>The arrays are of the table's width and hold {@link RowImage#UNKNOWN} where nothing is known. They belong to the row's
 * versions and are never altered; arrays among the values are copies.
 */
public interface RowVersions {

    /** The table, as generated. */
    Table<?> table();

    /** The table's name in SQL, after any schema mapping. */
    String tableName();

    /** What happened. */
    ChangeType type();

    /** The row before, as far as it was known, the key it was addressed by included; null for an insert. */
    @Nullable
    Object @Nullable [] before();

    /** The row after; null for a delete. */
    @Nullable
    Object @Nullable [] after();

    /** The fields that update statements set, in the table's order. */
    List<Field<?>> changedFields();

    /**
     * A change of its own for one hook call: rows made of it are nobody else's.
     *
     * @param attachment what records are attached to, asked for when one is made; null for none
     */
    default Change<?> toChange(@Nullable Supplier<Configuration> attachment) {
        return switch (type()) {
            case INSERT -> new Inserted<Record>(this, attachment);
            case UPDATE -> new Updated<Record>(this, attachment);
            case DELETE -> new Deleted<Record>(this, attachment);
        };
    }
}
