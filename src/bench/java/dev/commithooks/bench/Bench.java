package dev.commithooks.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;

/** Runs all there is to measure and writes table and chart. */
final class Bench {

    /** Keeps jOOQ and the loggers of the others from talking into the measurement. */
    static final List<String> QUIET = List.of(
            "-Dorg.jooq.no-logo=true",
            "-Dorg.jooq.no-tips=true",
            "-Dorg.jboss.logging.provider=slf4j",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error");

    private Bench() {}

    /** Arguments: {@code short} or {@code full}, and the folder for the report. */
    public static void main(String[] arguments) throws Exception {
        Plan plan = Plan.of(arguments[0]);
        Instant start = Instant.now();
        Report report = new Report();
        Path docs = Path.of(arguments[1]);
        // Written after each part: who ends the run early keeps what there is.
        pairs(plan, report);
        report.write(docs, plan, start);
        postgres(plan, report);
        report.write(docs, plan, start);
        million(plan, report);
        report.write(docs, plan, start);
        sites(report);
        report.write(docs, plan, start);
        jmh(plan, report);
        report.write(docs, plan, start);
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

    private static void postgres(Plan plan, Report report) throws IOException, InterruptedException {
        for (Stacks library : List.of(Stacks.PLAIN, Stacks.HIBERNATE, Stacks.SPRING, Stacks.JDBI)) {
            int seconds = plan.postgresSeconds() * Stacks.onServer(library).size();
            List<String> arguments = new ArrayList<>(List.of(library.name()));
            plan.rowsOnServer().forEach(rows -> Collections.addAll(arguments, "" + rows, "" + seconds));
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

    private static void sites(Report report) throws IOException, InterruptedException {
        for (String workload : List.of("insert", "update", "delete")) {
            Fork.run(Sites.OPTIONS, Sites.class, Stacks.AFTER.name(), workload).forEach(report::site);
        }
        Fork.run(Sites.OPTIONS, Sites.class, Stacks.UNUSED.name(), "empty").forEach(report::site);
    }

    private static void jmh(Plan plan, Report report) throws RunnerException {
        for (Options options : plan.benchmarks()) {
            Collection<RunResult> results = new Runner(options).run();
            results.forEach(report::jmh);
        }
    }
}
