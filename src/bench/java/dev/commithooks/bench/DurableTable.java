package dev.commithooks.bench;

import java.util.List;
import java.util.Locale;

/** What a durable hook costs and how fast it is called, as a table for PERFORMANCE.md. */
final class DurableTable {

    private DurableTable() {}

    /** The table of the lines that {@link Durable} has reported. */
    static String of(List<String[]> lines) {
        StringBuilder text = new StringBuilder("""

                ### Durable hooks, on PostgreSQL with fsync on

                A transaction that inserts rows into a table with a durable hook over the same without hooks beside it, median of the
                ratios within a round and its 95 % interval; changes that a node with two threads, which shares the processors with
                the server, reads and calls a hook with; and the time from the call of COMMIT, which is part of it, to the call of the
                hook.

                | | | |
                |---|---|---|
                """);
        lines.forEach(line -> text.append(row(line)));
        return text.toString();
    }

    private static String row(String[] line) {
        double value = Double.parseDouble(line[2]);
        int rows = Integer.parseInt(line[1]);
        return switch (line[0]) {
            case "cost" ->
                String.format(
                        Locale.ROOT,
                        "| transaction of %,d changes | **%.3f** (%.3f–%.3f) | plain: %,.0f µs |%n",
                        rows,
                        value,
                        Double.parseDouble(line[3]),
                        Double.parseDouble(line[4]),
                        Double.parseDouble(line[5]));
            case "drain" -> String.format(Locale.ROOT, "| delivered from the store | **%,.0f** changes/s | |%n", value);
            default ->
                String.format(
                        Locale.ROOT,
                        "| from COMMIT to the hook | **%.2f** ms (%.2f–%.2f) | with a nudge |%n",
                        value,
                        Double.parseDouble(line[3]),
                        Double.parseDouble(line[4]));
        };
    }
}
