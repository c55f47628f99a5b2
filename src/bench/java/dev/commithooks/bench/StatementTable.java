package dev.commithooks.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What it costs to record statements that pass no record, as a table for PERFORMANCE.md. */
final class StatementTable {

    private static final Map<String, String> WORKLOADS = Map.of(
            "one", "one row by one update",
            "many", "100,000 rows by one update",
            "batch", "1,000 rows by a JDBC batch");

    private StatementTable() {}

    /** The table of the lines that {@link StatementCosts} has reported. */
    static String of(List<String[]> lines) {
        StringBuilder text = new StringBuilder("""

                ### Statements that pass no record, on PostgreSQL

                A transaction that updates rows of a table with an after hook over the same without hooks beside it, median of the ratios
                within a round and its 95 % interval; by hand is plain jOOQ with the same columns, old and new, in a RETURNING of its
                own; a batch that returns rows is by hand plain JDBC, the floor of what a hook can know of them.

                | | µs a transaction | with hooks, over this |
                |---|---|---|
                """);
        lines.forEach(line -> text.append(row(line)));
        return text.toString();
    }

    private static String row(String[] line) {
        double value = Double.parseDouble(line[2]);
        return switch (line[0]) {
            case "kept" ->
                String.format(Locale.ROOT, "| kept of each row until the transaction ends | | **%,.0f** B |%n", value);
            case "unhooked" ->
                String.format(
                        Locale.ROOT,
                        "| a statement on a table without hooks, more than plain | | **%,.0f** B |%n",
                        value);
            default ->
                String.format(
                        Locale.ROOT,
                        line[1].equals("hooked")
                                ? "| %s, %s | %,.0f | |%n"
                                : "| %s, %s | %,.0f | **%.3f** (%.3f–%.3f) |%n",
                        WORKLOADS.get(line[0]),
                        line[1],
                        value,
                        Double.parseDouble(line[3]),
                        Double.parseDouble(line[4]),
                        Double.parseDouble(line[5]));
        };
    }
}
