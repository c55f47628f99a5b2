package dev.commithooks.engine.capture;

import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.policy.Bypass;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.StatementRefusedException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jooq.ExecuteContext;
import org.jooq.Query;
import org.jooq.Table;
import org.jooq.conf.ParamType;
import org.jooq.conf.StatementType;
import org.jooq.impl.DSL;
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
     * A statement that is no record's is about to be sent.
     *
     * @throws StatementRefusedException if it bypasses hooks and that is not allowed
     */
    void check(ExecuteContext ctx, Query query, @Nullable String sql) {
        switch (StatementKind.of(query)) {
            case INSERT -> check(ctx, query, ((QOM.Insert<?>) query).$into(), sql);
            case UPDATE -> check(ctx, query, ((QOM.Update<?>) query).$table(), sql);
            case DELETE -> check(ctx, query, ((QOM.Delete<?>) query).$from(), sql);
            case TRUNCATE -> ((QOM.Truncate<?>) query).$table().forEach(table -> check(ctx, query, table, sql));
            // Of plain SQL, and of jOOQ's own MERGE before 3.20, there is nothing but the text.
            case MERGE, PLAIN_QUERY, OTHER -> checkText(ctx, query, sql);
            case SELECT, OTHER_DML, DDL -> {}
        }
    }

    private void check(ExecuteContext ctx, Query query, Table<?> table, @Nullable String sql) {
        HookedTable hooked = capture.registry().find(table);
        if (hooked != null) {
            report(ctx, query, TableNames.mapped(hooked, ctx.configuration()), sql);
        }
    }

    private void checkText(ExecuteContext ctx, Query query, @Nullable String sql) {
        if (sql != null && policy != Bypass.IGNORE) {
            for (DmlText written : DmlText.of(sql)) {
                HookedTable hooked = find(written);
                if (hooked != null) {
                    report(ctx, query, hooked.name(), sql);
                }
            }
        }
    }

    /** A table that is called so: one that has hooks of its own, or any where there are hooks for all. */
    private @Nullable HookedTable find(DmlText written) {
        HookedTable named = capture.registry().find(written.schema(), written.table());
        if (named != null) {
            return named;
        }
        return capture.registry()
                .find(DSL.table(
                        written.schema() == null
                                ? DSL.name(written.table())
                                : DSL.name(written.schema(), written.table())));
    }

    private void report(ExecuteContext ctx, Query query, String table, @Nullable String sql) {
        if (capture.scopes().unrecorded(ctx, table)) {
            capture.refuseUnheardRecords(ctx.configuration(), table);
            if (policy != Bypass.IGNORE) {
                report(
                        table,
                        shape(ctx, query, sql),
                        "passes no record, so no hook of that table fires for the rows that it writes",
                        "Write the rows with records, store() or batchStore() for instance");
            }
        }
    }

    /** The statement's text without the values that jOOQ may have put into it, which are nobody's business in a log. */
    private static @Nullable String shape(ExecuteContext ctx, Query query, @Nullable String sql) {
        boolean hasValues = ctx.batchMode() == ExecuteContext.BatchMode.MULTIPLE
                || ctx.settings().getStatementType() == StatementType.STATIC_STATEMENT;
        return hasValues ? query.getSQL(ParamType.INDEXED) : sql;
    }

    /**
     * A record's statement is about to be kept back by {@code dsl.batched(...)}, and nobody will hear what becomes of it.
     *
     * @throws StatementRefusedException if that is not allowed
     */
    void deferred(ExecuteContext ctx, String table) {
        report(
                table,
                ctx.sql(),
                "is kept back by batched(...), which does not tell what becomes of it, so no hook of that table fires",
                "Use batchStore() and the like, or batched(...) inside dsl.transaction(...), where jOOQ keeps nothing back");
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
