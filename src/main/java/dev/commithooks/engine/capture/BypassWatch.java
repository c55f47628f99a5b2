package dev.commithooks.engine.capture;

import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.policy.Bypass;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.StatementRefusedException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jooq.ExecuteContext;
import org.jooq.Query;
import org.jooq.Table;
import org.jooq.impl.QOM;
import org.jspecify.annotations.Nullable;

/** Looks out for DML on tables with hooks that passes no record, for which no hook fires. Thread-safe. */
final class BypassWatch {

    private static final System.Logger LOG = System.getLogger("dev.commithooks");

    private static final int WARNINGS_REMEMBERED = 500;

    private final Capture capture;
    private final Bypass policy;
    private final HookObserver observer;
    private final Set<Warning> warnings = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Warning, Boolean> eldest) {
            return size() > WARNINGS_REMEMBERED;
        }
    });

    BypassWatch(Capture capture, Bypass policy, HookObserver observer) {
        this.capture = capture;
        this.policy = policy;
        this.observer = observer;
    }

    private record Warning(String table, String sql) {}

    /**
     * A statement that is no record's, and whose rows cannot be captured, is about to be sent.
     *
     * @param reason why they cannot
     * @throws StatementRefusedException if it bypasses hooks and that is not allowed
     */
    void check(ExecuteContext ctx, Query query, @Nullable String sql, String reason) {
        StatementKind kind = StatementKind.of(query);
        Table<?> written = kind.target(query);
        if (written != null) {
            check(ctx, query, written, sql, reason);
        } else if (query instanceof QOM.Truncate<?> truncate) {
            checkTruncated(ctx, query, truncate.$table(), sql);
        } else if (kind.isToldByText() && sql != null && policy != Bypass.IGNORE) {
            checkAll(ctx, query, DmlText.of(sql, Dialect.of(ctx)), sql, reason);
        }
        checkInside(ctx, query, sql);
    }

    private void checkTruncated(
            ExecuteContext ctx, Query query, List<? extends Table<?>> tables, @Nullable String sql) {
        String reason = "TRUNCATE returns no rows";
        if (sql != null && tables.stream().anyMatch(StatementKind::isKnownByNameOnly)) {
            checkAll(ctx, query, DmlText.of(sql, Dialect.of(ctx)), sql, reason);
        } else {
            tables.forEach(table -> check(ctx, query, table, sql, reason));
        }
    }

    /** Looks for DML in a statement's common table expressions, whose rows are the statement's own business. */
    void checkInside(ExecuteContext ctx, Query query, @Nullable String sql) {
        if (sql != null && policy != Bypass.IGNORE && StatementKind.of(query).mayWriteInside(query)) {
            checkAll(
                    ctx,
                    query,
                    DmlShape.inside(sql, Dialect.of(ctx)),
                    sql,
                    "it stands inside another statement, in a common table expression for instance, to which its rows go");
        }
    }

    private void checkAll(ExecuteContext ctx, Query query, List<DmlText> tables, String sql, String reason) {
        for (DmlText written : tables) {
            HookedTable hooked = capture.find(written);
            if (hooked != null) {
                report(ctx, query, hooked.name(), sql, reason, written.truncates());
            }
        }
    }

    private void check(ExecuteContext ctx, Query query, Table<?> table, @Nullable String sql, String reason) {
        HookedTable hooked = capture.find(table);
        if (hooked != null) {
            report(ctx, query, hooked.nameIn(ctx.configuration()), sql, reason, query instanceof QOM.Truncate);
        }
    }

    /** What to do instead: a table that is to be emptied has no rows to be written with records. */
    private static String advice(boolean truncates) {
        return truncates
                ? "Delete the rows, with batchDelete() or with a DELETE that can be recorded"
                : "Write the rows with records, store() or batchStore() for instance";
    }

    private void report(
            ExecuteContext ctx, Query query, String table, @Nullable String sql, String reason, boolean truncates) {
        if (capture.scopes().unrecorded(ctx, table)) {
            capture.refuseUnheardRecords(ctx.configuration(), table);
            if (policy != Bypass.IGNORE) {
                report(
                        table,
                        StatementKind.shape(ctx, query, sql),
                        "passes no record, and " + reason
                                + ", so no hook of that table fires for the rows that it writes",
                        advice(truncates));
            }
        }
    }

    /**
     * A record's statement is about to be kept back by {@code dsl.batched(...)}, and nobody will hear what becomes of it.
     *
     * @throws StatementRefusedException if that is not allowed
     */
    void deferred(ExecuteContext ctx, String table) {
        report(
                table,
                shape(ctx),
                "is kept back by batched(...), which does not tell what becomes of it, so no hook of that table fires",
                "Use batchStore() and the like, or batched(...) inside dsl.transaction(...), where jOOQ keeps nothing back");
    }

    /**
     * A record's upsert is about to be sent, and nobody will tell what it did.
     *
     * @throws StatementRefusedException if that is not allowed
     */
    void upsert(ExecuteContext ctx, String table, String reason) {
        if (capture.scopes().unrecorded(ctx, table)) {
            report(
                    table,
                    shape(ctx),
                    "is an upsert, and " + reason + ", so no hook of that table fires",
                    "Look for the row, and insert it or update it");
        }
    }

    /**
     * A record's statement has written several rows, of which hooks are told one. Where that is not allowed, its transaction is made to
     * roll back; without one, all that is left is to say so.
     */
    void severalRows(ExecuteContext ctx, CapturedStatement statement, String table, long rows) {
        if (policy == Bypass.IGNORE) {
            return;
        }
        String known = shape(ctx);
        String shape = known == null ? "" : known;
        String fact = "The statement of one record on " + table + " wrote " + rows
                + " rows, of which hooks are told one: the" + " record's key is NULL, or not unique in the table. ";
        boolean isRefused = policy == Bypass.REJECT && statement.isInTransaction();
        observer.bypass(table, shape, isRefused);
        if (isRefused) {
            statement.setRollbackOnly(
                    new StatementRefusedException(fact + "The transaction is rollback-only: nothing of it will be"
                            + " committed. Make the key unique and NOT NULL, or allow it with bypass(WARN) or bypass(IGNORE). The statement: "
                            + shape));
        } else if (isNew(new Warning(table, shape))) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    fact + (statement.isInTransaction() ? "" : "They ARE committed. ")
                            + "Make the key unique and NOT NULL, or say bypass(IGNORE) if that is meant. The statement: "
                            + shape);
        }
    }

    /** A record's statement without its values; null of a batch of several. */
    private static @Nullable String shape(ExecuteContext ctx) {
        Query query = ctx.query();
        return query == null ? ctx.sql() : StatementKind.shape(ctx, query, ctx.sql());
    }

    private void report(String table, @Nullable String statement, String fact, String advice) {
        if (policy == Bypass.IGNORE) {
            return;
        }
        String sql = statement == null ? "" : statement;
        boolean isRefused = policy == Bypass.REJECT;
        observer.bypass(table, sql, isRefused);
        if (isRefused) {
            throw new StatementRefusedException(
                    "A statement on " + table + " " + fact + "; it was refused and nothing was" + " sent. " + advice
                            + ", or allow it with bypass(WARN) or bypass(IGNORE). The statement: " + sql);
        }
        if (isNew(new Warning(table, sql))) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "A statement on " + table + " " + fact + ". " + advice
                            + ", or say bypass(IGNORE) if that is meant. The statement: " + sql);
        }
    }

    private boolean isNew(Warning warning) {
        synchronized (warnings) {
            return warnings.add(warning);
        }
    }
}
