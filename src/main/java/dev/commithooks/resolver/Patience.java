package dev.commithooks.resolver;

import java.time.Duration;

/**
 * How long a resolver asks, and how often.
 *
 * @param deadline how long
 * @param pollInterval the time between two questions
 */
record Patience(Duration deadline, Duration pollInterval) {

    /** Ten seconds, twenty times in each. */
    static final Patience DEFAULT = new Patience(Duration.ofSeconds(10), Duration.ofMillis(50));

    /** @throws IllegalArgumentException for a duration that is not positive */
    Patience {
        requirePositive(deadline, "deadline");
        requirePositive(pollInterval, "pollInterval");
    }

    private static void requirePositive(Duration duration, String name) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, but is " + duration);
        }
    }

    Patience withDeadline(Duration changed) {
        return new Patience(changed, pollInterval);
    }

    Patience withPollInterval(Duration changed) {
        return new Patience(deadline, changed);
    }

    /** Waits until it is time to ask again. False when interrupted; the flag stays set. */
    boolean pause() {
        try {
            Thread.sleep(pollInterval.toMillis(), pollInterval.toNanosPart() % 1_000_000);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
