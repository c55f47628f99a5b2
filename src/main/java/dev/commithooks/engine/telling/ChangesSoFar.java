package dev.commithooks.engine.telling;

import dev.commithooks.engine.log.Effect;
import dev.commithooks.engine.log.Folding;
import dev.commithooks.engine.log.LevelMark;
import dev.commithooks.engine.log.LogItem;
import dev.commithooks.engine.log.LoggedCallback;
import dev.commithooks.engine.log.Recorded;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.spi.HookObserver.Phase;
import java.util.List;
import java.util.function.Predicate;

/** The changes that a transaction's log amounts to so far, and who would hear of them. */
public final class ChangesSoFar {

    private final Policies policies;
    private final TransactionScope scope;
    private List<Effect> folded = List.of();
    private int foldedTo = -1;
    private int foldedCuts;

    /** The changes of a transaction. */
    public ChangesSoFar(Policies policies, TransactionScope scope) {
        this.policies = policies;
        this.scope = scope;
    }

    /** All changes; not folded again when nothing was written since. */
    public List<Effect> all() {
        int size = scope.size();
        int cuts = scope.cuts();
        if (foldedTo != size || foldedCuts != cuts) {
            folded = fold(0, size);
            foldedTo = size;
            foldedCuts = cuts;
        }
        return folded;
    }

    /** The changes of a part of the log. */
    List<Effect> fold(int from, int to) {
        return Folding.fold(policies.buckets(), scope.log(), from, to);
    }

    /** Whether anybody would be told how the transaction ended. */
    public boolean hasSomethingToTell() {
        return has(item -> !(item instanceof LevelMark));
    }

    /** Whether a phase can be passed over: folding is not free. */
    public boolean nobodyHears(Phase phase) {
        return !policies.isObserved()
                && !has(item -> item instanceof Recorded recorded
                                && recorded.hookedTable().hears(phase)
                        || item instanceof LoggedCallback callback && callback.phase() == phase);
    }

    private boolean has(Predicate<LogItem> wanted) {
        List<LogItem> log = scope.log();
        for (int i = 0; i < log.size(); i++) {
            if (wanted.test(log.get(i))) {
                return true;
            }
        }
        return false;
    }
}
