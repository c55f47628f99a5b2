package dev.commithooks.engine.capture;

import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.registry.HookedTable;
import java.util.List;
import java.util.Objects;
import org.jooq.DSLContext;
import org.jooq.ExecuteContext;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * The row that a connection to SQLite has inserted last. jOOQ reads it by a second statement, to know its key. A statement in a
 * transaction of its own is committed by then: its before hooks have wanted to know the key, and may have inserted other rows.
 *
 * @param row the row's number
 */
record LastInsert(long row) {

    /** That of the connection of a statement that was executed just now; null on other databases. */
    static @Nullable LastInsert read(ExecuteContext ctx) {
        String lastInsert = Dialect.of(ctx).lastInsert();
        return lastInsert == null ? null : new LastInsert(last(dsl(ctx), lastInsert));
    }

    /** The key that the row was given, and nothing else of it; null where it was known before. */
    @Nullable
    Object @Nullable [] key(ExecuteContext ctx, Write insert) {
        return insert.lacksKey() ? key(dsl(ctx), insert.hookedTable()) : null;
    }

    private @Nullable Object @Nullable [] key(DSLContext dsl, HookedTable table) {
        int key = table.keyColumns()[0];
        Record found = dsl.select(table.fields()[key])
                .from(table.table())
                .where("_rowid_ = ?", row)
                .fetchOne();
        if (found == null) {
            return null;
        }
        @Nullable Object[] image = table.unknownRow();
        image[key] = found.get(0);
        return image;
    }

    /** Lets jOOQ find it, whatever was inserted since. */
    static void putBack(@Nullable LastInsert insert, ExecuteContext ctx) {
        if (insert == null) {
            return;
        }
        Dialect dialect = Dialect.of(ctx);
        DSLContext dsl = dsl(ctx);
        if (last(dsl, Objects.requireNonNull(dialect.lastInsert())) != insert.row) {
            List<String> statements = dialect.settingLastInsert();
            int last = statements.size() - 1;
            statements.subList(0, last).forEach(dsl::execute);
            dsl.execute(statements.get(last), insert.row);
        }
    }

    private static DSLContext dsl(ExecuteContext ctx) {
        return DSL.using(DatabaseRows.unheard(ctx.configuration()));
    }

    private static long last(DSLContext dsl, String lastInsert) {
        return dsl.fetchSingle(DSL.select(DSL.field(lastInsert, Long.class))).value1();
    }
}
