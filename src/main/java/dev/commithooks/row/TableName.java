package dev.commithooks.row;

import org.jooq.Table;

/** A table's name in SQL with its schema, if it has one, before any schema mapping. */
public final class TableName {

    private TableName() {}

    /** The table's name. */
    public static String of(Table<?> table) {
        String schema = table.getSchema() == null ? "" : table.getSchema().getName();
        return schema.isEmpty() ? table.getName() : schema + "." + table.getName();
    }
}
