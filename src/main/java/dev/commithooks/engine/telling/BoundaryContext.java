package dev.commithooks.engine.telling;

import dev.commithooks.change.ChangeSet;
import dev.commithooks.engine.log.Effect;
import dev.commithooks.hook.HookContext;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** What the hooks of one phase of one boundary are given. */
final class BoundaryContext implements HookContext {

    private final Supplier<Configuration> configuration;
    private final @Nullable Supplier<Configuration> attachment;
    private final TransactionInfo transaction;
    private final List<Effect> effects;
    private final @Nullable Outcome outcome;
    private final @Nullable Failure failure;
    private final Map<String, ChangeSet> changeSets;
    private String hook = "";
    private boolean beforeRan;

    /**
     * The surroundings of one phase.
     *
     * @param configuration what {@link #dsl()} runs with
     * @param attachment what rows are attached to, if anything
     * @param outcome how the transaction ended; null before
     * @param failure why it was rolled back, if it was
     */
    BoundaryContext(
            Supplier<Configuration> configuration,
            @Nullable Supplier<Configuration> attachment,
            TransactionInfo transaction,
            List<Effect> effects,
            @Nullable Outcome outcome,
            @Nullable Failure failure) {
        this(configuration, attachment, transaction, effects, outcome, failure, new HashMap<>(2));
    }

    private BoundaryContext(
            Supplier<Configuration> configuration,
            @Nullable Supplier<Configuration> attachment,
            TransactionInfo transaction,
            List<Effect> effects,
            @Nullable Outcome outcome,
            @Nullable Failure failure,
            Map<String, ChangeSet> changeSets) {
        this.configuration = configuration;
        this.attachment = attachment;
        this.transaction = transaction;
        this.effects = effects;
        this.outcome = outcome;
        this.failure = failure;
        this.changeSets = changeSets;
    }

    /** This context as it is for the call at hand, whatever it is turned to afterwards. */
    BoundaryContext ofCallAtHand() {
        BoundaryContext same =
                new BoundaryContext(configuration, attachment, transaction, effects, outcome, failure, changeSets);
        same.turnTo(hook, beforeRan);
        return same;
    }

    /** The next call is of this hook, for changes whose before hooks ran or did not. */
    void turnTo(String nextHook, boolean itsBeforeRan) {
        hook = nextHook;
        beforeRan = itsBeforeRan;
    }

    /** What rows made for the hook are attached to. */
    @Nullable
    Supplier<Configuration> attachment() {
        return attachment;
    }

    @Override
    public DSLContext dsl() {
        return configuration.get().dsl();
    }

    @Override
    public TransactionInfo transaction() {
        return transaction;
    }

    @Override
    public ChangeSet changes() {
        return changeSets.computeIfAbsent(
                hook, name -> ChangeSet.of(Effect.changes(effects, attachment), Effect.summaries(effects)));
    }

    @Override
    public Optional<Outcome> outcome() {
        return Optional.ofNullable(outcome);
    }

    /** The failure, as it is for the change at hand. */
    @Override
    public Optional<Failure> failure() {
        Failure known = failure;
        return known == null
                ? Optional.empty()
                : Optional.of(Failure.of(known.stage(), known.cause().orElse(null), beforeRan));
    }

    @Override
    public String toString() {
        return transaction + (outcome == null ? "" : " " + outcome) + (failure == null ? "" : " " + failure);
    }
}
