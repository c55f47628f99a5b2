package dev.commithooks.engine.capture;

import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.policy.Recording;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.ExecuteContext;
import org.jooq.Field;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL's catalogue says of tables, asked once for each table, database and user. Only answers are remembered.
 * Thread-safe.
 */
final class Catalogue {

    /** The first version whose MERGE has a RETURNING clause. */
    static final int MERGE_RETURNING = 17;

    /** The first version whose RETURNING tells old rows. */
    static final int RETURNING_OLD = 18;

    /** So many columns PostgreSQL returns at most. */
    private static final int MOST_RETURNED = 1_664;

    /** YugabyteDB calls itself PostgreSQL, but has no system columns. */
    private static final String QUERY = """
            select c.relkind,
                exists (select from pg_catalog.pg_rewrite r where r.ev_class = c.oid and r.ev_type <> '1'),
                c.relrowsecurity,
                pg_catalog.has_table_privilege(c.oid, 'select'),
                pg_catalog.version() like 'PostgreSQL %' and pg_catalog.version() not like '%-YB-%',
                array(select lower(a.attname::text) from pg_catalog.pg_attribute a
                    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum),
                array(select case
                        when b.typlen > 0 then 'BOUNDED'
                        when b.typname in ('varchar', 'bpchar') and m.modifier between 4 and 1000 then 'BOUNDED'
                        when b.typname = 'numeric' and m.modifier > 0 then 'BOUNDED'
                        when b.typname = 'bpchar' then 'UNBOUNDED'
                        when b.typcategory = 'S' or b.typname in ('json', 'jsonb', 'numeric') then 'TEXT'
                        else 'UNBOUNDED' end
                    from pg_catalog.pg_attribute a
                        join pg_catalog.pg_type t on t.oid = a.atttypid
                        join pg_catalog.pg_type b on b.oid = case t.typtype when 'd' then t.typbasetype else t.oid end
                        cross join lateral (
                            select case t.typtype when 'd' then t.typtypmod else a.atttypmod end as modifier) m
                    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum)
            from pg_catalog.pg_class c
            where c.oid = pg_catalog.to_regclass(?)""";

    /** Undefined column, insufficient privilege. */
    private static final Set<String> OUTDATED = Set.of("42703", "42501");

    private record Key(
            String table, @Nullable String url, @Nullable String user, int version) {}

    /**
     * A table, as it stands in the catalogue.
     *
     * @param kind {@code r} for an ordinary one, {@code p} for a partitioned one
     * @param hasRules whether statements are rewritten by rules
     * @param hasRowSecurity whether roles may see some of its rows only
     * @param isReadable whether the user may read all of its columns
     * @param isPostgres whether the server is PostgreSQL and nothing that calls itself so
     * @param version the server's major version
     * @param columns its columns by their names, in lower case
     */
    record Entry(
            char kind,
            boolean hasRules,
            boolean hasRowSecurity,
            boolean isReadable,
            boolean isPostgres,
            int version,
            Map<String, Width> columns) {

        /** Whether each row has the system columns of a row of this very table. */
        boolean hasSystemColumns() {
            return kind == 'r' && isPostgres && isReadable;
        }

        /** Whether RETURNING tells the row as it was, which an inserted one was not: of a partitioned table, too. */
        boolean tellsOldRow() {
            return (kind == 'r' || kind == 'p') && isPostgres && isReadable && version >= RETURNING_OLD;
        }

        /** Why the rows that a statement writes cannot be had from its RETURNING; null if they can. */
        @Nullable
        String reason(HookedTable table) {
            if (!isPostgres) {
                return "the server is not PostgreSQL";
            }
            if (kind != 'r' && kind != 'p') {
                return "it is no table of the server's own but a " + (kind == 'v' ? "view" : "foreign table");
            }
            if (hasRules) {
                return "rules rewrite the statements on it, which RETURNING cannot follow";
            }
            if (hasRowSecurity && table.recording() != Recording.ROW_SECURITY_TOO) {
                return "it has row-level security, under which RETURNING would change which rows are written unless"
                        + " recording(ROW_SECURITY_TOO) accepts that";
            }
            if (!isReadable) {
                return "the user may not read all of its columns, as RETURNING has to";
            }
            int known = table.fields().length - table.leftOut().length;
            if (1 + 2 * known + table.fields().length > MOST_RETURNED) { // both versions, and what the caller asks for
                return "it has more columns than RETURNING can tell of, unless leaveOut(...) names some of them";
            }
            for (Field<?> field : table.fields()) {
                if (width(field) == null) {
                    return "it has no column " + field.getName() + ", unlike its generated class";
                }
            }
            return null;
        }

        private @Nullable Width width(Field<?> field) {
            return columns.get(field.getName().toLowerCase(Locale.ROOT));
        }

        /** How much room the values of the table's fields take; to be asked only if there is no {@link #reason}. */
        List<Width> widths(HookedTable table) {
            List<Width> widths = new ArrayList<>(table.fields().length);
            for (Field<?> field : table.fields()) {
                widths.add(Objects.requireNonNull(width(field)));
            }
            return widths;
        }
    }

    /** How much room a column's values may take. */
    enum Width {
        /** So much that the driver knows it, and not too much. */
        BOUNDED,
        /** Any, but what is read of them can be read of their text as well. */
        TEXT,
        /** Any. */
        UNBOUNDED
    }

    private final Map<Key, Entry> known = new ConcurrentHashMap<>();

    /** What is known of the table; null where the statement is none of PostgreSQL's, or the question failed. */
    @Nullable
    Entry of(ExecuteContext ctx, HookedTable table) {
        if (ctx.family() != SQLDialect.POSTGRES) {
            return null;
        }
        try {
            Connection connection = JooqInternals.connectionBelow(ctx);
            DatabaseMetaData database = connection.getMetaData();
            Key key = new Key(
                    table.nameIn(ctx.configuration()),
                    database.getURL(),
                    database.getUserName(),
                    database.getDatabaseMajorVersion());
            Entry entry = known.get(key);
            if (entry == null) {
                entry = ask(connection, key.version, ctx.dsl().render(table.table()));
                // Under row-level security SET ROLE may change it.
                if (!entry.hasRowSecurity || table.recording() != Recording.ROW_SECURITY_TOO) {
                    known.put(key, entry);
                }
            }
            return entry;
        } catch (SQLException e) {
            return null; // if the connection is broken or the transaction aborted, the statement itself will say so
        }
    }

    /** A statement failed. If that was for want of a column or a privilege, what is known may be so no more. */
    boolean statementFailed(@Nullable SQLException failure) {
        boolean isOutdated = failure != null && OUTDATED.contains(String.valueOf(failure.getSQLState()));
        if (isOutdated) {
            known.clear();
        }
        return isOutdated;
    }

    private static Entry ask(Connection connection, int version, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(QUERY)) {
            statement.setString(1, table);
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    throw new SQLException("There is no table " + table);
                }
                return new Entry(
                        rows.getString(1).charAt(0),
                        rows.getBoolean(2),
                        rows.getBoolean(3),
                        rows.getBoolean(4),
                        rows.getBoolean(5),
                        version,
                        columns((String[]) rows.getArray(6).getArray(), (String[])
                                rows.getArray(7).getArray()));
            }
        }
    }

    private static Map<String, Width> columns(String[] names, String[] widths) {
        Map<String, Width> columns = new HashMap<>();
        for (int i = 0; i < names.length; i++) {
            columns.put(names[i], Width.valueOf(widths[i]));
        }
        return columns;
    }
}
