package dev.commithooks.engine.boundary;

import static dev.commithooks.transaction.Outcome.COMMITTED;
import static dev.commithooks.transaction.Outcome.ROLLED_BACK;
import static dev.commithooks.transaction.Outcome.UNKNOWN;

import dev.commithooks.engine.log.Effect;
import dev.commithooks.engine.log.LogItem;
import dev.commithooks.engine.log.LoggedCallback;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.engine.telling.BeforeHooks;
import dev.commithooks.engine.telling.ChangesSoFar;
import dev.commithooks.engine.telling.Policies;
import dev.commithooks.engine.telling.Suppressed;
import dev.commithooks.engine.telling.Telling;
import dev.commithooks.engine.telling.Telling.Part;
import dev.commithooks.spi.HookObserver.Phase;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.FailureStage;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionAbortedException;
import dev.commithooks.transaction.TransactionInDoubtException;
import dev.commithooks.transaction.TransactionInfo;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The changes of one transaction on their way to its hooks: each gets its before hooks at most once, and exactly one of after,
 * failed and in doubt, when its part of the transaction has met its fate.
 */
final class Settlement {

    private final Policies policies;
    private final TransactionBoundary boundary;
    private final TransactionScope scope;
    private final Supplier<Configuration> afterwards;
    /** Made when there is something to look at. */
    private @Nullable ChangesSoFar soFar;

    private @Nullable BeforeHooks before;
    /** The end of the part of the log that no before hook was to hear of, where none was; -1 until then. */
    private int passedTo = -1;

    private @Nullable Telling telling;
    /** Taken out of the log, up to one end of the transaction each, and told of when all has ended. */
    private List<List<LogItem>> severed = List.of();
    /** The exception for what was severed; made once, since it may be on its way before that is told of. */
    private @Nullable TransactionInDoubtException doubt;
    /** Taken out of the log, and told of at the next safe moment by whichever thread comes first. Changed under this one's lock. */
    private volatile List<RolledBack> rolledBack = List.of();

    /** The part of the log that came after a savepoint. */
    private record RolledBack(
            List<LogItem> items,
            int itemsAt,
            BitSet ran,
            TransactionInfo info,
            @Nullable Throwable cause) {}

    Settlement(Policies policies, TransactionBoundary boundary) {
        this.policies = policies;
        this.boundary = boundary;
        this.scope = boundary.scope();
        this.afterwards = new Afterwards(boundary);
    }

    /** The changes of the transaction so far. */
    ChangesSoFar soFar() {
        if (soFar == null) {
            soFar = new ChangesSoFar(policies, scope);
        }
        return soFar;
    }

    private synchronized Telling telling() {
        if (telling == null) {
            telling = new Telling(
                    policies, scope.info(), boundary.configuration().transactionListenerProviders().length > 1);
        }
        return telling;
    }

    /** Runs before hooks and callbacks; throws what the first that throws threw. */
    void before() {
        int end = scope.size();
        if (soFar().nobodyHears(Phase.BEFORE) && scope.endBeforeCallbacks(end)) {
            passedTo = end;
            return;
        }
        before = new BeforeHooks(policies, scope);
        before.run(soFar(), boundary.configuration());
    }

    // ---------------------------------------------------------------- the end

    /** Tells hooks and callbacks how the transaction ended. The exceptions of hooks wait, see {@link #throwWaiting()}. */
    void settle(@Nullable Failure failure) {
        Outcome outcome = Objects.requireNonNull(scope.outcome());
        int told = 0;
        try {
            Throwable onItsWay = failure == null ? null : failure.cause().orElse(null);
            told = tellOfSevered(onItsWay) + tell(outcome, failure, onItsWay);
        } finally {
            scope.end(Integer.MAX_VALUE);
            boundary.observeEnd(outcome, failure, told);
            severed = List.of(); // changes that hooks have kept must not keep all others
            soFar = null;
        }
    }

    private int tell(Outcome outcome, @Nullable Failure failure, @Nullable Throwable onItsWay) {
        Phase phase = LoggedCallback.phaseOf(outcome);
        if (phase != Phase.IN_DOUBT && (scope.end(0) || soFar().nobodyHears(phase) && scope.end(scope.size()))) {
            return 0;
        }
        List<Effect> changes = toldOf(allChanges());
        Part all = new Part(
                outcome,
                outcome == ROLLED_BACK ? failure : null,
                changes,
                scope.log(),
                0,
                ran(),
                scope.info(),
                afterwards,
                outcome == COMMITTED ? afterwards : null);
        int seen = telling().tell(all, onItsWay);
        while (!scope.end(seen)) {
            seen = telling().tellMore(all, seen, onItsWay);
        }
        return changes.size();
    }

    /** The changes as after hooks will be given them. */
    List<Effect> finalChanges() {
        return toldOf(soFar().all());
    }

