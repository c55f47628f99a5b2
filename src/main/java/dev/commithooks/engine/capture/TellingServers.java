package dev.commithooks.engine.capture;

import dev.commithooks.engine.capture.Catalogue.Width;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.engine.registry.Registration;
import dev.commithooks.engine.registry.Registry;
import dev.commithooks.policy.OldRows;
import dev.commithooks.policy.Recording;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.Configuration;
import org.jooq.ExecuteContext;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.conf.Settings;
import org.jooq.conf.StatementType;
import org.jspecify.annotations.Nullable;

/**
 * The servers that tell the rows of every write to a table with hooks, whatever makes it, so that nobody has to listen to records
 * there; jOOQ charges about 300 bytes for each row that is read while somebody does. It takes a server that tells old rows, tables
 * that are known by name and of which every statement may return its rows, and columns that a batch can return.
 *
 * <p>A server is asked once, by the first query in a transaction. Of several servers only the first one is: to look for a new one
 * at each query would cost every query. Thread-safe.
 */
public final class TellingServers {

    private record Server(String url, @Nullable String user) {

        /** What a mock is connected to. */
        static final Server NONE = new Server("", null);
    }

    private final Catalogue catalogue;

    /** Empty where nothing is to be gained. */
    private final List<HookedTable> tables;

    private final Map<Server, Boolean> known = new ConcurrentHashMap<>();
    /** Whether any of those known does; if not, no transaction needs to ask whose it is. */
    private volatile boolean any;

    TellingServers(Registry registry, Catalogue catalogue) {
        this.catalogue = catalogue;
        this.tables = tables(registry);
    }

    private static List<HookedTable> tables(Registry registry) {
        List<HookedTable> tables = new ArrayList<>();
        for (Registration registration : registry.registrations()) {
            Table<?> table = registration.table();
            HookedTable hooked = table == null ? null : registry.find(table);
            if (hooked == null || hooked.recording() == Recording.RECORDS_ONLY || hooked.fields().length == 0) {
                return List.of();
            }
            if (!tables.contains(hooked)) {
                tables.add(hooked);
            }
        }
        return List.copyOf(tables);
    }

    /** Whether any is known; most databases are none. */
    public boolean areThere() {
        return any;
    }

    /** Whether the server of this connection is known to be one of them, as far as the configuration leaves tables their names. */
    public boolean contain(Configuration configuration, Connection connection) {
        if (!isPlain(configuration.settings(), configuration.family())) {
            return false;
        }
        try {
            return Boolean.TRUE.equals(known.get(server(connection)));
        } catch (SQLException | RuntimeException e) { // the query itself will say so; a mock has no server
            return false;
        }
    }

    /** A query is about to be executed in a transaction: asks its server, unless one is known. */
    void ask(ExecuteContext ctx) {
        if (tables.isEmpty() || !known.isEmpty() || !isPlain(ctx.settings(), ctx.family())) {
            return;
        }
        try {
            Connection connection = JooqInternals.connectionBelow(ctx);
            if (connection.getAutoCommit()) {
                return;
            }
            Server server = serverOrNone(connection);
            boolean tells = server != Server.NONE && tellsAll(ctx);
            known.put(server, tells);
            any |= tells;
        } catch (SQLException | RuntimeException e) {
            // if the connection is broken or the transaction aborted, the query itself will say so
        }
    }

    /** A driver that cannot even be asked is not asked by each query again. */
    private static Server serverOrNone(Connection connection) throws SQLException {
        try {
            return server(connection);
        } catch (RuntimeException e) {
            return Server.NONE;
        }
    }

    private boolean tellsAll(ExecuteContext ctx) {
        for (HookedTable table : tables) {
            Catalogue.Entry entry = catalogue.of(ctx, table);
            if (entry == null
                    || entry.version() < Catalogue.RETURNING_OLD
                    || entry.hasRowSecurity()
                    || entry.reason(table) != null
                    || !isReturnedByBatches(table, entry.widths(table))) {
                return false;
            }
        }
        return true;
    }

    /** Of the old rows that were asked for, none may be too long. */
    private static boolean isReturnedByBatches(HookedTable table, List<Width> widths) {
        for (int i = 0; i < widths.size(); i++) {
            if (table.holds(i)
                    && widths.get(i) != Width.BOUNDED
                    && (widths.get(i) == Width.UNBOUNDED || table.oldRows() == OldRows.FROM_DATABASE)) {
                return false;
            }
        }
        return true;
    }

    /** A statement failed for want of a column or a privilege: what is known may be so no more. */
    void forget() {
        known.clear();
        any = false;
    }

    private static Server server(Connection connection) throws SQLException {
        DatabaseMetaData database = connection.getMetaData();
        return new Server(Objects.requireNonNull(database.getURL()), database.getUserName());
    }

    private static boolean isPlain(Settings settings, SQLDialect family) {
        return family == SQLDialect.POSTGRES
                && settings.getStatementType() != StatementType.STATIC_STATEMENT
                && !Boolean.FALSE.equals(settings.isRenderSchema())
                && !HookedTable.mayBeMapped(settings);
    }
}
