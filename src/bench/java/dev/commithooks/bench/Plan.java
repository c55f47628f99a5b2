package dev.commithooks.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * What a run measures and how long it takes for it.
 *
 * @param jmhForks JVMs for each benchmark
 * @param jmhIterations iterations in each
 * @param jmhMillis how long an iteration takes
 * @param pairForks JVMs for each pair of stacks
 * @param pairMillis how long a pair is measured
 * @param postgresSeconds how long a stack and its library take turns on a server, for each number of rows
 * @param millions how many times a million rows are inserted
 */
record Plan(
        String name,
        int jmhForks,
        int jmhIterations,
        int jmhMillis,
        int pairForks,
        int pairMillis,
        int postgresSeconds,
        int millions) {

    static Plan of(String name) {
        return switch (name) {
            case "smoke" -> new Plan(name, 1, 1, 100, 1, 200, 1, 1);
            case "short" -> new Plan(name, 1, 3, 700, 1, 3_000, 5, 1);
            case "full" -> new Plan(name, 3, 5, 1_000, 5, 10_000, 60, 3);
            default -> throw new IllegalArgumentException("smoke, short or full, not " + name);
        };
    }

    /** The JMH runs: which benchmark, at which sizes, for which stacks. */
    List<Options> benchmarks() {
        List<Options> runs = new ArrayList<>();
        runs.add(jmh("TransactionBenchmark.insert", "rows", List.of(100), measuredOnRows()));
        runs.add(jmh("TransactionBenchmark.insert", "rows", List.of(1, 10, 1_000, 10_000), columns()));
        runs.add(jmh("JooqBenchmark.empty", "size", List.of(1), columns()));
        runs.add(jmh("JooqBenchmark.batchInsert", "size", List.of(1_000), columns()));
        runs.add(jmh("JooqBenchmark.savepoints(Deep|Wide)", "size", savepoints(), withoutUnused()));
        runs.add(jmh(
                "JooqBenchmark.updateOften", "size", List.of(1_000), List.of(Stacks.FLOOR, Stacks.IMAGES, Stacks.NET)));
        runs.add(jmh("JooqBenchmark.fetch(Lazy)?Inside", "size", List.of(10_000), columns()));
        runs.add(jmh(
                "JooqBenchmark.fetchOutside",
                "size",
                List.of(10_000),
                List.of(Stacks.PLAIN, Stacks.FLOOR, Stacks.UNUSED, Stacks.IGNORE, Stacks.REJECT)));
        return runs;
    }

    /** The sizes of the transactions on a server; a thousand rows for every stack take a minute for a few rounds. */
    List<Integer> rowsOnServer() {
        return name.equals("full") ? List.of(1, 10, 100, 1_000) : List.of(1, 10, 100);
    }

    private List<Integer> savepoints() {
        return name.equals("full") ? List.of(1, 10, 100) : List.of(1, 100);
    }

    private static List<Stacks> columns() {
        return List.of(Stacks.PLAIN, Stacks.FLOOR, Stacks.UNUSED, Stacks.IMAGES);
    }

    private static List<Stacks> withoutUnused() {
        return List.of(Stacks.PLAIN, Stacks.FLOOR, Stacks.IMAGES);
    }

    private static List<Stacks> measuredOnRows() {
        List<Stacks> stacks = new ArrayList<>(Arrays.asList(Stacks.values()));
        stacks.removeAll(List.of(
                Stacks.PLAIN_AGAIN,
                Stacks.IGNORE,
                Stacks.REJECT,
                Stacks.NET,
                Stacks.SPRING_LISTENERS,
                Stacks.SPRING_HOOK,
                Stacks.SPRING_READ));
        return stacks;
    }

    /** Candidate and base of each pair. */
    static List<List<Stacks>> pairs() {
        List<List<Stacks>> pairs = new ArrayList<>();
        for (Stacks stack : measuredOnRows()) {
            if (stack.base != null) {
                pairs.add(List.of(stack, stack.base));
            }
            if (stack.base == Stacks.FLOOR) {
                pairs.add(List.of(stack, Stacks.PLAIN));
            }
        }
        pairs.add(List.of(Stacks.PLAIN_AGAIN, Stacks.PLAIN));
        return pairs;
    }

    private Options jmh(String benchmark, String sizeName, List<Integer> sizes, List<Stacks> stacks) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("dev.commithooks.bench." + benchmark + "$")
                .param("stack", stacks.stream().map(Enum::name).toArray(String[]::new))
                .param(sizeName, sizes.stream().map(String::valueOf).toArray(String[]::new))
                .forks(jmhForks)
                .warmupIterations(jmhIterations)
                .warmupTime(TimeValue.milliseconds(jmhMillis))
                .measurementIterations(jmhIterations)
                .measurementTime(TimeValue.milliseconds(jmhMillis))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .jvmArgs("-Xms1g", "-Xmx1g", "-Xmn64m", "-XX:+UseParallelGC")
                .jvmArgsAppend(Bench.QUIET.toArray(String[]::new));
        return options.build();
    }
}