    /** As before hooks were given them, if they could be. */
    private List<Effect> allChanges() {
        try {
            return soFar().all();
        } catch (RuntimeException | Error e) {
            return telling().fold(scope.log(), 0, scope.size());
        }
    }

    private IntPredicate ran() {
        return before == null ? position -> position < passedTo : before::ranAt;
    }

    /** Under the classic rule, rows that only before hooks wrote fire nothing. */
    private List<Effect> toldOf(List<Effect> changes) {
        int workEnd = before == null ? passedTo : before.workEnd();
        return workEnd < 0 || workEnd >= scope.size() || policies.cascade().firing()
                ? changes
                : changes.stream().filter(change -> change.position() < workEnd).toList();
    }

    /** Throws what hooks threw and nobody could be told of yet, once. */
    void throwWaiting() {
        if (telling != null) {
            telling.throwWaiting();
        }
    }

    // ---------------------------------------------------------------- parts that end before

    /** What came after a savepoint is rolled back: takes it out. Where nobody can tell what that was, all is to be rolled back. */
    void rollBackTo(Object savepoint, TransactionInfo info, @Nullable Throwable cause) {
        if (boundary.watch().dialect().keepsSavepoints() && scope.isOverrun(savepoint)) {
            scope.setRollbackOnly(Aborted.overrunSavepoint(scope, cause));
            return;
        }
        BitSet ran = ranSoFar();
        List<LogItem> items = scope.savepointRolledBack(savepoint);
        int end = scope.size();
        cutTo(end);
        if (!items.isEmpty()) {
            addRolledBack(new RolledBack(items, end, ran, info, cause));
        }
    }

    private BitSet ranSoFar() {
        if (before != null) {
            return before.ran();
        }
        BitSet ran = new BitSet(0);
        ran.set(0, Math.max(passedTo, 0));
        return ran;
    }

    private void cutTo(int end) {
        passedTo = Math.min(passedTo, end);
        if (before != null) {
            before.cutTo(end);
        }
    }

    private synchronized void addRolledBack(RolledBack part) {
        List<RolledBack> parts = new ArrayList<>(rolledBack);
        parts.add(part);
        rolledBack = parts;
    }

    private synchronized List<RolledBack> takeRolledBack() {
        List<RolledBack> taken = rolledBack;
        rolledBack = List.of();
        return taken;
    }

    /** Tells hooks and callbacks of what was rolled back with savepoints; the enclosing transaction goes on. */
    void tellOfRolledBack(Configuration enclosing) {
        if (rolledBack.isEmpty()) {
            return;
        }
        for (RolledBack part : takeRolledBack()) {
            List<Effect> changes = policies.tellOf(FailureStage.SAVEPOINT)
                    ? telling().fold(part.items(), 0, part.items().size())
                    : List.of();
            Failure failure = Failure.of(FailureStage.SAVEPOINT, part.cause(), false);
            telling()
                    .tell(
                            new Part(
                                    ROLLED_BACK,
                                    failure,
                                    changes,
                                    part.items(),
                                    part.itemsAt(),
                                    part.ran()::get,
                                    part.info(),
                                    () -> enclosing,
                                    null),
                            part.cause());
        }
    }

    /** The transaction was ended behind the hooks' back: what was recorded so far is in doubt, and told of at the end. */
    void sever() {
        List<LogItem> part = scope.sever();
        if (!part.isEmpty()) {
            List<List<LogItem>> all = new ArrayList<>(severed);
            all.add(part);
            severed = all;
        }
        cutTo(0);
    }

    /** The exception for what was ended behind the hooks' back; null where nothing was. */
    @Nullable
    TransactionInDoubtException doubt() {
        if (doubt == null && !severed.isEmpty()) {
            doubt = InDoubt.endedBehindOurBack(scope.info(), severedChanges().size());
        }
        return doubt;
    }

    /** The exception for a transaction that must not be committed; where a part of it was severed, that is not all of the truth. */
    RuntimeException orInDoubt(TransactionAbortedException aborted) {
        TransactionInDoubtException its = doubt();
        if (its == null) {
            return aborted;
        }
        Suppressed.add(its, aborted);
        return its;
    }

    /** Each part may have had a fate of its own: what came after a commit undoes nothing of what came before. */
    private List<Effect> severedChanges() {
        return severed.stream()
                .flatMap(part -> telling().fold(part, 0, part.size()).stream())
                .toList();
    }

    private int tellOfSevered(@Nullable Throwable onItsWay) {
        if (severed.isEmpty()) {
            return 0;
        }
        List<Effect> changes = severedChanges();
        List<LogItem> items = severed.stream().flatMap(List::stream).toList();
        TransactionInDoubtException its = Objects.requireNonNull(doubt());
        telling().take(its, onItsWay);
        telling()
                .tell(
                        new Part(UNKNOWN, null, changes, items, 0, position -> false, scope.info(), afterwards, null),
                        onItsWay == null ? its : onItsWay);
        return changes.size();
    }
}
