package dev.commithooks.engine.capture;

import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.engine.sql.SqlScanner;
import dev.commithooks.row.TableName;
import java.util.Objects;
import org.jooq.Configuration;
import org.jooq.ExecuteContext;
import org.jooq.Table;
import org.jooq.conf.RenderMapping;
import org.jooq.impl.DSL;
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

    /** The table as SQL names it, after run-time schema mapping. */
    static DmlText inSql(ExecuteContext ctx, HookedTable table) {
        Dialect dialect = Dialect.of(ctx);
        String name = ctx.dsl().render(table.table());
        return Objects.requireNonNull(DmlText.target(new SqlScanner(name, dialect.lexis()), dialect));
    }

    /** The name by which a statement's clauses call its table. */
    static String inClauses(ExecuteContext ctx, @Nullable Table<?> written, DmlShape shape) {
        if (written != null) {
            return ctx.dsl().render(written);
        }
        DmlText named = shape.target();
        return ctx.dsl()
                .render(
                        shape.alias() != null
                                ? DSL.quotedName(shape.alias())
                                : named.schema() != null
                                        ? DSL.quotedName(named.schema(), named.table())
                                        : DSL.quotedName(named.table()));
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
