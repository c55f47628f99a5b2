package dev.commithooks.durable;

import dev.commithooks.change.ChangeType;
import dev.commithooks.change.RowVersions;
import java.util.List;
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
        implements RowVersions {}
