package dev.commithooks.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.util.List;

/**
 * One stack that inserts a million rows in one transaction, without I/O, beside a thousand transactions of a thousand.
 * Reports the CPU time of a row in either, the garbage collector's included, and what the heap keeps for a pending row before the transaction ends. The records
 * are garbage at once: what is kept, the library keeps.
 */
final class Million {

    static final List<String> OPTIONS = List.of("-Xms3g", "-Xmx3g", "-Xbatch");

    private static final int ROWS = 1_000_000;
    private static final int SMALL = 1_000;

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private Million() {}

    public static void main(String[] arguments) {
        JooqStack stack = Stacks.valueOf(arguments[0]).jooqOn(new Stub());
        int repetitions = Integer.parseInt(arguments[1]);
        Samples small = new Samples();
        Samples large = new Samples();
        Samples kept = new Samples();
        insert(stack, SMALL, 300, () -> {});
        for (int i = 0; i < repetitions; i++) {
            System.gc();
            small.add(insert(stack, SMALL, 300, () -> {}));
            System.gc();
            large.add(insert(stack, ROWS, 1, () -> {}));
            long before = usedHeap();
            insert(stack, ROWS, 1, () -> kept.add((double) (usedHeap() - before) / ROWS));
        }
        Fork.report(small.median(), large.median(), kept.median(), valueBytes());
    }

    private static double insert(JooqStack stack, int rows, int transactions, Runnable inside) {
        long start = SYSTEM.getProcessCpuTime();
        for (int i = 0; i < transactions; i++) {
            stack.insertAndForget(rows, inside);
        }
        return (double) (SYSTEM.getProcessCpuTime() - start) / rows / transactions;
    }

    /** What the values of a row weigh that are not shared with all other rows: its id and its quantity. */
    private static double valueBytes() {
        Object[] values = new Object[2 * ROWS];
        long before = usedHeap();
        for (int i = 0; i < ROWS; i++) {
            values[2 * i] = 1_000_000L + i;
            values[2 * i + 1] = 1_000_000 + i;
        }
        double bytes = (double) (usedHeap() - before) / ROWS;
        Reference.reachabilityFence(values);
        return bytes;
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
