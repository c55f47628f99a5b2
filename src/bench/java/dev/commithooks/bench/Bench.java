package dev.commithooks.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;

/** Runs what there is to measure, all or a part, and writes tables and chart after each. */
final class Bench {

    /** Keeps jOOQ and the loggers of the others from talking into the measurement. */
    static final List<String> QUIET = List.of(
            "-Dorg.jooq.no-logo=true",
            "-Dorg.jooq.no-tips=true",
            "-Dorg.jboss.logging.provider=slf4j",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error");

    private Bench() {}

    private interface Part {
        void run(Plan plan, Report report) throws Exception;
    }

    /** Arguments: {@code short} or {@code full}, the folder for the report, and the part to run, or {@code all}. */
    public static void main(String[] arguments) throws Exception {
        Plan plan = Plan.of(arguments[0]);
        Path docs = Path.of(arguments[1]);
        Map<String, Part> parts = new LinkedHashMap<>();
        parts.put("pairs", Bench::pairs);
        parts.put("spring", Bench::spring);
        parts.put("postgres", Bench::postgres);
        parts.put("million", Bench::million);
        parts.put("objects", Bench::objects);
        parts.put("durable", Bench::durable);
        parts.put("statements", Bench::statements);
        parts.put("storage", Bench::storage);
        parts.put("jmh", Bench::jmh);
        if (!arguments[2].equals("all")) {
            parts.keySet().retainAll(List.of(arguments[2]));
        }
        if (parts.isEmpty()) {
            throw new IllegalArgumentException(
                    "all, pairs, spring, postgres, million, objects, durable, statements, storage or jmh, not "
                            + arguments[2]);
        }
        Report report = new Report(docs, plan);
        for (Map.Entry<String, Part> part : parts.entrySet()) {
            Instant start = Instant.now();
            part.getValue().run(plan, report);
            report.write(part.getKey(), start);
        }
    }

    private static void pairs(Plan plan, Report report) throws IOException, InterruptedException {
        for (int fork = 0; fork < plan.pairForks(); fork++) {
            for (List<Stacks> pair : Plan.pairs()) {
                Stacks candidate = pair.get(0);
                Stacks base = pair.get(1);
                for (String[] line : Fork.run(
                        Pair.OPTIONS, Pair.class, candidate.name(), base.name(), String.valueOf(plan.pairMillis()))) {
                    report.pair(candidate, base, line);
                }
            }
        }
    }

    private static void spring(Plan plan, Report report) throws IOException, InterruptedException {
        for (Stacks candidate : SpringTable.CANDIDATES) {
            for (String[] line : Fork.run(
                    Pair.OPTIONS,
                    Pair.class,
                    candidate.name(),
                    Stacks.SPRING.name(),
                    String.valueOf(plan.pairMillis()),
                    "1",
                    "10",
                    "100")) {
                report.spring(candidate, line);
            }
        }
    }

    private static void postgres(Plan plan, Report report) throws IOException, InterruptedException {
        for (Stacks stack : Stacks.onServer()) {
            List<String> arguments =
                    new ArrayList<>(List.of(stack.name(), stack.library().name()));
            plan.rowsOnServer().forEach(rows -> Collections.addAll(arguments, "" + rows, "" + plan.postgresSeconds()));
            Fork.run(Postgres.OPTIONS, Postgres.class, arguments.toArray(String[]::new))
                    .forEach(report::postgres);
        }
    }

    private static void million(Plan plan, Report report) throws IOException, InterruptedException {
        for (Stacks stack : List.of(Stacks.FLOOR, Stacks.AFTER, Stacks.IMAGES)) {
            for (String[] line :
                    Fork.run(Million.OPTIONS, Million.class, stack.name(), String.valueOf(plan.millions()))) {
                report.million(stack, line);
            }
        }
    }

    private static void objects(Plan plan, Report report) throws IOException, InterruptedException {
        for (String workload : List.of("insert", "update", "delete")) {
            Fork.run(Sites.OPTIONS, Sites.class, Stacks.AFTER.name(), workload).forEach(report::site);
        }
        Fork.run(Sites.OPTIONS, Sites.class, Stacks.UNUSED.name(), "empty").forEach(report::site);
    }

    private static void durable(Plan plan, Report report) throws IOException, InterruptedException {
        Fork.run(Durable.OPTIONS, Durable.class, String.valueOf(4 * plan.postgresSeconds()))
                .forEach(report::durable);
    }

    private static void statements(Plan plan, Report report) throws IOException, InterruptedException {
        Fork.run(StatementCosts.OPTIONS, StatementCosts.class, String.valueOf(2 * plan.postgresSeconds()))
                .forEach(report::statement);
    }

    private static void storage(Plan plan, Report report) throws IOException, InterruptedException {
        Fork.run(StorageCosts.OPTIONS, StorageCosts.class, String.valueOf(10 * plan.postgresSeconds()))
                .forEach(report::storage);
    }

    private static void jmh(Plan plan, Report report) throws RunnerException {
        for (Options options : plan.benchmarks()) {
            Collection<RunResult> results = new Runner(options).run();
            results.forEach(report::jmh);
        }
    }
}
