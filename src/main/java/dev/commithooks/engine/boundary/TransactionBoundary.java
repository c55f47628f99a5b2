package dev.commithooks.engine.boundary;

import static dev.commithooks.engine.scope.ScopeState.BEFORE;
import static dev.commithooks.engine.scope.ScopeState.ENDED;
import static dev.commithooks.engine.scope.ScopeState.ENDING;
import static dev.commithooks.transaction.Outcome.COMMITTED;
import static dev.commithooks.transaction.Outcome.ROLLED_BACK;
import static dev.commithooks.transaction.Outcome.UNKNOWN;

import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.engine.telling.PendingView;
import dev.commithooks.engine.telling.Policies;
import dev.commithooks.hook.PendingHooks;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.spi.OutcomeResolver.Inquiry;
import dev.commithooks.spi.OwnedTransaction;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.FailureStage;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionAbortedException;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.util.Objects;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The boundary of one top-level transaction, whoever owns it; owners that are not jOOQ drive it by an {@link OwnersBoundary}.
 *
 * <p>The life of a commit:
 *
 * <ol>
 *   <li>{@link #prepare()}, while the transaction is open. Other threads' statements are waited for, later ones refused. A
 *       transaction that is to be rolled back goes no further, nor does one that PostgreSQL holds to be aborted: the server would
 *       answer COMMIT with ROLLBACK, and pgjdbc and jOOQ would report success. Before hooks run; what they write is part of the
 *       transaction; what they did to it is checked again. Then whoever takes part in the commit notes or writes what it needs.
 *   <li>COMMIT, sent and judged by the owner.
 *   <li>{@link #completed} decides the outcome. No hook runs yet: the connection may not be given back, the thread may not be the
 *       transaction's.
 *   <li>{@link #tell()} runs after, failed or in-doubt hooks. What they throw waits for {@link #throwWaiting()}, since an owner
 *       may not let an exception out where it calls the one, and may where it calls the other.
 * </ol>
 *
 * <p>Whatever fails before the outcome is known is thrown; the owner then rolls back, and goes on with {@link #completed}.
 */
public final class TransactionBoundary extends Level {

    final Policies policies;
    private final TransactionScope scope;
    private final OwnedTransaction owned;
    private final ConnectionWatch watch = new ConnectionWatch(this);
    /** Made when there is something to settle. */
    private volatile @Nullable Settlement settlement;

    private FailureStage stage = FailureStage.WORK;
    private @Nullable Throwable cause;
    private @Nullable Participants participants;
    private boolean haveBeforeHooksRun;
    private boolean isTold;

    /**
     * The boundary of a transaction that is about to begin, or has begun.
     *
     * @param inside a configuration that is in the transaction
     */
    public TransactionBoundary(
            Policies policies, TransactionScope scope, OwnedTransaction owned, Configuration inside) {
        super(inside);
        this.policies = policies;
        this.scope = scope;
        this.owned = owned;
    }

    /** The transaction. */
    public TransactionScope scope() {
        return scope;
    }

    /** The transaction, as its owner knows it. */
    public OwnedTransaction owned() {
        return owned;
    }

    // ---------------------------------------------------------------- as the top of its tree

    @Override
    public TransactionBoundary boundary() {
        return this;
    }

    @Override
    void doom(Throwable failure) {
        scope.setRollbackOnly(failure);
    }

    Settlement settlement() {
        Settlement made = settlement;
        return made != null ? made : makeSettlement();
    }

    private synchronized Settlement makeSettlement() {
        Settlement made = settlement;
        return made != null ? made : (settlement = new Settlement(policies, this));
    }

    HookObserver observer() {
        return policies.observer();
    }

    /** The eyes on its connection. */
    public ConnectionWatch watch() {
        return watch;
    }

    /** The calls that would be made if it committed now. */
    public PendingHooks pending() {
        return new PendingView(policies, scope).pending();
    }

    /** The transaction has begun on this thread. */
    public void begun() {
        OpenTransactions.enter(this);
        if (policies.isObserved()) {
            policies.observer().transactionBegun(scope.info());
        }
    }

    /** The transaction's begin failed; if it had begun as far as observers know, they are told. */
    public void beginFailed(boolean wasObserved, @Nullable Throwable failure) {
        OpenTransactions.leave(this);
        scope.enter(ENDED);
        if (wasObserved) {
            observeEnd(ROLLED_BACK, Failure.of(stage, failure, false), 0);
        }
    }

    // ---------------------------------------------------------------- end

    /**
     * Runs before hooks and does all else that comes before COMMIT.
     *
     * @return false when the transaction is to be rolled back on purpose
     * @throws RuntimeException what a before hook threw, or why the transaction must not be committed
     */
    public boolean prepare() {
        if (!runBeforeHooks()) {
            return false;
        }
        if (policies.areToldOfCommits() && hasSomethingToTell()) {
            participants = Participants.prepare(policies, scope, settlement(), configuration());
            stage = FailureStage.COMMIT;
            participants.note(policies.resolver(), configuration());
        }
        stage = FailureStage.COMMIT;
        scope.enter(ENDING);
        return true;
    }

    /** Runs the before hooks, once; looks each time whether the transaction may be committed. This thread may still write. */
    boolean runBeforeHooks() {
        scope.enter(BEFORE);
        tellOfRolledBack(configuration());
        if (!mayBeCommitted()) {
            return false;
        }
        if (haveBeforeHooksRun || scope.size() == 0) {
            return true;
        }
        haveBeforeHooksRun = true;
        stage = FailureStage.BEFORE_HOOK;
        return !settlement().before() || mayBeCommitted();
    }

    /** Whether anybody would hear of its end. */
    boolean hasSomethingToTell() {
        return scope.size() > 0 && settlement().hasSomethingToTell();
    }

    private boolean isMarkedRollbackOnly() {
        return scope.isRollbackOnly() || owned.isRollbackOnly();
    }

    /** False when it is to be rolled back on purpose. */
    private boolean mayBeCommitted() {
        boolean isMarked = isMarkedRollbackOnly();
        if (!isMarked && scope.untoldRows() == null && !watch.isAborted()) {
            return true;
        }
        stage = isMarked ? FailureStage.ROLLBACK_ONLY : FailureStage.COMMIT;
        TransactionAbortedException why = Aborted.reason(scope, isMarked);
        if (why != null) {
            throw settlement().orInDoubt(why);
        }
        return false;
    }

    /** Whether a part of it was ended behind the hooks' back, so that nothing may be repeated. */
    public boolean isDoubtful() {
        return settlement != null && settlement.doubt() != null;
    }

    /** Asks the resolver, if there is one, how a COMMIT ended that got no answer. */
    public Outcome resolve(Throwable failure) {
        return InDoubt.ask(inquiry(), failure);
    }

    /** The exception for a COMMIT of which nobody knows how it ended. */
    public TransactionInDoubtException inDoubt(Throwable answer, Throwable failure) {
        return InDoubt.noAnswer(scope, answer, inquiry() != null, failure);
    }

    private @Nullable Inquiry inquiry() {
        return participants == null ? null : participants.inquiry();
    }

    /** The rollback that follows is of this stage. */
    public void endsAt(FailureStage its) {
        stage = its;
    }

    /**
     * Decides the outcome; only the first call counts.
     *
     * @param why what made it roll back, if anything did
     */
    public void completed(Outcome outcome, @Nullable Throwable why) {
        if (cause == null) {
            cause = why;
        }
        if (!scope.decide(outcome)) {
            return;
        }
        if (outcome == ROLLED_BACK && stage == FailureStage.WORK && why == null && isMarkedRollbackOnly()) {
            stage = FailureStage.ROLLBACK_ONLY;
        }
        if (participants != null) {
            participants.completed(outcome);
        }
    }

    /** Lets go of what was recorded: no hook hears of it. */
    void discard() {
        if (isFirstTelling()) {
            observeEnd(Objects.requireNonNull(scope.outcome(), "an outcome"), failure(), scope.size());
        }
    }

    /** Runs the hooks that are to hear of the outcome, once. */
    public void tell() {
        if (!isFirstTelling()) {
            return;
        }
        if (scope.outcome() == ROLLED_BACK) {
            scope.restoreRecords();
        }
        if (settlement == null && scope.size() == 0 && scope.outcome() != UNKNOWN && scope.end(0)) {
            observeEnd(Objects.requireNonNull(scope.outcome()), failure(), 0);
            return;
        }
        tellOfRolledBack(configuration());
        settlement().settle(failure());
    }

    /** True once: for who tells of its end. */
    private boolean isFirstTelling() {
        boolean isFirst = !isTold;
        isTold = true;
        OpenTransactions.leave(this);
        return isFirst;
    }

    private @Nullable Failure failure() {
        return scope.outcome() == COMMITTED ? null : Failure.of(stage, cause, false);
    }

    void observeEnd(Outcome outcome, @Nullable Failure failure, int told) {
        policies.observeEnd(scope.info(), scope.info().startNanos(), outcome, failure, told);
    }

    /** Throws what hooks threw after the transaction had ended, when nothing can be undone by it any more. */
    public void throwWaiting() {
        if (settlement != null) {
            settlement.throwWaiting();
        }
    }

    void tellOfRolledBack(Configuration enclosing) {
        if (settlement != null) {
            settlement.tellOfRolledBack(enclosing);
        }
    }

    @Override
    public String toString() {
        return "transaction " + scope.id()
                + (scope.outcome() == null ? " is " + scope.state() : " has ended, " + scope.outcome());
    }
}
