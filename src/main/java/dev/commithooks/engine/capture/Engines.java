package dev.commithooks.engine.capture;

import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.registry.HookedTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.ExecuteContext;
import org.jspecify.annotations.Nullable;

/** The storage engines of tables, where some have no transactions: the first write to a table of such a one is warned of. Thread-safe. */
final class Engines {

    private static final System.Logger LOG = System.getLogger("dev.commithooks");

    private record Asked(@Nullable String url, String table) {}

    private final Set<Asked> asked = ConcurrentHashMap.newKeySet();

    /** A row of the table is about to be written, in a database some of whose tables have no transactions. */
    void write(ExecuteContext ctx, HookedTable table, String name) {
        Dialect dialect = Dialect.of(ctx);
        try {
            Connection connection = JooqInternals.connectionBelow(ctx);
            if (!asked.add(new Asked(connection.getMetaData().getURL(), name))) {
                return;
            }
            DmlText named = TableNames.inSql(ctx, table);
            String engine = dialect.engineWithoutTransactions(connection, named.schema(), named.table());
            if (engine != null) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "The table " + name + " is stored by " + engine + ", which has no transactions: what is written"
                                + " to it stays when its transaction is rolled back, though hooks are told that it"
                                + " failed. Store it by InnoDB: alter table ... engine = InnoDB.");
            }
        } catch (SQLException e) {
            // if the connection is broken, the statement itself will say so
        }
    }
}
