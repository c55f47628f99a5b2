package dev.commithooks.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * Which objects the library itself allocates, and where, without I/O. In a JVM without thread-local allocation buffers the
 * flight recorder sees every single allocation, so this is a count and no sample. Reports bytes per operation for each class
 * and method, and for all.
 */
final class Sites {

    /** A JVM that tells of every allocation. */
    static final List<String> OPTIONS = List.of(
            "-Xms1g", "-Xmx1g", "-Xbatch", "-XX:-UseTLAB", "-XX:+UnlockDiagnosticVMOptions", "-XX:+DebugNonSafepoints");

    private static final String EVENT = "jdk.ObjectAllocationOutsideTLAB";
    private static final int ROWS = 100;
    private static final int WARM_UP = 2_000;
    private static final int TURNS = 10;

    private Sites() {}

    /** Arguments: a stack, and what it is to do. */
    public static void main(String[] arguments) throws Exception {
        JooqStack stack = Stacks.valueOf(arguments[0]).jooqOn(new Stub());
        String workload = arguments[1];
        stack.insert(ROWS);
        for (int i = 0; i < WARM_UP; i++) {
            take(stack, workload);
        }
        Path file = Files.createTempFile("allocations", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable(EVENT).withStackTrace();
            recording.start();
            for (int i = 0; i < TURNS; i++) {
                take(stack, workload);
            }
            recording.stop();
            recording.dump(file);
        }
        count(file).forEach((site, bytes) -> Fork.report(workload, site, (double) bytes / TURNS / ROWS));
        Files.delete(file);
    }

    private static void take(JooqStack stack, String workload) {
        switch (workload) {
            case "insert" -> stack.insert(ROWS);
            case "update" -> stack.update();
            case "delete" -> stack.delete();
            case "empty" -> {
                for (int i = 0; i < ROWS; i++) {
                    stack.empty();
                }
            }
            default -> throw new IllegalArgumentException(workload);
        }
    }

    private static Map<String, Long> count(Path file) throws IOException {
        Map<String, Long> bytes = new LinkedHashMap<>();
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            String site = site(event);
            if (site != null && event.getThread("eventThread").getJavaName().equals("main")) {
                bytes.merge(site, event.getLong("allocationSize"), Long::sum);
            }
        }
        return bytes;
    }

    /** Class and method; null when it is jOOQ that allocates, or the benchmark. */
    private static String site(RecordedEvent event) {
        if (event.getStackTrace() == null) {
            return null;
        }
        for (RecordedFrame frame : event.getStackTrace().getFrames()) {
            String caller = frame.getMethod().getType().getName();
            if (!caller.startsWith("java.") && !caller.startsWith("jdk.")) {
                return caller.startsWith("dev.commithooks.") && !caller.startsWith("dev.commithooks.bench.")
                        ? simple(event.getClass("objectClass").getName()) + "\t" + simple(caller) + "."
                                + frame.getMethod().getName()
                        : null;
            }
        }
        return null;
    }

    private static String simple(String className) {
        String name = className.substring(className.lastIndexOf('.') + 1);
        return name.matches("[0-9]+")
                ? "lambda"
                : name.replace('$', '.').replace(";", "[]").replace("[J", "long[]");
    }
}
