package dev.commithooks.engine.capture;

import dev.commithooks.engine.registry.HookedTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.ExecuteContext;
import org.jooq.SQLDialect;
import org.jooq.tools.jdbc.DefaultConnection;

/**
 * The tables of PostgreSQL that have system columns of their own: not views, foreign tables and partitioned ones. The
 * catalogue is asked once for each table. Thread-safe.
 */
final class OrdinaryTables {

    /** YugabyteDB, which calls itself PostgreSQL, has no such columns. */
    private static final String QUERY = """
            select relkind = 'r' and version() like 'PostgreSQL %' and version() not like '%-YB-%'
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
            known.put(name, isOrdinary);
        }
        return isOrdinary;
    }

    /** An upsert that cannot be asked what it did is no reason to fail it: if the connection is broken, it will show. */
    private static boolean ask(ExecuteContext ctx, HookedTable table) {
        try (PreparedStatement statement = connection(ctx).prepareStatement(QUERY)) {
            statement.setString(1, ctx.dsl().render(table.table()));
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        } catch (SQLException e) {
            return false;
        }
    }

    /** Whether MERGE knows RETURNING. */
    boolean mergeReturns(ExecuteContext ctx) {
        try {
            return connection(ctx).getMetaData().getDatabaseMajorVersion() >= FIRST_VERSION_WITH_MERGE_RETURNING;
        } catch (SQLException e) {
            return false;
        }
    }

    /** Below jOOQ's own wrappers: on 3.20 closing any statement of theirs gives the connection back. */
    private static Connection connection(ExecuteContext ctx) throws SQLException {
        Connection connection = ctx.connection();
        while (connection instanceof DefaultConnection wrapper
                && wrapper.getClass().getName().startsWith("org.jooq.impl.")) {
            connection = wrapper.getDelegate();
        }
        if (connection == null) {
            throw new SQLException("The statement has no connection");
        }
        return connection;
    }
}
