package dev.commithooks.engine.capture;

import dev.commithooks.change.RowImage;
import dev.commithooks.engine.registry.HookedTable;
import org.jooq.Configuration;
import org.jooq.Table;

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
        if (configuration.settings().getRenderMapping() == null) {
            return table.name();
        }
        Table<?> mapped = configuration.schemaMapping().map(table.table());
        return mapped == null || mapped == table.table() ? table.name() : RowImage.nameOf(mapped);
    }
}
