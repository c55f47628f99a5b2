package dev.commithooks.engine.capture;

import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.engine.sql.SqlScanner;
import java.util.Objects;
import org.jooq.ExecuteContext;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** A table's name as one statement spells it. */
final class TableNames {

    private TableNames() {}

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
}
