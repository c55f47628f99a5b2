package dev.commithooks.engine.telling;

import dev.commithooks.engine.log.Effect;
import dev.commithooks.engine.log.Folding;
import dev.commithooks.engine.log.RowChange;
import dev.commithooks.engine.registry.BoundHook;
import dev.commithooks.engine.scope.TransactionScope;
import java.util.BitSet;
import java.util.List;
import java.util.function.Supplier;
import org.jooq.Configuration;

/**
 * The before hooks and callbacks of one commit, round after round as the cascade policy has it. A hook may roll back to a
 * savepoint: what that took out is told of no more, and what is left is folded anew.
 */
public final class BeforeHooks {

    /** Never altered. */
    private static final BitSet NONE = new BitSet(0);

    private final Policies policies;
    private final TransactionScope scope;
    private BitSet ran = NONE;
    /** The end of the work's own writes in the log; -1 as long as before hooks have not begun. */
    private int workEnd = -1;

    private int roundEnd;
    private boolean wasCut;

    /** The before hooks of a transaction that is at work. */
    public BeforeHooks(Policies policies, TransactionScope scope) {
        this.policies = policies;
        this.scope = scope;
    }

    /** Whether the before hooks ran of what stands in this place of the log. */
    public boolean ranAt(int position) {
        return ran.get(position);
    }

    /** Notes which ones ran, before some of them are cut off. */
    public BitSet ran() {
        return (BitSet) ran.clone();
    }

    /** The end of the work's own writes in the log; -1 where before hooks have not run. */
    public int workEnd() {
        return workEnd;
    }

    /** The log ends here now: something was taken out. */
    public void cutTo(int end) {
        if (ran != NONE) {
            ran.clear(end, Math.max(end, ran.length()));
        }
        workEnd = Math.min(workEnd, end);
        if (end < roundEnd) {
            roundEnd = end;
            wasCut = true;
        }
    }

    /**
     * Runs them.
     *
     * @param all the changes of the transaction so far
     * @throws RuntimeException what the first hook that throws threw
     */
    public void run(Supplier<List<Effect>> all, Configuration transaction) {
        workEnd = scope.size();
        ran = new BitSet(workEnd);
        int from = 0;
        int callbacksFrom = 0;
        roundEnd = workEnd;
        for (int round = 1; ; round++) {
            List<Effect> changes = from == 0 ? all.get() : fold(from, roundEnd);
            if (round > policies.cascade().rounds()) {
                if (changes.isEmpty() || !policies.cascade().refusesMore()) {
                    scope.endBeforeCallbacks(Integer.MAX_VALUE);
                    return;
                }
                throw GoingRound.exception(scope.id(), policies.cascade().rounds(), changes);
            }
            callbacksFrom = round(from, changes, callbacksFrom, transaction);
            from = roundEnd;
            roundEnd = scope.size();
            if (from >= roundEnd && scope.endBeforeCallbacks(callbacksFrom)) {
                return;
            }
        }
    }

    private int round(int from, List<Effect> all, int callbacksFrom, Configuration transaction) {
        List<Effect> changes = all;
        try {
            do {
                wasCut = false;
                if (!changes.isEmpty()) {
                    delivery(changes, transaction).toHooks(changes);
                }
                if (wasCut) {
                    changes = fold(from, roundEnd);
                }
            } while (wasCut);
            return delivery(changes, transaction).toCallbacks(scope.log(), callbacksFrom, 0);
        } catch (Exception failure) {
            throw Suppressed.<RuntimeException>rethrow(failure);
        }
    }

    private List<Effect> fold(int from, int to) {
        return Folding.fold(policies.buckets(), scope.log(), from, to);
    }

    private Delivery delivery(List<Effect> changes, Configuration transaction) {
        BoundaryContext context =
                new BoundaryContext(() -> transaction, scope.info(), changes, null, null, this::ranAt);
        return new Delivery(context, policies) {
            @Override
            public void forChange(BoundHook hook, RowChange change) throws Exception {
                if (!ranAt(change.position()) && change.position() < roundEnd) {
                    super.forChange(hook, change);
                }
            }

            @Override
            public void isDone(Effect effect) {
                if (effect.position() < roundEnd) {
                    ran.set(effect.position());
                }
            }

            @Override
            public boolean goesOn() {
                return !wasCut;
            }
        };
    }
}
