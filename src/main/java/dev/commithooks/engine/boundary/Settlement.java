package dev.commithooks.engine.boundary;

import static dev.commithooks.transaction.Outcome.ROLLED_BACK;
import static dev.commithooks.transaction.Outcome.UNKNOWN;

import dev.commithooks.engine.log.Folding;
import dev.commithooks.engine.log.LogItem;
import dev.commithooks.engine.log.LoggedCallback;
import dev.commithooks.engine.log.RowChange;
import dev.commithooks.engine.scope.ScopeState;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.hook.PendingHooks;
import dev.commithooks.spi.HookObserver.Phase;
import dev.commithooks.spi.HookObserver.SavepointEvent;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.FailureStage;
import dev.commithooks.transaction.HookFailure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInDoubtException;
import dev.commithooks.transaction.TransactionInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * Tells the hooks of one transaction what became of its changes: each change gets its before hooks at most once, and exactly
 * one of after, failed and in doubt.
 */
public final class Settlement {

    /** Never altered: most transactions have no before hooks, and nobody ends them behind our back. */
    private static final BitSet NONE = new BitSet(0);

    private final Policies policies;
    private final TransactionScope scope;
    private final Configuration configuration;
    private BitSet beforeRan = NONE;
    /** Made when there is something to look at. */
    private @Nullable ChangesSoFar soFar;
    /** Made when there is something to take: hardly ever. */
    private @Nullable Aftermath aftermath;

    private List<LogItem> severed = List.of();
    private int workEnd = -1;
    private boolean callbacksOver;
    private @Nullable Outcome outcome;

    Settlement(Policies policies, TransactionScope scope, Configuration configuration) {
        this.policies = policies;
        this.scope = scope;
        this.configuration = configuration;
    }

    /** The configuration of the top level. */
    Configuration configuration() {
        return configuration;
    }

    /** How the transaction ended; null until it has. */
    public @Nullable Outcome outcome() {
        return outcome;
    }

    /** What the transaction has written so far. */
    ChangesSoFar soFar() {
        if (soFar == null) {
            soFar = new ChangesSoFar(policies, scope);
        }
        return soFar;
    }

    /** A callback of a phase that is over, or will not come, is refused. */
    void refuseIfTooLate(LoggedCallback callback) {
        boolean inTime = switch (scope.state()) {
            case ACTIVE -> true;
            case BEFORE -> callback.phase() != Phase.BEFORE || !callbacksOver;
            case ENDING -> false;
            case SETTLING -> outcome != null && callback.phase() == Delivery.phaseOf(outcome);
            case ENDED -> false;
        };
        if (!inTime) {
            throw new IllegalStateException(
                    "A callback for " + callback.methodName() + " comes too late and was not registered: " + this);
        }
    }

    /** What would fire if the transaction committed now. */
    public PendingHooks pending() {
        return new PendingView(policies, scope).pending();
    }

    // ---------------------------------------------------------------- before

    /**
     * Runs before hooks and callbacks, round after round as the cascade policy has it.
     *
     * @throws RuntimeException what the first hook that throws threw
     */
    void before(Configuration transaction) {
        workEnd = scope.size();
        beforeRan = new BitSet(workEnd);
        if (soFar().nobodyHears(Phase.BEFORE)) {
            beforeRan.set(0, workEnd);
            callbacksOver = true;
            return;
        }
        int from = 0;
        int to = workEnd;
        int callbacksFrom = 0;
        for (int round = 1; from < to; round++) {
            List<RowChange> changes =
                    from == 0 ? soFar().all() : Folding.fold(policies.buckets(), scope.log(), from, to);
            if (round > policies.cascade().rounds()) {
                if (changes.isEmpty() || round == 2 && policies.cascade().rounds() == 1) {
                    break;
                }
                throw GoingRound.exception(scope.id(), policies.cascade().rounds(), changes);
            }
            BoundaryContext context =
                    new BoundaryContext(() -> transaction, () -> transaction, scope.info(0, null), changes, null, null);
            Delivery delivery = new Delivery(Phase.BEFORE, changes, context, policies.observer(), beforeRan::get);
            try {
                if (!changes.isEmpty()) {
                    delivery.toHooks(beforeRan::set);
                }
                delivery.toCallbacks(scope.log(), callbacksFrom, 0);
            } catch (Exception failure) {
                throw Suppressed.<RuntimeException>rethrow(failure);
            }
            from = to;
            to = scope.size();
            callbacksFrom = to;
        }
        callbacksOver = true;
    }

    // ---------------------------------------------------------------- after

    /** Tells hooks and callbacks how the transaction ended. What they throw waits, see {@link #throwPending()}. */
    void settle(Outcome how, @Nullable Failure failure) {
        outcome = how;
        scope.enter(ScopeState.SETTLING);
        OpenTransactions.leave(scope);
        int told = 0;
        try {
            told = tellOfSevered(onItsWay(failure)) + tell(how, failure);
        } finally {
            scope.enter(ScopeState.ENDED);
            observeEnd(how, failure, told);
            severed = List.of(); // changes that hooks have kept must not keep all others
            soFar = null;
        }
    }

    /** The transaction has ended, and all its hooks have run. */
    void observeEnd(Outcome how, @Nullable Failure failure, int told) {
        if (policies.isObserved()) {
            Duration duration = Duration.ofNanos(System.nanoTime() - scope.startNanos());
            policies.observer().outcome(scope.info(0, null), how, failure, told, duration);
        }
    }

