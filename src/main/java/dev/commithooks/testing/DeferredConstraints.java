package dev.commithooks.testing;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The constraints that a commit checks, and how to check them at a virtual one.
 *
 * <p>The check is {@code SET CONSTRAINTS ALL IMMEDIATE}, which fires deferred triggers too. Releasing the savepoint keeps that
 * mode, so the initially deferred ones are deferred again by name; {@code ALL DEFERRED} would defer the others too.
 *
 * @param check the SQL of the check; empty where nothing is deferrable
 * @param shared names of constraints that cannot be told apart, and are not deferred alike
 */
record DeferredConstraints(String check, List<String> shared) {

    /** No deferrable constraint. */
    static final DeferredConstraints NONE = new DeferredConstraints("", List.of());

    /** SQL knows a constraint by schema and name, although the name is the table's only. Partitions' follow their parents'. */
    private static final String QUERY = """
            select case when n.oid = pg_my_temp_schema() then 'pg_temp' else quote_ident(n.nspname) end
                    || '.' || quote_ident(c.conname),
                bool_or(c.condeferred), bool_and(c.condeferred)
            from pg_constraint c
            join pg_namespace n on n.oid = c.connamespace
            where c.conparentid = 0 and not pg_is_other_temp_schema(n.oid)
            group by n.oid, n.nspname, c.conname
            having bool_or(c.condeferrable)
            order by 1
            """;

    /** Reads them from the catalogue, in one round trip. */
    static DeferredConstraints read(Connection connection) throws SQLException {
        List<String> deferred = new ArrayList<>();
        List<String> shared = new ArrayList<>();
        boolean any = false;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(QUERY)) {
            while (rows.next()) {
                any = true;
                if (rows.getBoolean(3)) {
                    deferred.add(rows.getString(1));
                } else if (rows.getBoolean(2)) {
                    shared.add(rows.getString(1));
                }
            }
        }
        return new DeferredConstraints(any ? check(deferred) : "", List.copyOf(shared));
    }

    private static String check(List<String> deferred) {
        return "set constraints all immediate; "
                + (deferred.isEmpty() ? "" : "set constraints " + String.join(", ", deferred) + " deferred; ");
    }
}
