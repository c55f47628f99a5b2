package dev.commithooks.policy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How often a transaction is tried that loses against others: one that fails with a serialization failure (SQLState 40001), a
 * deadlock (40P01, elsewhere 40001 too) or SQLite's BUSY (error code 5, and no SQLState), wherever in the exception's causes that
 * is said. Any other failure ends it at once, and so does every
 * failure of a transaction that is committed, or may be. Immutable and thread-safe.
 *
 * <pre>{@code
 * RetryPolicy.attempts(5).backoff(Duration.ofMillis(10), 2, Duration.ofSeconds(1))
 * }</pre>
 */
public final class RetryPolicy {

    /** Waits between two attempts. */
    @FunctionalInterface
    public interface Sleeper {

        /** Waits that long; an interrupt ends the retrying. */
        void sleep(Duration duration) throws InterruptedException;
    }

    private static final String SERIALIZATION_FAILURE = "40001";
    private static final String DEADLOCK = "40P01";
    private static final int PRIMARY_CODE_OF_SQLITE = 0xff;
    private static final int BUSY = 5;

    private static final RetryPolicy ONCE = new RetryPolicy(
            1,
            Duration.ofMillis(10),
            2,
            Duration.ofSeconds(1),
            0.5,
            duration -> Thread.sleep(duration.toMillis(), duration.toNanosPart() % 1_000_000),
            () -> ThreadLocalRandom.current().nextDouble());

    private final int attempts;
    private final Duration initial;
    private final double factor;
    private final Duration max;
    private final double jitter;
    private final Sleeper sleeper;
    private final DoubleSupplier random;

    private RetryPolicy(
            int attempts,
            Duration initial,
            double factor,
            Duration max,
            double jitter,
            Sleeper sleeper,
            DoubleSupplier random) {
        this.attempts = attempts;
        this.initial = initial;
        this.factor = factor;
        this.max = max;
        this.jitter = jitter;
        this.sleeper = sleeper;
        this.random = random;
    }

    /**
     * That many attempts in all, the first included; by default 10 ms apart, twice as long each time up to a second, each wait
     * shortened at random by up to half.
     *
     * @throws IllegalArgumentException when there is to be no attempt
     */
    public static RetryPolicy attempts(int attempts) {
        if (attempts < 1) {
            throw new IllegalArgumentException("retry: attempts(" + attempts
                    + ") would never run the transaction; say 1 for no retry, or how often it may run in all");
        }
        return new RetryPolicy(attempts, ONCE.initial, ONCE.factor, ONCE.max, ONCE.jitter, ONCE.sleeper, ONCE.random);
    }

    /**
     * Waits this long before the second attempt, and by the factor longer before each further one, up to a maximum.
     *
     * @throws IllegalArgumentException when waits are negative, or shrink
     */
    public RetryPolicy backoff(Duration newInitial, double newFactor, Duration newMax) {
        if (newInitial.isNegative() || newMax.compareTo(newInitial) < 0 || !(newFactor >= 1)) {
            throw new IllegalArgumentException("retry: backoff(" + newInitial + ", " + newFactor + ", " + newMax
                    + ") needs 0 <= initial <= max and a factor of at least 1");
        }
        return new RetryPolicy(attempts, newInitial, newFactor, newMax, jitter, sleeper, random);
    }

    /**
     * Shortens each wait at random by up to this part of it, so that transactions which collided do not collide again: 0 for
     * not at all, 1 for down to nothing.
     *
     * @throws IllegalArgumentException when it is no part
     */
    public RetryPolicy jitter(double newJitter) {
        if (!(newJitter >= 0 && newJitter <= 1)) {
            throw new IllegalArgumentException("retry: jitter(" + newJitter + ") must be between 0 and 1");
        }
        return new RetryPolicy(attempts, initial, factor, max, newJitter, sleeper, random);
    }

    /** Waits by other means than {@link Thread#sleep}; for tests. */
    public RetryPolicy sleeper(Sleeper newSleeper) {
        return new RetryPolicy(
                attempts, initial, factor, max, jitter, Objects.requireNonNull(newSleeper, "sleeper"), random);
    }

    /** Takes the jitter's numbers, at least 0 and less than 1, from elsewhere; for tests. */
    public RetryPolicy random(DoubleSupplier newRandom) {
        return new RetryPolicy(
                attempts, initial, factor, max, jitter, sleeper, Objects.requireNonNull(newRandom, "random"));
    }

    /** The number of attempts in all. */
    public int attempts() {
        return attempts;
    }

    /** The pause after an attempt, the first being 1, before the next; drawn anew each time. */
    public Duration delayAfter(int attempt) {
        double nanos = Math.min(initial.toNanos() * Math.pow(factor, attempt - 1.0), (double) max.toNanos());
        return Duration.ofNanos((long) (nanos * (1 - jitter * random.getAsDouble())));
    }

    /** Waits after an attempt, the first being 1, before the next. */
    public void await(int attempt) throws InterruptedException {
        sleeper.sleep(delayAfter(attempt));
    }

    /** Whether the failure says that the transaction lost against another one, and would succeed alone. */
    public static boolean isTransient(@Nullable Throwable failure) {
        return isTransient(failure, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static boolean isTransient(@Nullable Throwable failure, Set<Throwable> seen) {
        for (Throwable cause = failure; cause != null && seen.add(cause); cause = cause.getCause()) {
            if (cause instanceof SQLException sql && (hasLost(sql) || isTransient(sql.getNextException(), seen))) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasLost(SQLException answer) {
        String state = answer.getSQLState();
        return state == null
                ? (answer.getErrorCode() & PRIMARY_CODE_OF_SQLITE) == BUSY
                : state.equals(SERIALIZATION_FAILURE) || state.equals(DEADLOCK);
    }

    @Override
    public String toString() {
        return attempts == 1
                ? "1 attempt"
                : "up to " + attempts + " attempts, " + initial.toMillis() + " ms to " + max.toMillis() + " ms apart";
    }
}
