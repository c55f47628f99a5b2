package dev.commithooks.bench;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What hears of a commit adds to a transaction of Spring's, as a table for PERFORMANCE.md. */
final class SpringTable {

    /** Each is compared with the same without it. */
    static final List<Stacks> CANDIDATES =
            List.of(Stacks.SPRING_AFTER, Stacks.SPRING_LISTENERS, Stacks.SPRING_HOOK, Stacks.SPRING_READ);

    private final Map<Stacks, Map<Integer, String[]>> lines = new EnumMap<>(Stacks.class);

    /** A line that {@link Pair} has reported. */
    void add(Stacks candidate, String[] line) {
        lines.computeIfAbsent(candidate, stack -> new TreeMap<>()).put(Integer.parseInt(line[0]), line);
    }

    String text() {
        StringBuilder text = new StringBuilder("""

                ### Under Spring, without I/O

                Added to a transaction that inserts rows with jOOQ in a `TransactionTemplate`: bytes allocated, and nanoseconds of CPU with
                the 95 % interval of their median.

                | added | 1 row | 10 rows | 100 rows |
                |---|---|---|---|
                """);
        for (Stacks candidate : CANDIDATES) {
            text.append("| ")
                    .append(candidate.label.replace("Spring + jOOQ + ", "").replace("Spring + ", ""));
            lines.get(candidate)
                    .values()
                    .forEach(line -> text.append(String.format(
                            Locale.ROOT,
                            " | %+,.0f B, %+,.0f ns (%,.0f–%,.0f)",
                            Double.parseDouble(line[4]),
                            Double.parseDouble(line[1]),
                            Double.parseDouble(line[2]),
                            Double.parseDouble(line[3]))));
            text.append(" |\n");
        }
        return text.toString();
    }
}
