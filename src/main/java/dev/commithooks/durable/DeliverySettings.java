package dev.commithooks.durable;

import java.time.Duration;
import java.util.Objects;

/** The settings of one node that delivers durable hooks. Immutable; each method returns settings that differ in one point. */
public final class DeliverySettings {

    private static final DeliverySettings DEFAULTS = new DeliverySettings(
            4,
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            20,
            Duration.ofSeconds(1),
            Duration.ofHours(1),
            500,
            "hook_delivery");

    /** How many missed heartbeats make an execution dead. */
    static final int MISSED_HEARTBEATS = 6;

    private final int threads;
    private final Duration polling;
    private final Duration heartbeat;
    private final int attempts;
    private final Duration firstBackoff;
    private final Duration longestBackoff;
    private final int chunk;
    private final String table;

    private DeliverySettings(
            int threads,
            Duration polling,
            Duration heartbeat,
            int attempts,
            Duration firstBackoff,
            Duration longestBackoff,
            int chunk,
            String table) {
        this.threads = positive(threads, "threads");
        this.polling = positive(polling, "polling");
        this.heartbeat = positive(heartbeat, "heartbeat");
        this.attempts = positive(attempts, "attempts");
        this.firstBackoff = positive(firstBackoff, "first backoff");
        this.longestBackoff = positive(longestBackoff, "longest backoff");
        this.chunk = positive(chunk, "chunk");
        this.table = table;
        if (!table.matches("[a-z_][a-z0-9_]*(\\.[a-z_][a-z0-9_]*)?")) {
            throw new IllegalArgumentException(
                    "'" + table + "' is no table's name in lower case, with or without a schema");
        }
    }

    /**
     * 4 threads, a poll every 10 seconds for what the nudge after COMMIT does not reach, a heartbeat every 10 seconds (a node
     * that dies is noticed after one to two minutes), 20 attempts with pauses from 1 second to 1 hour, that is for eight hours,
     * 500 changes to a parcel, in the table {@code hook_delivery}.
     */
    public static DeliverySettings defaults() {
        return DEFAULTS;
    }

    /** How many hooks run at a time on this node; the data source should give one connection more. */
    public DeliverySettings threads(int count) {
        return new DeliverySettings(count, polling, heartbeat, attempts, firstBackoff, longestBackoff, chunk, table);
    }

    /** How often the node looks for what other nodes handed over, and for attempts that are due. */
    public DeliverySettings polling(Duration interval) {
        return new DeliverySettings(threads, interval, heartbeat, attempts, firstBackoff, longestBackoff, chunk, table);
    }

    /**
     * How often the node says that it lives. What a dead node was at is taken over when six heartbeats are missing, which others
     * look for every two. A hook must not run for longer than that with its thread blocked from the database's point of view:
     * heartbeats have threads of their own.
     */
    public DeliverySettings heartbeat(Duration interval) {
        return new DeliverySettings(threads, polling, interval, attempts, firstBackoff, longestBackoff, chunk, table);
    }

    /** After how many attempts a parcel is parked; a crash of the node counts as one. */
    public DeliverySettings attempts(int limit) {
        return new DeliverySettings(threads, polling, heartbeat, limit, firstBackoff, longestBackoff, chunk, table);
    }

    /** The pause after the first attempt, which doubles with each, and the longest. */
    public DeliverySettings backoff(Duration first, Duration longest) {
        return new DeliverySettings(threads, polling, heartbeat, attempts, first, longest, chunk, table);
    }

    /**
     * How many changes a parcel holds at most: so many are repeated when a node crashes. A parcel of a million characters takes no
     * more in any case.
     */
    public DeliverySettings chunk(int changes) {
        return new DeliverySettings(
                threads, polling, heartbeat, attempts, firstBackoff, longestBackoff, changes, table);
    }

    /** Which table the parcels are in; {@link #ddl()} makes it. */
    public DeliverySettings table(String name) {
        return new DeliverySettings(threads, polling, heartbeat, attempts, firstBackoff, longestBackoff, chunk, name);
    }

    /** The statements that make the table of this name, its sequence {@code _seq}, and the view {@code _status}. */
    public String ddl() {
        return ParcelTable.ddl(table);
    }

    int threads() {
        return threads;
    }

    Duration polling() {
        return polling;
    }

    Duration heartbeat() {
        return heartbeat;
    }

    int attempts() {
        return attempts;
    }

    int chunk() {
        return chunk;
    }

    String table() {
        return table;
    }

    /** The pause after so many failed attempts. */
    Duration backoff(int failed) {
        int doublings = Math.min(failed - 1, 30);
        Duration pause = firstBackoff.multipliedBy(1L << doublings);
        return pause.compareTo(longestBackoff) > 0 ? longestBackoff : pause;
    }

    private static int positive(int value, String what) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " must be at least 1, not " + value);
        }
        return value;
    }

    private static Duration positive(Duration value, String what) {
        if (Objects.requireNonNull(value, what).isNegative() || value.isZero()) {
            throw new IllegalArgumentException(what + " must be longer than nothing, not " + value);
        }
        return value;
    }

    @Override
    public String toString() {
        return threads + " threads, " + attempts + " attempts, " + chunk + " changes a parcel, table " + table;
    }
}
