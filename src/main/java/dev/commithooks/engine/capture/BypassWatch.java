package dev.commithooks.engine.capture;

import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.engine.registry.Registration;
import dev.commithooks.engine.registry.Registry;
import dev.commithooks.engine.scope.ScopeLocator;
import dev.commithooks.policy.Bypass;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.StatementRefusedException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jooq.ExecuteContext;
import org.jooq.Query;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.QOM;
import org.jspecify.annotations.Nullable;

/** Looks out for DML on tables with hooks that passes no record, for which no hook fires. Thread-safe. */
final class BypassWatch {

    private static final System.Logger LOG = System.getLogger("dev.commithooks");

    private static final Set<ChangeType> INSERT = EnumSet.of(ChangeType.INSERT);
    private static final Set<ChangeType> UPSERT = EnumSet.of(ChangeType.INSERT, ChangeType.UPDATE);
    private static final Set<ChangeType> UPDATE = EnumSet.of(ChangeType.UPDATE);
    private static final Set<ChangeType> DELETE = EnumSet.of(ChangeType.DELETE);

    private static final int WARNINGS_REMEMBERED = 500;

    private final Registry registry;
    private final ScopeLocator scopes;
    private final Bypass policy;
    private final HookObserver observer;
    private final Set<Warning> warnings = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Warning, Boolean> eldest) {
            return size() > WARNINGS_REMEMBERED;
        }
    });

    BypassWatch(Registry registry, ScopeLocator scopes, Bypass policy, HookObserver observer) {
        this.registry = registry;
        this.scopes = scopes;
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
            case INSERT -> {
                QOM.Insert<?> insert = (QOM.Insert<?>) query;
                check(ctx, insert.$into(), insert.$onDuplicateKeyUpdate() ? UPSERT : INSERT, sql);
            }
            case UPDATE -> check(ctx, ((QOM.Update<?>) query).$table(), UPDATE, sql);
            case DELETE -> check(ctx, ((QOM.Delete<?>) query).$from(), DELETE, sql);
            case TRUNCATE -> ((QOM.Truncate<?>) query).$table().forEach(table -> check(ctx, table, DELETE, sql));
            // Of plain SQL, and of jOOQ's own MERGE before 3.20, there is nothing but the text.
            case MERGE, PLAIN_QUERY, OTHER -> checkText(ctx, sql);
            case SELECT, OTHER_DML, DDL -> {}
        }
    }

    private void checkText(ExecuteContext ctx, @Nullable String sql) {
        if (sql != null && policy != Bypass.IGNORE) {
            for (DmlText written : DmlText.of(sql)) {
                check(ctx, find(written), written.types(), sql);
            }
        }
    }

    private void check(ExecuteContext ctx, Table<?> table, Set<ChangeType> types, @Nullable String sql) {
        HookedTable hooked = registry.find(table);
        if (hooked != null && isHooked(hooked, types)) {
            String name = TableNames.mapped(hooked, ctx.configuration());
            report(ctx, name, sql);
        }
    }

    /** A name without schema is taken for that of any table that is called so and has hooks of its own. */
    private @Nullable HookedTable find(DmlText written) {
        if (written.schema() != null) {
            return registry.find(DSL.table(DSL.name(written.schema(), written.table())));
        }
        for (Registration registration : registry.registrations()) {
            Table<?> table = registration.table();
            if (table != null && table.getName().equals(written.table())) {
                return registry.find(table);
            }
        }
        return registry.find(DSL.table(DSL.name(written.table())));
    }

    private void check(ExecuteContext ctx, @Nullable HookedTable hooked, Set<ChangeType> types, String sql) {
        if (hooked != null && isHooked(hooked, types)) {
            report(ctx, hooked.name(), sql);
        }
    }

    private void report(ExecuteContext ctx, String table, @Nullable String sql) {
        if (scopes.unrecorded(ctx, table)) {
            report(
                    table,
                    sql,
                    "passes no record, so no hook of that table fires for the rows that it writes",
                    "Write the rows with records, store() or batchStore() for instance");
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
                ctx.sql(),
                "is kept back by batched(...), which does not tell what becomes of it, so no hook of that table fires",
                "Use batchStore() and the like, or batched(...) inside dsl.transaction(...), where jOOQ keeps nothing back");
    }

    private static boolean isHooked(HookedTable table, Set<ChangeType> types) {
        for (ChangeType type : types) {
            if (table.hooked(type)) {
                return true;
            }
        }
        return false;
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
