package dev.commithooks.engine.capture;

import dev.commithooks.engine.registry.HookedTable;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.ExecuteContext;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;

/**
 * The tables of PostgreSQL that have system columns of their own: not views, foreign tables and partitioned ones. The
 * catalogue is asked once for each table. Thread-safe.
 */
final class OrdinaryTables {

    /** YugabyteDB, which calls itself PostgreSQL, has no such columns. Whoever reads one must be allowed to read the table. */
    private static final String QUERY = """
            select relkind = 'r' and has_table_privilege(oid, 'select')
                and version() like 'PostgreSQL %' and version() not like '%-YB-%'
            from pg_catalog.pg_class
            where oid = pg_catalog.to_regclass(?)""";

    private static final int FIRST_VERSION_WITH_MERGE_RETURNING = 17;

    private final Map<String, Boolean> known = new ConcurrentHashMap<>();

    boolean contains(ExecuteContext ctx, HookedTable table) {
        if (ctx.family() != SQLDialect.POSTGRES) {
            return false;
        }
        String name = TableNames.mapped(table, ctx.configuration());
        Boolean isOrdinary = known.get(name);
        if (isOrdinary == null) {
            isOrdinary = ask(ctx, table);
            if (isOrdinary
                    != null) { // a question that failed, on a connection that is broken, has no answer to remember
                known.put(name, isOrdinary);
            }
        }
        return Boolean.TRUE.equals(isOrdinary);
    }

    /** An upsert that cannot be asked what it did is no reason to fail it: if the connection is broken, it will show. */
    private static @Nullable Boolean ask(ExecuteContext ctx, HookedTable table) {
        try (PreparedStatement statement = JooqInternals.connectionBelow(ctx).prepareStatement(QUERY)) {
            statement.setString(1, ctx.dsl().render(table.table()));
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        } catch (SQLException e) {
            return null;
        }
    }

    /** Whether MERGE knows RETURNING. */
    boolean mergeReturns(ExecuteContext ctx) {
        try {
            return JooqInternals.connectionBelow(ctx).getMetaData().getDatabaseMajorVersion()
                    >= FIRST_VERSION_WITH_MERGE_RETURNING;
        } catch (SQLException e) {
            return false;
        }
    }
}
