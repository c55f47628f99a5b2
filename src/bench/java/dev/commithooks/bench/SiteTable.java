package dev.commithooks.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What the library allocates, object by object, as a table for PERFORMANCE.md. */
final class SiteTable {

    private final Map<String, Map<String, Double>> sites = new LinkedHashMap<>();

    /** A line that {@link Sites} has reported. */
    void add(String[] line) {
        sites.computeIfAbsent(line[1] + " | " + line[2], site -> new HashMap<>())
                .merge(line[0], Double.parseDouble(line[3]), Double::sum);
    }

    /** What weighs less than a byte an operation is of the transaction, or of the JIT's making. */
    String text() {
        List<String> workloads = List.of("insert", "update", "delete", "empty");
        StringBuilder text = new StringBuilder("""

                ### What the library allocates

                Every object that the library itself allocates, counted one by one: per row with an after hook that asks for no image,
                in transactions of 100 rows; the last column is one transaction in which nothing happens.

                | object | made in | insert | update | delete | empty transaction |
                |---|---|---|---|---|---|
                """);
        Map<String, Double> rest = new HashMap<>();
        Map<String, Double> all = new HashMap<>();
        List<String> ordered = new ArrayList<>(sites.keySet());
        ordered.sort(Comparator.comparingDouble((String site) -> -perRow(sites.get(site)))
                .thenComparingDouble(site -> -sites.get(site).getOrDefault("empty", 0.0)));
        ordered.forEach(site -> {
            Map<String, Double> bytes = sites.get(site);
            bytes.forEach((workload, value) -> all.merge(workload, value, Double::sum));
            if (bytes.values().stream().allMatch(value -> value < 1)) {
                bytes.forEach((workload, value) -> rest.merge(workload, value, Double::sum));
            } else {
                text.append(siteLine(site, workloads, bytes));
            }
        });
        text.append(siteLine("less than a byte each | ", workloads, rest));
        return text.append(siteLine("**all** | ", workloads, all)).toString();
    }

    /** What a row makes, in whole bytes; a hundredth of the transaction's is left out. */
    private static double perRow(Map<String, Double> bytes) {
        double most = bytes.entrySet().stream()
                .filter(entry -> !entry.getKey().equals("empty"))
                .mapToDouble(Map.Entry::getValue)
                .max()
                .orElse(0);
        return most < 2 ? 0 : most;
    }

    private static String siteLine(String site, List<String> workloads, Map<String, Double> bytes) {
        return "| " + site + " |"
                + workloads.stream()
                        .map(workload -> bytes.getOrDefault(workload, 0.0) >= 0.5
                                ? String.format(Locale.ROOT, " %.0f |", bytes.get(workload))
                                : " |")
                        .collect(Collectors.joining())
                + "\n";
    }
}