    private int tell(Outcome how, @Nullable Failure failure) {
        Phase phase = Delivery.phaseOf(how);
        if (scope.size() == 0 || phase != Phase.IN_DOUBT && soFar().nobodyHears(phase)) {
            return 0;
        }
        List<RowChange> changes = toldOf(soFar().all());
        OutsideConfiguration outside = new OutsideConfiguration(configuration);
        boolean hooks = failure == null || policies.tellOf(failure.stage());
        BoundaryContext context = new BoundaryContext(
                outside,
                phase == Phase.AFTER ? outside : null,
                scope.info(0, null),
                changes,
                how,
                how == ROLLED_BACK ? failure : null);
        List<HookFailure> failures =
                deliver(phase, hooks ? changes : List.of(), context, scope.log(), 0, beforeRan::get);
        take(how, failures, onItsWay(failure));
        return changes.size();
    }

    /** Under the classic rule, rows that only before hooks wrote fire nothing. */
    private List<RowChange> toldOf(List<RowChange> changes) {
        return policies.cascade().firing() || workEnd < 0
                ? changes
                : changes.stream().filter(change -> change.position() < workEnd).toList();
    }

    private List<HookFailure> deliver(
            Phase phase,
            List<RowChange> changes,
            BoundaryContext context,
            List<LogItem> callbacks,
            int callbacksAt,
            IntPredicate ran) {
        Delivery delivery = new Delivery(phase, changes, context, policies.observer(), ran);
        try {
            if (!changes.isEmpty()) {
                if (phase == Phase.IN_DOUBT) {
                    Doubt.log(scope.id(), changes);
                }
                delivery.toHooks(position -> {});
            }
            delivery.toCallbacks(callbacks, 0, callbacksAt);
        } catch (Exception impossible) {
            throw new IllegalStateException("hooks of phase " + phase + " are gathered, not thrown", impossible);
        }
        return delivery.failures();
    }

    private static @Nullable Throwable onItsWay(@Nullable Failure failure) {
        return failure == null ? null : failure.cause().orElse(null);
    }

    private void take(Outcome how, List<HookFailure> failures, @Nullable Throwable onItsWay) {
        if (!failures.isEmpty()) {
            aftermath().take(how, failures, onItsWay);
        }
    }

    private Aftermath aftermath() {
        if (aftermath == null) {
            boolean mayBeForestalled = configuration.transactionListenerProviders().length > 1;
            aftermath = new Aftermath(scope, policies.afterCommitErrors(), mayBeForestalled);
        }
        return aftermath;
    }

    /** Throws what hooks threw and nobody could be told of yet, once. */
    void throwPending() {
        if (aftermath != null) {
            aftermath.throwWaiting();
        }
    }

    // ---------------------------------------------------------------- on the way

    /** Tells hooks and callbacks of what a savepoint wrote that was rolled back; the enclosing transaction goes on. */
    void savepointRolledBack(
            List<LogItem> cut, TransactionInfo savepoint, Configuration enclosing, @Nullable Throwable cause) {
        int from = scope.size();
        BitSet ran = (BitSet) beforeRan.clone();
        beforeRan.clear(from, Math.max(from, beforeRan.length()));
        workEnd = Math.min(workEnd, from);
        if (cut.isEmpty()) {
            return;
        }
        List<RowChange> changes = policies.tellOf(FailureStage.SAVEPOINT)
                ? Folding.fold(policies.buckets(), cut, 0, cut.size())
                : List.of();
        Failure failure = Failure.of(FailureStage.SAVEPOINT, cause, false);
        BoundaryContext context = new BoundaryContext(() -> enclosing, null, savepoint, changes, ROLLED_BACK, failure);
        take(ROLLED_BACK, deliver(Phase.FAILED, changes, context, cut, from, ran::get), cause);
    }

    /** A savepoint that is no nested transaction's was set, released or rolled back. */
    void savepointByHand(SavepointEvent event) {
        policies.observer().savepoint(scope.info(0, null), event);
    }

    /** The transaction was ended behind our back: what was recorded so far is in doubt, and told at the end. */
    void sever() {
        List<LogItem> all = new ArrayList<>(severed);
        all.addAll(scope.sever());
        severed = all;
        beforeRan = new BitSet();
        workEnd = -1;
    }

    private int tellOfSevered(@Nullable Throwable onItsWay) {
        if (severed.isEmpty()) {
            return 0;
        }
        List<RowChange> changes = Folding.fold(policies.buckets(), severed, 0, severed.size());
        BoundaryContext context = new BoundaryContext(
                new OutsideConfiguration(configuration), null, scope.info(0, null), changes, UNKNOWN, null);
        List<HookFailure> failures =
                deliver(Phase.IN_DOUBT, changes, context, List.copyOf(severed), 0, position -> false);
        TransactionInDoubtException doubt = Doubt.endedBehindOurBack(scope.id(), changes.size());
        aftermath().take(doubt, onItsWay);
        take(UNKNOWN, failures, onItsWay == null ? doubt : onItsWay);
        return changes.size();
    }

    /** A clean-up after the end of the transaction failed: observed, never thrown. */
    void cleanUpFailed(Throwable failure) {
        Failures.logCleanUp(scope.id(), failure);
        policies.observer().cleanUpFailed(scope.info(0, null), failure);
    }

    @Override
    public String toString() {
        return "transaction " + scope.id() + (outcome == null ? " is " + scope.state() : " has ended, " + outcome);
    }
}
