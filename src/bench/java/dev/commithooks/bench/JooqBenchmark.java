package dev.commithooks.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What only jOOQ's stacks are asked for. {@code size} is rows, rows read, or savepoints. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class JooqBenchmark {

    static final int UPDATES_OF_A_ROW = 100;

    @Param
    public Stacks stack;

    @Param("1")
    public int size;

    private final Stub database = new Stub();
    private JooqStack jooq;

    @Setup
    public void open() {
        jooq = stack.jooqOn(database);
        jooq.insert(size);
        database.rows = size;
    }

    @Benchmark
    public void empty() {
        jooq.empty();
    }

    @Benchmark
    public void batchInsert() {
        jooq.batchInsert(size);
    }

    @Benchmark
    public void savepointsDeep() {
        jooq.savepointsDeep(size);
    }

    @Benchmark
    public void savepointsWide() {
        jooq.savepointsWide(size);
    }

    @Benchmark
    public void updateOften() {
        jooq.updateOften(UPDATES_OF_A_ROW);
    }

    @Benchmark
    public int fetchOutside() {
        return jooq.fetch();
    }

    @Benchmark
    public int fetchInside() {
        return jooq.fetchInTransaction();
    }

    @Benchmark
    public int fetchLazyInside() {
        return jooq.fetchLazyInTransaction();
    }
}
