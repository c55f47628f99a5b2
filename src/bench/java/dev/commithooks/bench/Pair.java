package dev.commithooks.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * Two stacks in one JVM, without I/O, taking turns every fraction of a millisecond: what slows one of them down slows the
 * other down too, so that a difference of some nanoseconds in some microseconds shows. Time is the thread's CPU time, which
 * does not pass while somebody else has the processor. Reports, a line for each workload, the difference in time (median
 * and its interval) and in bytes of one operation.
 */
final class Pair {

    /**
     * A young generation that stays in the processor's cache: what is measured is code and no memory bus. {@code -Xbatch}: the
     * compiler's work is done when the thread that waits for it goes on, so that the same number of turns leaves the same code
     * behind, however busy the machine is.
     */
    static final List<String> OPTIONS = List.of("-Xms512m", "-Xmx512m", "-Xmn16m", "-XX:+UseParallelGC", "-Xbatch");

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROWS = 100;
    private static final int EMPTIES = 300;

    /** A turn of one stack. */
    private interface Turn {
        void take(Stack stack) throws Exception;
    }

    private final Stack base;
    private final Stack candidate;

    private Pair(Stack base, Stack candidate) {
        this.base = base;
        this.candidate = candidate;
    }

    public static void main(String[] arguments) throws Exception {
        Stacks candidate = Stacks.valueOf(arguments[0]);
        Stacks base = Stacks.valueOf(arguments[1]);
        long millis = Long.parseLong(arguments[2]);
        Pair pair = new Pair(base.on(new Stub()), candidate.on(new Stub()));
        if (arguments.length > 3) {
            for (int i = 3; i < arguments.length; i++) {
                int rows = Integer.parseInt(arguments[i]);
                pair.transactions(rows, millis, false);
                pair.transactions(rows, millis, true);
            }
            return;
        }
        pair.rows(millis, false);
        pair.rows(millis, true);
        if (pair.base instanceof JooqStack) {
            pair.empties(millis / 4, false);
            pair.empties(millis / 4, true);
        }
    }

    /** As many transactions a turn as make a hundred rows; reported for one transaction. */
    private void transactions(int rows, long millis, boolean report) throws Exception {
        int transactions = ROWS / rows;
        Difference insert = new Difference(transactions);
        long end = THREADS.getCurrentThreadCpuTime() + millis * 1_000_000;
        for (boolean swap = false; THREADS.getCurrentThreadCpuTime() < end; swap = !swap) {
            insert.add(swap, stack -> {
                for (int i = 0; i < transactions; i++) {
                    stack.insert(rows);
                }
            });
        }
        if (report) {
            insert.report(String.valueOf(rows));
        }
    }

    private void rows(long millis, boolean report) throws Exception {
        Difference insert = new Difference(ROWS);
        Difference update = new Difference(ROWS);
        Difference delete = new Difference(ROWS);
        long end = THREADS.getCurrentThreadCpuTime() + millis * 1_000_000;
        for (boolean swap = false; THREADS.getCurrentThreadCpuTime() < end; swap = !swap) {
            insert.add(swap, stack -> stack.insert(ROWS));
            update.add(swap, Stack::update);
            delete.add(swap, Stack::delete);
        }
        if (report) {
            insert.report("insert");
            update.report("update");
            delete.report("delete");
        }
    }

    private void empties(long millis, boolean report) throws Exception {
        Difference empty = new Difference(EMPTIES);
        long end = THREADS.getCurrentThreadCpuTime() + millis * 1_000_000;
        for (boolean swap = false; THREADS.getCurrentThreadCpuTime() < end; swap = !swap) {
            empty.add(swap, stack -> {
                JooqStack jooq = (JooqStack) stack;
                for (int i = 0; i < EMPTIES; i++) {
                    jooq.empty();
                }
            });
        }
        if (report) {
            empty.report("empty");
        }
    }

    private final class Difference {

        private final int operations;
        private final Samples nanos = new Samples();
        private final Samples bytes = new Samples();
        private final Samples baseNanos = new Samples();
        private final Samples baseBytes = new Samples();
        private double lastNanos;
        private double lastBytes;

        Difference(int operations) {
            this.operations = operations;
        }

        /** One turn for each stack, in this order or the other. */
        void add(boolean swap, Turn turn) throws Exception {
            measure(turn, swap ? candidate : base);
            double firstNanos = lastNanos;
            double firstBytes = lastBytes;
            measure(turn, swap ? base : candidate);
            nanos.add(swap ? firstNanos - lastNanos : lastNanos - firstNanos);
            bytes.add(swap ? firstBytes - lastBytes : lastBytes - firstBytes);
            baseNanos.add(swap ? lastNanos : firstNanos);
            baseBytes.add(swap ? lastBytes : firstBytes);
        }

        private void measure(Turn turn, Stack stack) throws Exception {
            long allocated = THREADS.getCurrentThreadAllocatedBytes();
            long start = THREADS.getCurrentThreadCpuTime();
            turn.take(stack);
            long end = THREADS.getCurrentThreadCpuTime();
            lastNanos = (double) (end - start) / operations;
            lastBytes = (double) (THREADS.getCurrentThreadAllocatedBytes() - allocated) / operations;
        }

        void report(String workload) {
            Fork.report(
                    workload,
                    nanos.median(),
                    nanos.low(),
                    nanos.high(),
                    bytes.median(),
                    baseNanos.median(),
                    baseBytes.median());
        }
    }
}
