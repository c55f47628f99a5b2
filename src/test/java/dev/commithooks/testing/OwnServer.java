package dev.commithooks.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * An embedded server that belongs to one test, which may stop, crash and restart it; it keeps its port and its data.
 * Starting one takes some seconds.
 *
 * <p>Not thread-safe.
 */
public final class OwnServer implements AutoCloseable {

    private final Path dataDirectory;
    private EmbeddedPostgres process;
    private final TestServer server;

    private OwnServer(Path dataDirectory) {
        this.dataDirectory = dataDirectory;
        this.process = EmbeddedServer.start(builder());
        this.server = new TestServer(EmbeddedServer.url(process), EmbeddedServer.USER, EmbeddedServer.PASSWORD);
    }

    public static OwnServer launch() {
        try {
            return new OwnServer(Files.createTempDirectory("own-server"));
        } catch (IOException e) {
            throw new UncheckedIOException("no room for an embedded PostgreSQL", e);
        }
    }

    /** A database with the bookshop's tables on this server. */
    public TestDatabase createDatabase() {
        return new TestDatabase(server);
    }

    public int port() {
        return process.getPort();
    }

    /** Ends all sessions and shuts down in order. */
    public void stop() {
        try {
            process.close();
        } catch (IOException e) {
            throw new UncheckedIOException("embedded PostgreSQL did not stop", e);
        }
    }

    /** Ends as by a power cut: sessions break off, and the next start recovers from the log. */
    public void crash() {
        Path pidFile = dataDirectory.resolve("postmaster.pid");
        try {
            String pid = Files.readAllLines(pidFile).get(0);
            new ProcessBuilder("kill", "-QUIT", pid).start().waitFor();
            long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (Files.exists(pidFile)) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("postmaster " + pid + " did not end");
                }
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("embedded PostgreSQL could not be signalled", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while embedded PostgreSQL ended", e);
        }
        stop(); // lets go of the data directory
    }

    /** Starts again after {@link #stop()} or {@link #crash()}, on the same port with the same data. */
    public void restart() {
        process = EmbeddedServer.start(builder().setPort(process.getPort()));
    }

    @Override
    public void close() {
        stop();
        try (Stream<Path> files = Files.walk(dataDirectory)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("left over: " + dataDirectory, e);
        }
    }

    private EmbeddedPostgres.Builder builder() {
        return EmbeddedServer.builder()
                .setDataDirectory(dataDirectory)
                .setCleanDataDirectory(false)
                .setServerConfig("synchronous_commit", "on"); // zonky's default loses commits in a crash
    }
}
