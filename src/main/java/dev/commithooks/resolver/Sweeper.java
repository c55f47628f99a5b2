package dev.commithooks.resolver;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/** Deletes markers whose time has passed, now and then. Thread-safe. */
final class Sweeper {

    private static final System.Logger LOG = System.getLogger("dev.commithooks");

    private final DataSource dataSource;
    private final Executor executor;
    private final InstantSource clock;
    private final long intervalNanos;
    private final AtomicLong next = new AtomicLong(System.nanoTime());

    Sweeper(DataSource dataSource, Executor executor, InstantSource clock, Duration retention) {
        this.dataSource = dataSource;
        this.executor = executor;
        this.clock = clock;
        this.intervalNanos = retention.toNanos() / 24;
    }

    /** A thread that ends with its work, and keeps no process alive. */
    static void onThreadOfItsOwn(Runnable work) {
        Thread thread = new Thread(work, "commit-hooks-marker-sweep");
        thread.setDaemon(true);
        thread.start();
    }

    /** Has them deleted if it is time. Costs a look at the clock. */
    void sweepIfTime() {
        long now = System.nanoTime();
        long due = next.get();
        if (now - due >= 0 && next.compareAndSet(due, now + intervalNanos)) {
            try {
                executor.execute(this::sweep);
            } catch (RejectedExecutionException e) {
                failed(e);
            }
        }
    }

    private void sweep() {
        try (Connection connection = dataSource.getConnection()) {
            MarkerTables.transaction(connection, it -> MarkerTables.sweep(it, clock.millis()));
        } catch (SQLException | RuntimeException e) {
            failed(e);
        }
    }

    private static void failed(Exception e) {
        LOG.log(
                System.Logger.Level.WARNING,
                "Markers whose time has passed could not be deleted from commit_marker. They do no harm but take room;"
                        + " it is tried again.",
                e);
    }
}
