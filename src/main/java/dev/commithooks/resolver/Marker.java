package dev.commithooks.resolver;

import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;

/**
 * One transaction's row in the table of markers, as the one who wrote it remembers it.
 *
 * @param home the database it is in
 * @param expiresAt when anybody may delete it, in milliseconds
 * @param retention how long that was when it was written
 * @param clock the clock that this is told by
 * @param startNanos when it was written, by a clock that nobody sets
 */
record Marker(String id, String home, long expiresAt, Duration retention, InstantSource clock, long startNanos) {

    static Marker in(String home, Duration retention, InstantSource clock) {
        return new Marker(
                UUID.randomUUID().toString(),
                home,
                clock.millis() + retention.toMillis(),
                retention,
                clock,
                System.nanoTime());
    }

    /**
     * Whether half of its time is over, by either clock: from then on it may have been deleted, by somebody whose clock is fast,
     * and that it is not there says nothing.
     */
    boolean mayBeDeleted() {
        long half = retention.toMillis() / 2;
        boolean passed = System.nanoTime() - startNanos > half * 1_000_000;
        return passed || clock.millis() > expiresAt - half;
    }
}
