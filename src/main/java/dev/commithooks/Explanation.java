package dev.commithooks;

import dev.commithooks.engine.boundary.Level;
import dev.commithooks.engine.connection.TrackedConnection;
import dev.commithooks.engine.dialect.TransactionStatus;
import dev.commithooks.engine.jooq.Engine;
import dev.commithooks.engine.registry.BoundHook;
import dev.commithooks.engine.registry.HookMethod;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.engine.registry.Registration;
import dev.commithooks.engine.telling.Policies;
import dev.commithooks.policy.AfterCommitErrors;
import dev.commithooks.policy.OldRows;
import dev.commithooks.policy.Recording;
import dev.commithooks.policy.UnprovenDatabase;
import dev.commithooks.row.TableName;
import dev.commithooks.spi.CommitParticipant;
import dev.commithooks.spi.DurableDelivery;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/** The words for what a set of hooks does. */
final class Explanation {

    private final Engine engine;
    private final StringBuilder out = new StringBuilder();

    Explanation(Engine engine) {
        this.engine = engine;
    }

    HookOverview overview() {
        List<Registration> all = engine.registry().registrations();
        Set<Table<?>> named = new LinkedHashSet<>();
        for (Registration registration : all) {
            if (registration.table() != null) {
                named.add(registration.table());
            }
            named.addAll(registration.except());
        }
        List<HookOverview.OnTable> tables = new ArrayList<>();
        named.forEach(table -> tables.add(table(table)));
        everyOtherTable(all, named, tables);
        return new HookOverview(tables, policies(engine.policies()));
    }

    private HookOverview.OnTable table(Table<?> table) {
        HookedTable hooked = engine.registry().find(table);
        if (hooked == null) {
            return new HookOverview.OnTable(TableName.of(table), List.of(), Map.of());
        }
        List<String> notes = new ArrayList<>(0);
        if (hooked.keyColumns().length == 0) {
            notes.add("no primary key: inserts only");
        }
        if (hooked.oldRows() == OldRows.FROM_DATABASE) {
            notes.add("old rows from the database");
        }
        if (hooked.recording() != Recording.STATEMENTS) {
            notes.add("recording " + hooked.recording());
        }
        if (hooked.isSummarized()) {
            notes.add("statements of more than " + hooked.statementLimit() + " rows summarized");
        }
        if (hooked.leftOut().length > 0) {
            notes.add(IntStream.of(hooked.leftOut())
                    .mapToObj(column -> hooked.fields()[column].getName())
                    .collect(Collectors.joining(", ", "without ", "")));
        }
        return new HookOverview.OnTable(TableName.of(table), notes, slots(hooked.all()));
    }

    private static void everyOtherTable(
            List<Registration> all, Collection<Table<?>> named, List<HookOverview.OnTable> tables) {
        List<BoundHook> hooks = all.stream()
                .filter(registration -> registration.table() == null)
                .sorted(Comparator.comparingInt(Registration::order))
                .flatMap(registration -> registration.hooks().stream())
                .toList();
        if (!hooks.isEmpty()) {
            String name = named.isEmpty() ? "every table" : "every other table";
            tables.add(new HookOverview.OnTable(name, List.of(), slots(hooks)));
        }
    }

    /** The hooks of each slot, in the order in which they are called. */
    private static Map<String, List<HookOverview.Hook>> slots(List<BoundHook> hooks) {
        Map<String, List<HookOverview.Hook>> slots = new LinkedHashMap<>();
        for (HookMethod method : HookMethod.values()) {
            List<HookOverview.Hook> called = hooks.stream()
                    .filter(hook -> hook.method() == method)
                    .map(hook -> new HookOverview.Hook(hook.name(), hook.order(), hook.level()))
                    .toList();
            if (!called.isEmpty()) {
                slots.put(method.methodName(), called);
            }
        }
        return slots;
    }

    private static Map<String, String> policies(Policies policies) {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("buckets", policies.buckets().toString());
        words.put("cascade", policies.cascade().toString());
        words.put("failedHooks", policies.failedHooks().toString());
        words.put("afterCommitErrors", nameOf(policies.afterCommitErrors()));
        words.put("outsideTransaction", policies.outsideTransaction().toString());
        words.put("bypass", policies.bypass().toString());
        words.put("transactionDefaults", policies.transactionDefaults().toString());
        words.put("rolledBackRecords", policies.rolledBackRecords().toString());
        if (policies.unprovenDatabase() == UnprovenDatabase.ACCEPT) {
            words.put("unprovenDatabase", policies.unprovenDatabase().toString());
        }
        words.put(
                "outcomeResolver",
                policies.resolver() == null
                        ? "none: a COMMIT without answer stays in doubt"
                        : policies.resolver().toString());
        words.put("observer", policies.observer().toString());
        if (policies.interceptor() != null) {
            words.put("interceptor", policies.interceptor().toString());
        }
        for (CommitParticipant participant : policies.participants()) {
            words.merge(
                    participant instanceof DurableHandOver ? "delivery" : "participant",
                    participant.toString(),
                    (one, another) -> one + ", " + another);
        }
        return words;
    }

    private static String described(DurableDelivery delivery) {
        try {
            return delivery.describe();
        } catch (RuntimeException e) {
            return delivery + ": unknown, " + e.getMessage();
        }
    }

    private static String nameOf(AfterCommitErrors policy) {
        return policy == AfterCommitErrors.THROW
                ? "THROW"
                : policy == AfterCommitErrors.LOG ? "LOG" : policy.toString();
    }

    private void line(String name, Object value) {
        HookOverview.line(out, name, value);
    }

    String ofHooksOn(Configuration configuration) {
        out.append(overview()).append("connection\n");
        line("transactions", configuration.transactionProvider());
        for (CommitParticipant participant : engine.policies().participants()) {
            if (participant instanceof DurableHandOver handOver) {
                line("delivery", described(handOver.delivery()));
            }
        }
        ConnectionProvider provider = configuration.connectionProvider();
        Connection connection = provider.acquire();
        if (connection == null) {
            line("driver", "unknown: there is no connection");
            return out.toString();
        }
        try {
            connection(connection, engine.lookup().current(configuration));
        } catch (SQLException e) {
            line("driver", "unknown: " + e.getMessage());
        } finally {
            provider.release(connection);
        }
        return out.toString();
    }

    private void connection(Connection connection, @Nullable Level open) throws SQLException {
        DatabaseMetaData driver = connection.getMetaData();
        line("driver", driver.getDriverName() + " " + driver.getDriverVersion());
        line(
                "transaction state",
                TrackedConnection.status(connection) == TransactionStatus.UNKNOWN
                        ? "not told by the driver: asked for by a statement, once one has failed"
                        : "told by the driver, without a round trip");
        if (open != null) {
            line("open now", open);
        } else {
            line(
                    "autocommit",
                    connection.getAutoCommit()
                            ? "on: outside transactions each statement commits by itself"
                            : "off: outside transactions writes to tables with hooks are refused");
        }
    }
}
