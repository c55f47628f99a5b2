package dev.commithooks.engine.boundary;

import static dev.commithooks.transaction.Outcome.ROLLED_BACK;

import dev.commithooks.engine.log.Effect;
import dev.commithooks.engine.log.Folding;
import dev.commithooks.engine.log.LevelMark;
import dev.commithooks.engine.log.LogItem;
import dev.commithooks.engine.log.LoggedCallback;
import dev.commithooks.engine.log.Recorded;
import dev.commithooks.engine.scope.ScopeInfo;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.engine.telling.BeforeHooks;
import dev.commithooks.engine.telling.BoundaryContext;
import dev.commithooks.engine.telling.Policies;
import dev.commithooks.engine.telling.Suppressed;
import dev.commithooks.engine.telling.Telling;
import dev.commithooks.spi.HookObserver.Phase;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionAbortedException;
import dev.commithooks.transaction.TransactionInDoubtException;
import dev.commithooks.transaction.TransactionInfo;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The changes of one transaction on their way to its hooks: each gets its before hooks at most once, and exactly one of after,
 * failed and in doubt, when its part of the transaction has met its fate. Supplies the configuration of those that run when the
 * transaction has ended.
 */
final class Settlement implements Supplier<Configuration> {

    private final Policies policies;
    private final TransactionBoundary boundary;
    private final TransactionScope scope;
    private List<Effect> folded = List.of();
    private int foldedTo = -1;
    private int foldedCuts;

    private @Nullable BeforeHooks before;
    /** The end of the part of the log that no before hook was to hear of, where none was; -1 until then. */
    private int passedTo = -1;

    private @Nullable Telling telling;
    /** Made when one has. */
    private volatile @Nullable EndedParts endedParts;

    private volatile @Nullable Configuration outside;

    Settlement(Policies policies, TransactionBoundary boundary) {
        this.policies = policies;
        this.boundary = boundary;
        this.scope = boundary.scope();
    }

    private synchronized Telling telling() {
        if (telling == null) {
            telling = new Telling(
                    policies, scope.info(), boundary.configuration().transactionListenerProviders().length > 1);
        }
        return telling;
    }

    /**
     * A configuration like the transaction's, but outside of it. Derived when a hook asks for it, since most do not and it costs more
     * than all else that a transaction of one row does here.
     */
    @Override
    public Configuration get() {
        Configuration derived = outside;
        return derived != null ? derived : (outside = boundary.owned().afterwards(boundary.configuration()));
    }

    // ---------------------------------------------------------------- the changes so far

    /** All changes; not folded again when nothing was written since. */
    private List<Effect> changes() {
        int size = scope.size();
        int cuts = scope.cuts();
        if (foldedTo != size || foldedCuts != cuts) {
            folded = Folding.fold(policies.buckets(), scope.log(), 0, size);
            foldedTo = size;
            foldedCuts = cuts;
        }
        return folded;
    }

    /** As before hooks were given them, if they could be. */
    private List<Effect> changesInAnyCase() {
        try {
            return changes();
        } catch (RuntimeException | Error e) {
            return telling().fold(scope.log(), 0, scope.size());
        }
    }

    /** The changes as after hooks will be given them. */
    List<Effect> finalChanges() {
        return toldOf(changes());
    }

    /** Under the classic rule, rows that only before hooks wrote fire nothing. */
    private List<Effect> toldOf(List<Effect> changes) {
        int workEnd = before == null ? passedTo : before.workEnd();
        return workEnd < 0 || workEnd >= scope.size() || policies.cascade().firing()
                ? changes
                : changes.stream().filter(change -> change.position() < workEnd).toList();
    }

