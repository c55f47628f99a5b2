package dev.commithooks.engine.scope;

import dev.commithooks.transaction.TransactionInfo;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Which transaction it is.
 *
 * @param number its number in this process
 * @param name the name it was given
 * @param attempt which attempt of a retried transaction
 * @param start when it began
 * @param startNanos when it began, on {@link System#nanoTime()}
 */
public record ScopeIdentity(long number, @Nullable String name, int attempt, Instant start, long startNanos) {

    private static final String PROCESS =
            Long.toString(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), Character.MAX_RADIX);
    private static final AtomicLong LAST = new AtomicLong();

    /** The next transaction of this process, begun now. */
    public static ScopeIdentity next(@Nullable String name, int attempt, Instant start) {
        return new ScopeIdentity(LAST.incrementAndGet(), name, attempt, start, System.nanoTime());
    }

    /** An id that no other process has. */
    public String id() {
        return PROCESS + "-" + number;
    }

    /** The public description of the transaction, seen from its top. */
    public TransactionInfo info() {
        return new ScopeInfo(this, 0, name);
    }
}
