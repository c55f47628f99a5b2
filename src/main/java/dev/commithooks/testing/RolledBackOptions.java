package dev.commithooks.testing;

import dev.commithooks.testing.Finding.Kind;
import dev.commithooks.transaction.IsolationLevel;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a {@link RolledBackDatabase} works. Immutable. */
public final class RolledBackOptions {

    private static final RolledBackOptions DEFAULTS =
            new RolledBackOptions(null, Duration.ofSeconds(5), Map.of(), false);

    private final @Nullable IsolationLevel isolation;
    private final Duration patience;
    private final Map<Kind, Verdict> verdicts;
    private final boolean onlyInTests;

    private RolledBackOptions(
            @Nullable IsolationLevel isolation, Duration patience, Map<Kind, Verdict> verdicts, boolean onlyInTests) {
        this.isolation = isolation;
        this.patience = patience;
        this.verdicts = verdicts;
        this.onlyInTests = onlyInTests;
    }

    /** The database's isolation level, a patience of five seconds, and each {@link Kind}'s own verdict. */
    public static RolledBackOptions defaults() {
        return DEFAULTS;
    }

    /** The same with an outer transaction of this level; transactions that ask for this one get it. */
    public RolledBackOptions isolation(IsolationLevel level) {
        return new RolledBackOptions(Objects.requireNonNull(level, "level"), patience, verdicts, onlyInTests);
    }

    /** The same where a thread waits this long for a transaction of another thread's, before it gets an exception. */
    public RolledBackOptions patience(Duration duration) {
        return new RolledBackOptions(isolation, Objects.requireNonNull(duration, "duration"), verdicts, onlyInTests);
    }

    /** The same with this verdict on findings of a kind. */
    public RolledBackOptions on(Kind kind, Verdict verdict) {
        Map<Kind, Verdict> changed = new EnumMap<>(Kind.class);
        changed.putAll(verdicts);
        changed.put(kind, verdict);
        return new RolledBackOptions(isolation, patience, Map.copyOf(changed), onlyInTests);
    }

    /**
     * The same where connections send nothing outside of tests, instead of being ordinary ones, whose writes stay: neither before
     * the test begins nor from a thread that it has left running.
     */
    public RolledBackOptions onlyInTests() {
        return new RolledBackOptions(isolation, patience, verdicts, true);
    }

    boolean areOnlyInTests() {
        return onlyInTests;
    }

    Optional<IsolationLevel> isolation() {
        return Optional.ofNullable(isolation);
    }

    Duration patience() {
        return patience;
    }

    Verdict verdictOn(Kind kind) {
        return verdicts.getOrDefault(kind, kind.verdict());
    }
}
