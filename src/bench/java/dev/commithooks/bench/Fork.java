package dev.commithooks.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A JVM of its own for one measurement. What it reports, it prints by {@link #report}; the rest of its output is for the
 * reader of the console.
 */
final class Fork {

    private static final String MARK = "##";

    private Fork() {}

    /** Runs a class' main method in a JVM with these options and returns the lines it has reported, split. */
    static List<String[]> run(List<String> options, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String workingDirectory = System.getProperty("ot.epg.working-dir");
        if (workingDirectory != null) {
            command.add("-Dot.epg.working-dir=" + workingDirectory);
        }
        command.addAll(options);
        command.addAll(Bench.QUIET);
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String[]> reported = new ArrayList<>();
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                System.out.println(line);
                if (line.startsWith(MARK)) {
                    reported.add(line.substring(MARK.length()).split("\t"));
                }
            }
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException(main.getSimpleName() + String.join(" ", arguments) + " failed, see above");
        }
        return reported;
    }

    /** Prints a line for the JVM that forked this one. */
    static void report(Object... values) {
        List<String> texts = new ArrayList<>();
        for (Object value : values) {
            texts.add(value instanceof Double number ? String.format(Locale.ROOT, "%.4f", number) : value.toString());
        }
        System.out.println(MARK + String.join("\t", texts));
    }
}
