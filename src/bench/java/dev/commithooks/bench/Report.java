package dev.commithooks.bench;

import dev.commithooks.fixture.DocTable;
import dev.commithooks.pictures.CostPicture;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jooq.Constants;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;

/**
 * The tables and the chart. Each part goes between marks of its own in PERFORMANCE.md; what people have written around them
 * stays, and so do the parts that were not run.
 */
final class Report {

    private record Ratio(double median, double low, double high, double nanos) {}

    private record Cost(double nanos, double error, double bytes) {}

    private final Path folder;
    private final Plan plan;
    private final PairTable pairs = new PairTable();
    private final Map<String, Map<Stacks, Ratio>> ratios = new LinkedHashMap<>();
    private final Map<Stacks, String[]> millions = new EnumMap<>(Stacks.class);
    private final Map<String, Map<Stacks, Cost>> costs = new LinkedHashMap<>();
    private final SiteTable sites = new SiteTable();
    private final List<String[]> durable = new ArrayList<>();
    private final SpringTable spring = new SpringTable();
    private final List<String[]> statements = new ArrayList<>();
    private final List<String[]> storage = new ArrayList<>();

    Report(Path folder, Plan plan) {
        this.folder = folder;
        this.plan = plan;
    }

    void pair(Stacks candidate, Stacks base, String[] line) {
        pairs.add(candidate, base, line);
    }

    void postgres(String[] line) {
        ratios.computeIfAbsent(key(line[0], Integer.parseInt(line[1])), workload -> new EnumMap<>(Stacks.class))
                .put(
                        Stacks.valueOf(line[2]),
                        new Ratio(
                                Double.parseDouble(line[3]),
                                Double.parseDouble(line[4]),
                                Double.parseDouble(line[5]),
                                Double.parseDouble(line[6])));
    }

    void million(Stacks stack, String[] line) {
        millions.put(stack, line);
    }

    void site(String[] line) {
        sites.add(line);
    }

    void durable(String[] line) {
        durable.add(line);
    }

    void spring(Stacks candidate, String[] line) {
        spring.add(candidate, line);
    }

    void statement(String[] line) {
        statements.add(line);
    }

    void storage(String[] line) {
        storage.add(line);
    }

    void jmh(RunResult result) {
        BenchmarkParams parameters = result.getParams();
        String benchmark =
                parameters.getBenchmark().substring(parameters.getBenchmark().lastIndexOf('.') + 1);
        String size = parameters.getParam(parameters.getParamsKeys().contains("rows") ? "rows" : "size");
        int operations =
                Integer.parseInt(size) * (benchmark.equals("updateOften") ? JooqBenchmark.UPDATES_OF_A_ROW : 1);
        costs.computeIfAbsent(key(benchmark, Integer.parseInt(size)), workload -> new EnumMap<>(Stacks.class))
                .put(
                        Stacks.valueOf(parameters.getParam("stack")),
                        new Cost(
                                result.getPrimaryResult().getScore() / operations,
                                result.getPrimaryResult().getScoreError() / operations,
                                result.getSecondaryResults()
                                                .get("gc.alloc.rate.norm")
                                                .getScore()
                                        / operations));
    }

    private static String key(String workload, int size) {
        return String.format(Locale.ROOT, "%s, N = %,d", workload, size);
    }

    /** Writes one part between its marks, and what it ran on. */
    void write(String part, Instant start) throws IOException {
        Duration duration = Duration.between(start, Instant.now());
        replace("run", circumstances(start));
        String table = switch (part) {
            case "pairs" -> pairs.text();
            case "postgres" -> postgresTable();
            case "million" -> millionTable();
            case "objects" -> sites.text();
            case "durable" -> DurableTable.of(durable);
            case "spring" -> spring.text();
            case "statements" -> StatementTable.of(statements);
            case "storage" -> StorageTable.of(storage);
            case "jmh" -> jmhTable();
            default -> throw new IllegalArgumentException(part);
        };
        String command = "./mvnw -Pbench -Dbench.part=" + part
                + (plan.name().equals("short") ? "" : " -Dbench.mode=" + plan.name());
        replace(
                part,
                String.format(
                        Locale.ROOT,
                        "%s%n*`%s`, %s, %d min*%n",
                        table,
                        command,
                        start.atOffset(ZoneOffset.UTC).toLocalDate(),
                        Math.max(duration.toMinutes(), 1)));
        if (part.equals("pairs")) {
            List<List<String>> costs =
                    DocTable.under("### What a row costs, without I/O", folder.resolve("PERFORMANCE.md"));
            Files.writeString(
                    folder.resolve("performance.svg"),
                    CostPicture.of(costs).draw().toString());
        }
    }

