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
import org.openjdk.jmh.annotations.TearDown;

/** One transaction that inserts, updates or deletes rows one by one, for every stack. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TransactionBenchmark {

    @Param
    public Stacks stack;

    @Param("100")
    public int rows;

    private Stack measured;

    @Setup
    public void open() throws Exception {
        measured = stack.on(new Stub());
        measured.insert(rows);
    }

    @TearDown
    public void close() throws Exception {
        measured.close();
    }

    @Benchmark
    public void insert() throws Exception {
        measured.insert(rows);
    }

    @Benchmark
    public void update() throws Exception {
        measured.update();
    }

    @Benchmark
    public void delete() throws Exception {
        measured.delete();
    }
}
