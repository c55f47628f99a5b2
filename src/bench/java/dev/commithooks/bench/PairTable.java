package dev.commithooks.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What each stack adds to another, as a table for PERFORMANCE.md. */
final class PairTable {

    /** A pair's samples of one workload, over all forks. */
    private record Difference(
            Samples nanos, Samples low, Samples high, Samples bytes, Samples baseNanos, Samples baseBytes) {

        Difference() {
            this(new Samples(), new Samples(), new Samples(), new Samples(), new Samples(), new Samples());
        }
    }

    private final Map<List<Stacks>, Map<String, Difference>> pairs = new LinkedHashMap<>();

    /** A line that {@link Pair} has reported. */
    void add(Stacks candidate, Stacks base, String[] line) {
        Difference difference = pairs.computeIfAbsent(List.of(candidate, base), pair -> new LinkedHashMap<>())
                .computeIfAbsent(line[0], workload -> new Difference());
        difference.nanos().add(Double.parseDouble(line[1]));
        difference.low().add(Double.parseDouble(line[2]));
        difference.high().add(Double.parseDouble(line[3]));
        difference.bytes().add(Double.parseDouble(line[4]));
        difference.baseNanos().add(Double.parseDouble(line[5]));
        difference.baseBytes().add(Double.parseDouble(line[6]));
    }

    String text() {
        StringBuilder text = new StringBuilder("""

                ### What a row costs, without I/O

                Added to the stack named second, per row, in transactions of 100 rows: bytes allocated, and nanoseconds of CPU with
                the 95 % interval of their median. The last column is one transaction in which nothing happens.

                | stack | compared with | insert | update | delete | empty transaction |
                |---|---|---|---|---|---|
                """);
        pairs.forEach((pair, workloads) -> {
            text.append(String.format("| %s | %s |", pair.get(0).label, shortLabel(pair.get(1))));
            for (String workload : List.of("insert", "update", "delete", "empty")) {
                Difference difference = workloads.get(workload);
                text.append(
                        difference == null
                                ? " |"
                                : String.format(
                                        Locale.ROOT,
                                        " %+,.0f B, %+,.0f ns (%,.0f–%,.0f) |",
                                        difference.bytes().median(),
                                        difference.nanos().median(),
                                        difference.low().median(),
                                        difference.high().median()));
            }
            text.append('\n');
        });
        return text.toString();
    }

    private static String shortLabel(Stacks stack) {
        return stack == Stacks.FLOOR ? "the floor" : stack.label;
    }
}
