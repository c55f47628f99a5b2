package dev.commithooks.engine.capture;

import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.row.TableName;
import org.jooq.Configuration;
import org.jooq.Table;
import org.jooq.conf.RenderMapping;
import org.jspecify.annotations.Nullable;

/** A table's name in SQL, which tells tenants apart. */
final class TableNames {

    private TableNames() {}

    /**
     * The table's name with its schema, after run-time schema mapping.
     *
     * <p>Where {@code renderSchema} is off and nothing is mapped, the name has the generated schema all the same: which one
     * the search path picks, nobody here knows.
     */
    @SuppressWarnings("removal") // there is no other way to ask for the mapped table without rendering it
    static String mapped(HookedTable table, Configuration configuration) {
        if (isEmpty(configuration.settings().getRenderMapping())) {
            return table.name();
        }
        Table<?> mapped = configuration.schemaMapping().map(table.table());
        return mapped == null || mapped == table.table() ? table.name() : TableName.of(mapped);
    }

    /** The table itself after run-time schema mapping. */
    @SuppressWarnings("removal") // as above
    static Table<?> mappedTable(HookedTable table, Configuration configuration) {
        Table<?> mapped = configuration.schemaMapping().map(table.table());
        return mapped == null ? table.table() : mapped;
    }

    /** jOOQ puts an empty mapping into the settings when it renders for the first time. */
    static boolean isEmpty(@Nullable RenderMapping mapping) {
        return mapping == null
                || mapping.getDefaultCatalog() == null
                        && mapping.getDefaultSchema() == null
                        && mapping.getCatalogs().isEmpty()
                        && mapping.getSchemata().isEmpty();
    }
}
