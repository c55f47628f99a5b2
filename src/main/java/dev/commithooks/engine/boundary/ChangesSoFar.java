package dev.commithooks.engine.boundary;

import dev.commithooks.engine.log.Folding;
import dev.commithooks.engine.log.LogItem;
import dev.commithooks.engine.log.LoggedCallback;
import dev.commithooks.engine.log.RowChange;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.spi.HookObserver.Phase;
import java.util.List;
import java.util.function.Predicate;

/** What a transaction's log amounts to so far, and who would hear of it. */
final class ChangesSoFar {

    private final Policies policies;
    private final TransactionScope scope;
    private List<RowChange> folded = List.of();
    private int foldedTo = -1;
    private int foldedCuts;

    ChangesSoFar(Policies policies, TransactionScope scope) {
        this.policies = policies;
        this.scope = scope;
    }

    /** All changes; not folded again when nothing was written since. */
    List<RowChange> all() {
        if (foldedTo != scope.size() || foldedCuts != scope.cuts()) {
            foldedTo = scope.size();
            foldedCuts = scope.cuts();
            folded = Folding.fold(policies.buckets(), scope.log(), 0, foldedTo);
        }
        return folded;
    }

    /** Whether anything was written that hooks would be told of. */
    boolean hasWritten() {
        return has(item -> item instanceof Write);
    }

    /** Whether anybody would be told how the transaction ended. */
    boolean hasSomethingToTell() {
        return has(item -> item instanceof Write || item instanceof LoggedCallback);
    }

    /** Whether a phase can be passed over: folding is not free. */
    boolean nobodyHears(Phase phase) {
        return !policies.isObserved()
                && !has(item ->
                        item instanceof Write write && write.hookedTable().hears(phase)
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
