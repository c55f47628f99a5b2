package dev.commithooks;

import dev.commithooks.hook.DeliveryLevel;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The hooks that are registered for each table and method, in the order of calls, and the policies: what
 * {@link CommitHooks#explain()} prints. Immutable.
 *
 * @param tables the tables that hooks are registered for or excepted from; "every table" or "every other table" comes last
 * @param policies the policies by name, in words
 */
public record HookOverview(List<OnTable> tables, Map<String, String> policies) {

    /** A copy of what is given. */
    public HookOverview {
        tables = List.copyOf(tables);
        policies = Collections.unmodifiableMap(new LinkedHashMap<>(policies));
    }

    /**
     * The hooks of one table.
     *
     * @param table its name
     * @param notes what is particular about it, in words
     * @param methods the hooks that are called, by method; none for a table that hooks are excepted from
     */
    public record OnTable(String table, List<String> notes, Map<String, List<Hook>> methods) {

        /** A copy of what is given. */
        public OnTable {
            notes = List.copyOf(notes);
            Map<String, List<Hook>> copy = new LinkedHashMap<>();
            methods.forEach((method, hooks) -> copy.put(method, List.copyOf(hooks)));
            methods = Collections.unmodifiableMap(copy);
        }
    }

    /**
     * A hook as it was registered.
     *
     * @param name its name
     * @param order its place among the others; the default is 0
     * @param level how its after hooks are delivered
     */
    public record Hook(String name, int order, DeliveryLevel level) {

        @Override
        public String toString() {
            return name + place() + (level == DeliveryLevel.DURABLE ? " (durable)" : "");
        }

        private String place() {
            return switch (order) {
                case 0 -> "";
                case Integer.MAX_VALUE -> " (last)";
                default -> " (order " + order + ")";
            };
        }
    }

    /** To be read by people. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        if (tables.isEmpty()) {
            out.append("no hooks: only callbacks run\n");
        }
        for (OnTable on : tables) {
            out.append(on.table());
            on.notes().forEach(note -> out.append(" (").append(note).append(')'));
            out.append(on.methods().isEmpty() ? ": no hooks\n" : "\n");
            on.methods()
                    .forEach((method, hooks) ->
                            line(out, method, hooks.stream().map(Hook::toString).collect(Collectors.joining(", "))));
        }
        out.append("policies\n");
        policies.forEach((name, value) -> line(out, name, value));
        return out.toString();
    }

    static void line(StringBuilder out, String name, Object value) {
        out.append("  ")
                .append(name)
                .append(" ".repeat(Math.max(1, 20 - name.length())))
                .append(value)
                .append('\n');
    }
}
