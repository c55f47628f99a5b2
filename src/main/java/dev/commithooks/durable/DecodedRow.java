package dev.commithooks.durable;

import dev.commithooks.change.Change;
import dev.commithooks.change.ChangeType;
import dev.commithooks.row.RowVersions;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.Field;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/** A row's versions as they come out of the store. */
record DecodedRow(
        Table<?> table,
        String tableName,
        ChangeType type,
        @Nullable Object @Nullable [] before,
        @Nullable Object @Nullable [] after,
        List<Field<?>> changedFields)
        implements RowVersions {

    /** A change of its own for one hook call, with records attached to the configuration. */
    Change<?> toChange(Configuration configuration) {
        return Change.of(type, this, () -> configuration);
    }
}