    private void replace(String part, String text) throws IOException {
        Path file = folder.resolve("PERFORMANCE.md");
        String page = Files.readString(file);
        String begin = "<!-- written by the run: " + part + " -->\n";
        String end = "<!-- end: " + part + " -->";
        int from = page.indexOf(begin);
        int to = page.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalStateException(file + " lacks the marks that say where the table goes: " + begin + end);
        }
        Files.writeString(file, page.substring(0, from) + begin + text + page.substring(to));
    }

    private static String circumstances(Instant start) throws IOException {
        Path cpu = Path.of("/proc/cpuinfo");
        String model = !Files.exists(cpu)
                ? System.getProperty("os.arch")
                : Files.readAllLines(cpu).stream()
                        .filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 2))
                        .findFirst()
                        .orElse("?");
        long memory = ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getTotalMemorySize();
        return String.format(
                Locale.ROOT,
                """

                | last run | %s |
                |---|---|
                | machine | %s, %d processors, %d GB, %s |
                | JDK | %s %s |
                | jOOQ | %s |

                ![What hooks add](performance.svg)
                """,
                start.atOffset(ZoneOffset.UTC).toLocalDate(),
                model,
                Runtime.getRuntime().availableProcessors(),
                memory >> 30,
                System.getProperty("os.name"),
                System.getProperty("java.vm.name"),
                System.getProperty("java.vm.version"),
                Constants.FULL_VERSION);
    }

    private String postgresTable() {
        List<Stacks> stacks = List.copyOf(ratios.values().iterator().next().keySet());
        List<String> workloads = List.copyOf(ratios.keySet());
        StringBuilder text = new StringBuilder("""

                ### On PostgreSQL

                Time of a transaction over the time of the same library without hooks beside it in the same JVM, median of the ratios
                within each round and its 95 % interval. Embedded server on the same machine, fsync off: a commit is nearly free, so that hooks show as much as
                they ever can.

                """);
        text.append("| stack | ").append(String.join(" | ", workloads)).append(" |\n|---|");
        text.append("---|".repeat(workloads.size())).append('\n');
        for (Stacks stack : stacks) {
            text.append("| ").append(stack.label).append(" |");
            for (String workload : workloads) {
                Ratio ratio = ratios.get(workload).get(stack);
                text.append(String.format(
                        Locale.ROOT, " **%.3f** (%.3f–%.3f) |", ratio.median(), ratio.low(), ratio.high()));
            }
            text.append('\n');
        }
        text.append("| *µs a row, plain jOOQ* |");
        for (String workload : workloads) {
            text.append(String.format(
                    Locale.ROOT,
                    " %.0f |",
                    ratios.get(workload).get(Stacks.PLAIN_AGAIN).nanos() / 1_000));
        }
        return text.append('\n').toString();
    }

    private String millionTable() {
        StringBuilder text = new StringBuilder("""

                ### A million rows in one transaction, without I/O

                | stack | CPU ns a row, N = 1,000 | CPU ns a row, N = 1,000,000 | ratio | heap kept per pending row | of it the row's own values |
                |---|---|---|---|---|---|
                """);
        millions.forEach((stack, line) -> {
            double small = Double.parseDouble(line[0]);
            double large = Double.parseDouble(line[1]);
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %,.0f | %,.0f | %.2f | %.0f B | %s |%n",
                    stack.label,
                    small,
                    large,
                    large / small,
                    Double.parseDouble(line[2]),
                    stack == Stacks.FLOOR ? "" : String.format(Locale.ROOT, "%.0f B", Double.parseDouble(line[3]))));
        });
        return text.toString();
    }

    private String jmhTable() {
        StringBuilder text = new StringBuilder("""

                ### Every workload, without I/O (JMH)

                Bytes, and in a full run nanoseconds, per row (per savepoint, row read or transaction where that is what is counted). A
                short run is too short for times.

                """);
        List<Stacks> columns = List.of(Stacks.PLAIN, Stacks.FLOOR, Stacks.UNUSED, Stacks.IMAGES);
        text.append("| workload | ")
                .append(columns.stream().map(stack -> stack.label).collect(Collectors.joining(" | ")))
                .append(" | others |\n|---|---|---|---|---|---|\n");
        costs.forEach((workload, byStack) -> {
            text.append("| ").append(workload).append(" |");
            for (Stacks stack : columns) {
                text.append(' ').append(cost(byStack.get(stack))).append(" |");
            }
            List<String> others = new ArrayList<>();
            byStack.forEach((stack, cost) -> {
                if (!columns.contains(stack)) {
                    others.add(stack.label + ": " + cost(cost));
                }
            });
            text.append(' ').append(String.join("<br>", others)).append(" |\n");
        });
        return text.toString();
    }

    private String cost(Cost cost) {
        if (cost == null) {
            return "";
        }
        String bytes = String.format(Locale.ROOT, "%,.0f B", cost.bytes());
        return plan.name().equals("full")
                ? String.format(Locale.ROOT, "%,.0f ns ± %,.0f, %s", cost.nanos(), cost.error(), bytes)
                : bytes;
    }
}
