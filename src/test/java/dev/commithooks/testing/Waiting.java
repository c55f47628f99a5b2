package dev.commithooks.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what will be so. */
public final class Waiting {

    private static final Duration LONG = Duration.ofSeconds(60);

    private Waiting() {}

    /** Until the condition holds. */
    public static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("still not so after " + LONG);
            }
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }
}
