package dev.commithooks.engine.scope;

import dev.commithooks.spi.HookObserver.Phase;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What users are told of a transaction, seen from one of its levels.
 *
 * @param number the transaction's number in this process
 * @param nameOrNull the level's name, or the transaction's; null where neither was given one
 * @param attempt which attempt of a retried transaction
 * @param start when it began
 * @param startNanos when it began, on {@link System#nanoTime()}
 * @param depth how many savepoints deep the level is
 */
public record ScopeInfo(
        long number, @Nullable String nameOrNull, int attempt, Instant start, long startNanos, int depth)
        implements TransactionInfo {

    private static final String PROCESS =
            Long.toString(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), Character.MAX_RADIX);
    private static final AtomicLong LAST = new AtomicLong();

    /** The next transaction of this process, begun now, seen from its top. */
    public static ScopeInfo next(@Nullable String name, int attempt, Instant start) {
        return new ScopeInfo(LAST.incrementAndGet(), name, attempt, start, System.nanoTime(), 0);
    }

    /** The same transaction, seen from one of its levels. */
    ScopeInfo from(int level, @Nullable String itsName) {
        return new ScopeInfo(number, itsName == null ? nameOrNull : itsName, attempt, start, startNanos, level);
    }

    /** The phase of the hooks and callbacks that are told of an outcome. */
    public static Phase phaseOf(Outcome outcome) {
        return switch (outcome) {
            case COMMITTED -> Phase.AFTER;
            case ROLLED_BACK -> Phase.FAILED;
            case UNKNOWN -> Phase.IN_DOUBT;
        };
    }

    /** An id that no other process has. */
    @Override
    public String id() {
        return PROCESS + "-" + number;
    }

    @Override
    public Optional<String> name() {
        return Optional.ofNullable(nameOrNull);
    }

    @Override
    public String toString() {
        return "transaction " + id() + (nameOrNull == null ? "" : " '" + nameOrNull + "'")
                + (depth == 0 ? "" : ", savepoint at depth " + depth)
                + (attempt == 1 ? "" : ", attempt " + attempt);
    }
}
