package dev.commithooks.engine.capture;

import dev.commithooks.engine.dialect.Returning;
import dev.commithooks.engine.dialect.Returning.StoredTable;
import dev.commithooks.engine.dialect.Returning.Verb;
import dev.commithooks.engine.dialect.Returning.Writing;
import dev.commithooks.engine.registry.HookedTable;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteContext.BatchMode;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.impl.QOM;
import org.jspecify.annotations.Nullable;

/**
 * The databases that return one version of a row: which statements can be made to return theirs there. Tables are looked up once for
 * each database and user; only what was found is remembered. Thread-safe.
 */
final class LastVersions {

    private record Key(
            @Nullable String schema,
            String table,
            @Nullable String url,
            @Nullable String user,
            Returning returning) {}

    private final Map<Key, StoredTable> known = new ConcurrentHashMap<>();

    /** What a statement does to rows, as far as its text and its query tell. */
    static Writing writing(Query query, DmlShape shape) {
        Verb verb = Verb.valueOf(shape.verb().toUpperCase(Locale.ROOT));
        boolean insertsOnly = query instanceof QOM.Insert<?> insert
                && !insert.$onDuplicateKeyUpdate(); // H2's ON CONFLICT DO NOTHING is a MERGE to jOOQ
        return new Writing(
                insertsOnly ? Verb.INSERT : verb,
                shape.isUpsert(),
                shape.target().replaces(),
                shape.joins(),
                shape.returning() >= 0);
    }

    /** Why the rows of a statement cannot be had from the database; null if they can. */
    @Nullable
    String reason(ExecuteContext ctx, Query query, HookedTable table, Returning returning, @Nullable DmlShape shape) {
        if (table.fields().length == 0) {
            return "it is known by its name only, without the generated table's columns";
        }
        if (ctx.batchMode() != BatchMode.NONE) {
            return "of a batch JDBC tells counts only";
        }
        if (shape == null) {
            return "its text is not understood";
        }
        if (!shape.isSingle()) {
            return "several statements stand in one text";
        }
        if (StatementKind.of(query).isText() && shape.delta() && shape.returning() >= 0) {
            return "it stands inside another statement, in a common table expression for instance, to which its rows go";
        }
        String refusal = returning.refusal(writing(query, shape));
        return refusal != null ? refusal : reason(ctx, table, returning);
    }

    private @Nullable String reason(ExecuteContext ctx, HookedTable table, Returning returning) {
        StoredTable stored = find(ctx, table, returning);
        if (stored == null) {
            return "the database could not be asked about the table";
        }
        if (stored.obstacle() != null) {
            return stored.obstacle();
        }
        for (Field<?> field : table.fields()) {
            if (!stored.columns().contains(field.getName().toLowerCase(Locale.ROOT))) {
                return "the table has no column " + field.getName() + ", unlike its generated class";
            }
        }
        return null;
    }

    private @Nullable StoredTable find(ExecuteContext ctx, HookedTable table, Returning returning) {
        try {
            Connection connection = JooqInternals.connectionBelow(ctx);
            DatabaseMetaData database = connection.getMetaData();
            DmlText named = TableNames.inSql(ctx, table);
            Key key = new Key(named.schema(), named.table(), database.getURL(), database.getUserName(), returning);
            StoredTable stored = known.get(key);
            if (stored == null) {
                stored = returning.find(connection, key.schema, key.table);
                if (stored != null) {
                    known.put(key, stored);
                }
            }
            return stored;
        } catch (SQLException e) {
            return null; // if the connection is broken, the statement itself will say so
        }
    }

    /** A statement failed. If that was for want of a name or a privilege, what is known of tables may be so no more. */
    void statementFailed(@Nullable SQLException failure) {
        if (failure != null && String.valueOf(failure.getSQLState()).startsWith("42")) {
            known.clear();
        }
    }
}
