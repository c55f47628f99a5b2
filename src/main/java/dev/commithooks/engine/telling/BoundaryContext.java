package dev.commithooks.engine.telling;

import dev.commithooks.change.ChangeSet;
import dev.commithooks.engine.log.Effect;
import dev.commithooks.engine.scope.ScopeInfo;
import dev.commithooks.hook.HookContext;
import dev.commithooks.spi.HookObserver.Phase;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.FailureStage;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** A part of a transaction at its boundary, as the hooks of one phase are given it. */
public final class BoundaryContext implements HookContext {

    private final Supplier<Configuration> configuration;
    private final TransactionInfo transaction;
    private final List<Effect> effects;
    private final @Nullable Outcome outcome;
    private final @Nullable Failure failure;
    private final IntPredicate beforeRan;
    /** By the hooks' names; made when one asks. */
    private @Nullable Map<String, ChangeSet> changeSets;

    private String hook = "";
    private boolean itsBeforeRan;

    /**
     * A part of a transaction.
     *
     * @param configuration what hooks work with; rows are attached to it, unless they are not there or may not be
     * @param transaction the transaction, seen from the part
     * @param effects its changes
     * @param outcome how it ended; null before
     * @param failure why it was rolled back, if it was
     * @param beforeRan tells, of a place in the log, whether before hooks ran for what stands there
     */
    public BoundaryContext(
            Supplier<Configuration> configuration,
            TransactionInfo transaction,
            List<Effect> effects,
            @Nullable Outcome outcome,
            @Nullable Failure failure,
            IntPredicate beforeRan) {
        this.configuration = configuration;
        this.transaction = transaction;
        this.effects = effects;
        this.outcome = outcome;
        this.failure = failure;
        this.beforeRan = beforeRan;
    }

    /** This context as it is for the call at hand, whatever it is turned to afterwards. */
    BoundaryContext ofCallAtHand() {
        BoundaryContext same = new BoundaryContext(configuration, transaction, effects, outcome, failure, beforeRan);
        same.changeSets = changeSets();
        same.turnTo(hook, itsBeforeRan);
        return same;
    }

    /** The next call is of this hook, for changes whose before hooks ran or did not. */
    void turnTo(String nextHook, boolean beforeHooksRan) {
        hook = nextHook;
        itsBeforeRan = beforeHooksRan;
    }

    /** Whether before hooks ran for what stands in this place of the log; asked for the sake of the failure, false where there is none. */
    boolean beforeRanAt(int position) {
        return failure != null && beforeRan.test(position);
    }

    /** The phase whose hooks are called. */
    Phase phase() {
        return outcome == null ? Phase.BEFORE : ScopeInfo.phaseOf(outcome);
    }

    List<Effect> effects() {
        return effects;
    }

    /** What rows made for the hook are attached to; null where the rows are not there, or may not be. */
    @Nullable
    Supplier<Configuration> attachment() {
        return outcome == null || outcome == Outcome.COMMITTED ? configuration : null;
    }

    /** The stage of the failure; null where there was none. */
    @Nullable
    FailureStage failureStage() {
        return failure == null ? null : failure.stage();
    }

    /** How it ended, where it has. */
    Outcome toldOutcome() {
        return Objects.requireNonNull(outcome);
    }

    private Map<String, ChangeSet> changeSets() {
        if (changeSets == null) {
            changeSets = new HashMap<>();
        }
        return changeSets;
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
        return changeSets()
                .computeIfAbsent(
                        hook, name -> ChangeSet.of(Effect.changes(effects, attachment()), Effect.summaries(effects)));
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
                : Optional.of(Failure.of(known.stage(), known.cause().orElse(null), itsBeforeRan));
    }

    @Override
    public String toString() {
        return transaction + (outcome == null ? "" : " " + outcome) + (failure == null ? "" : " " + failure);
    }
}
