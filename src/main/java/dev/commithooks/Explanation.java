package dev.commithooks;

import dev.commithooks.engine.boundary.Level;
import dev.commithooks.engine.connection.TransactionStatus;
import dev.commithooks.engine.jooq.Engine;
import dev.commithooks.engine.registry.BoundHook;
import dev.commithooks.engine.registry.HookMethod;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.engine.registry.Registration;
import dev.commithooks.engine.telling.Policies;
import dev.commithooks.policy.AfterCommitErrors;
import dev.commithooks.policy.OldRows;
import dev.commithooks.row.TableName;
import dev.commithooks.spi.CommitParticipant;
import dev.commithooks.spi.DurableDelivery;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/** Says in words what a set of hooks does. */
final class Explanation {

    private final Engine engine;
    private final StringBuilder out = new StringBuilder();

    Explanation(Engine engine) {
        this.engine = engine;
    }

    String ofHooks() {
        List<Registration> all = engine.registry().registrations();
        if (all.isEmpty()) {
            out.append("no hooks: only callbacks run\n");
        }
        Set<Table<?>> tables = new LinkedHashSet<>();
        for (Registration registration : all) {
            if (registration.table() != null) {
                tables.add(registration.table());
            }
            tables.addAll(registration.except());
        }
        tables.forEach(this::table);
        everyOtherTable(all, tables);
        policies(engine.policies());
        return out.toString();
    }

    private void table(Table<?> table) {
        HookedTable hooked = engine.registry().find(table);
        out.append(TableName.of(table));
        if (hooked == null) {
            out.append(": no hooks\n");
            return;
        }
        if (hooked.keyColumns().length == 0) {
            out.append(" (no primary key: inserts only)");
        }
        if (hooked.oldRows() == OldRows.FROM_DATABASE) {
            out.append(" (old rows from the database)");
        }
        out.append('\n');
        slots(hooked.all());
    }

    private void everyOtherTable(List<Registration> all, Collection<Table<?>> named) {
        List<BoundHook> hooks = all.stream()
                .filter(registration -> registration.table() == null)
                .sorted(Comparator.comparingInt(Registration::order))
                .flatMap(registration -> registration.hooks().stream())
                .toList();
        if (!hooks.isEmpty()) {
            out.append(named.isEmpty() ? "every table\n" : "every other table\n");
            slots(hooks);
        }
    }

    /** The hooks of each slot, in the order in which they are called. */
    private void slots(List<BoundHook> hooks) {
        Map<HookMethod, String> slots = new LinkedHashMap<>();
        for (HookMethod method : HookMethod.values()) {
            String names = hooks.stream()
                    .filter(hook -> hook.method() == method)
                    .map(hook -> hook.name()
                            + (hook.order() == 0 ? "" : " (order " + hook.order() + ")")
                            + (hook.durable() ? " (durable)" : ""))
                    .collect(Collectors.joining(", "));
            if (!names.isEmpty()) {
                slots.put(method, names);
            }
        }
        slots.forEach((method, names) -> line(method.methodName(), names));
    }

    private void policies(Policies policies) {
        out.append("policies\n");
        line("buckets", policies.buckets());
        line("cascade", policies.cascade());
        line("failedHooks", policies.failedHooks());
        line("afterCommitErrors", nameOf(policies.afterCommitErrors()));
        line("outsideTransaction", policies.outsideTransaction());
        line("bypass", policies.bypass());
        line("transactionDefaults", policies.transactionDefaults());
        line(
                "outcomeResolver",
                policies.resolver() == null ? "none: a COMMIT without answer stays in doubt" : policies.resolver());
        line("observer", policies.observer());
        for (CommitParticipant participant : policies.participants()) {
            line(participant instanceof DurableHandOver ? "delivery" : "participant", participant);
        }
    }

    private static String described(DurableDelivery delivery) {
        try {
            return delivery.describe();
        } catch (RuntimeException e) {
            return delivery + ": unknown, " + e.getMessage();
        }
    }

    private static Object nameOf(AfterCommitErrors policy) {
        return policy == AfterCommitErrors.THROW ? "THROW" : policy == AfterCommitErrors.LOG ? "LOG" : policy;
    }

    private void line(String name, Object value) {
        out.append("  ")
                .append(name)
                .append(" ".repeat(Math.max(1, 20 - name.length())))
                .append(value)
                .append('\n');
    }

    String ofHooksOn(Configuration configuration) {
        ofHooks();
        out.append("connection\n");
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
                TransactionStatus.of(connection) == TransactionStatus.UNKNOWN
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