    /** Whether anybody would be told how the transaction ended. */
    boolean hasSomethingToTell() {
        List<LogItem> log = scope.log();
        for (int i = 0; i < log.size(); i++) {
            if (!(log.get(i) instanceof LevelMark)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a phase can be passed over: folding is not free. */
    private boolean nobodyHears(Phase phase) {
        if (policies.isObserved()) {
            return false;
        }
        List<LogItem> log = scope.log();
        for (int i = 0; i < log.size(); i++) {
            LogItem item = log.get(i);
            if (item instanceof Recorded recorded && recorded.hookedTable().hears(phase)
                    || item instanceof LoggedCallback callback && callback.phase() == phase) {
                return false;
            }
        }
        return true;
    }

    // ---------------------------------------------------------------- before the end

    /** Runs before hooks and callbacks, if anybody is to hear; false if nobody is. Throws what the first that throws threw. */
    boolean before() {
        int end = scope.size();
        if (nobodyHears(Phase.BEFORE) && scope.endBeforeCallbacks(end)) {
            passedTo = end;
            return false;
        }
        before = new BeforeHooks(policies, scope);
        before.run(this::changes, boundary.configuration());
        return true;
    }

    // ---------------------------------------------------------------- the end

    /** Tells hooks and callbacks how the transaction ended. The exceptions of hooks wait, see {@link #throwWaiting()}. */
    void settle(@Nullable Failure failure) {
        Outcome outcome = Objects.requireNonNull(scope.outcome());
        int told = 0;
        try {
            Throwable onItsWay = failure == null ? null : failure.cause().orElse(null);
            EndedParts parts = endedParts;
            told = parts == null ? 0 : parts.tellOfSevered(this, onItsWay);
            told += tell(outcome, failure, onItsWay);
        } finally {
            scope.end(Integer.MAX_VALUE);
            boundary.observeEnd(outcome, failure, told);
            letGo();
        }
    }

    private int tell(Outcome outcome, @Nullable Failure failure, @Nullable Throwable onItsWay) {
        Phase phase = ScopeInfo.phaseOf(outcome);
        if (phase != Phase.IN_DOUBT && (scope.end(0) || nobodyHears(phase) && scope.end(scope.size()))) {
            return 0;
        }
        List<Effect> changes = toldOf(changesInAnyCase());
        BoundaryContext all = new BoundaryContext(
                this, scope.info(), changes, outcome, outcome == ROLLED_BACK ? failure : null, ran());
        int seen = telling().tell(all, scope.log(), 0, onItsWay);
        while (!scope.end(seen)) {
            seen = telling().tellMore(all, scope.log(), seen, onItsWay);
        }
        return changes.size();
    }

    private IntPredicate ran() {
        return before == null ? position -> position < passedTo : before::ranAt;
    }

    /** Changes that hooks have kept must not keep all others. */
    private void letGo() {
        EndedParts parts = endedParts;
        if (parts != null) {
            parts.letGo();
        }
        folded = List.of();
        foldedTo = -1;
    }

    /** Throws what hooks threw and nobody could be told of yet, once. */
    void throwWaiting() {
        if (telling != null) {
            telling.throwWaiting();
        }
    }

    // ---------------------------------------------------------------- parts that end before

    private synchronized EndedParts endedParts() {
        EndedParts parts = endedParts;
        return parts != null ? parts : (endedParts = new EndedParts(policies, scope, telling()));
    }

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
            endedParts().add(new EndedParts.RolledBack(items, end, ran, info, cause));
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

    /** Tells hooks and callbacks of what was rolled back with savepoints; the enclosing transaction goes on. */
    void tellOfRolledBack(Configuration enclosing) {
        EndedParts parts = endedParts;
        if (parts != null) {
            parts.tellOfRolledBack(enclosing);
        }
    }

    /** The transaction was ended behind the hooks' back: what was recorded so far is in doubt, and told of at the end. */
    void sever() {
        boolean isHeard = hasSomethingToTell(); // savepoints alone leave nobody in doubt
        List<LogItem> part = scope.sever();
        if (isHeard) {
            endedParts().addSevered(part);
        }
        cutTo(0);
    }

    /** The exception for what was ended behind the hooks' back; null where nothing was. */
    @Nullable
    TransactionInDoubtException doubt() {
        EndedParts parts = endedParts;
        return parts == null ? null : parts.doubt();
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
}
