package dev.commithooks.durable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Nodes on one database, each in a JVM of its own; those that are left are killed at the end. */
final class CrashNodes implements AutoCloseable {

    private final TestDatabase database;
    private final List<Node> nodes = new ArrayList<>();

    CrashNodes(TestDatabase database) {
        this.database = database;
    }

    /** One of them. */
    record Node(Process process, BufferedReader output) {

        /** Waits for a line that begins so. */
        String says(String beginning) {
            try {
                String line = output.readLine();
                while (line != null && !line.startsWith(beginning)) {
                    line = output.readLine();
                }
                assertThat(line).as("a line that begins with '%s'", beginning).isNotNull();
                return String.valueOf(line);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        /** By SIGKILL. */
        void kill() {
            process.destroyForcibly();
            waitForItsEnd();
        }

        int waitForItsEnd() {
            try {
                return process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    /** Starts one; {@link CrashNode} knows what tasks there are. */
    Node start(String task) {
        try {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-Dorg.jooq.no-logo=true",
                            "-Dorg.jooq.no-tips=true",
                            "-cp",
                            System.getProperty("java.class.path"),
                            CrashNode.class.getName(),
                            task,
                            database.jdbcUrl(),
                            database.user(),
                            database.password())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Node node = new Node(process, process.inputReader());
            nodes.add(node);
            return node;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        nodes.forEach(Node::kill);
    }
}
