package dev.commithooks.engine.telling;

import dev.commithooks.engine.log.Effect;
import dev.commithooks.engine.log.Folding;
import dev.commithooks.engine.log.LogItem;
import dev.commithooks.engine.log.LoggedCallback;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.spi.HookObserver.Phase;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.HookFailure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * Tells hooks and callbacks how a part of a transaction ended: all of it, a savepoint, what was ended behind the hooks' back, the
 * rows of a statement outside transactions. Whatever fails here, every change is told of; what hooks throw waits.
 */
public final class Telling {

    private static final System.Logger LOG = System.getLogger("dev.commithooks");

    private final Policies policies;
    private final TransactionInfo transaction;
    private final boolean mayBeForestalled;
    /** Made when there is something to take: hardly ever. */
    private @Nullable Aftermath aftermath;

    /**
     * The telling of one transaction.
     *
     * @param mayBeForestalled whether others may throw before what waits here is thrown
     */
    public Telling(Policies policies, TransactionInfo transaction, boolean mayBeForestalled) {
        this.policies = policies;
        this.transaction = transaction;
        this.mayBeForestalled = mayBeForestalled;
    }

    /**
     * A part of a transaction whose outcome is known.
     *
     * @param outcome how it ended
     * @param failure why it was rolled back, if it was
     * @param changes its changes
     * @param items its callbacks, among other things
     * @param itemsAt the place of the first item in the transaction's log
     * @param beforeRan tells, of a place in the log, whether before hooks ran for what stands there
     * @param info the transaction, seen from the part
     * @param configuration what hooks work with
     * @param attachment what rows are attached to, if anything
     */
    public record Part(
            Outcome outcome,
            @Nullable Failure failure,
            List<Effect> changes,
            List<? extends LogItem> items,
            int itemsAt,
            IntPredicate beforeRan,
            TransactionInfo info,
            Supplier<Configuration> configuration,
            @Nullable Supplier<Configuration> attachment) {}

    /** The changes that log items amount to. If they cannot be folded they are told of one by one, rather than not at all. */
    public List<Effect> fold(List<? extends LogItem> items, int from, int to) {
        try {
            return Folding.fold(policies.buckets(), items, from, to);
        } catch (RuntimeException | Error e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "The changes of transaction " + transaction.id()
                            + " could not be folded; each write is told of by itself",
                    e);
            return Folding.fold(BucketMode.EVERY, items, from, to);
        }
    }

    /** Calls before hooks; throws what the first that throws threw. */
    public void before(List<Effect> changes, Supplier<Configuration> configuration) throws Exception {
        BoundaryContext context = new BoundaryContext(configuration, null, transaction, changes, null, null);
        new Delivery(Phase.BEFORE, context, policies, position -> false).toHooks(changes);
    }

    /**
     * Calls the hooks and callbacks of the phase that belongs to the part's outcome.
     *
     * @param onItsWay the exception on its way to the caller, if there is one
     * @return the size of the part's items when all callbacks among them had run
     */
    public int tell(Part part, @Nullable Throwable onItsWay) {
        Phase phase = LoggedCallback.phaseOf(part.outcome());
        boolean hooks = part.failure() == null || policies.tellOf(part.failure().stage());
        List<Effect> changes = hooks ? part.changes() : List.of();
        BoundaryContext context = new BoundaryContext(
                part.configuration(), part.attachment(), part.info(), part.changes(), part.outcome(), part.failure());
        Delivery delivery = new Delivery(phase, context, policies, part.beforeRan());
        int seen = 0;
        try {
            if (!changes.isEmpty()) {
                if (phase == Phase.IN_DOUBT) {
                    InDoubtLog.log(transaction, changes);
                }
                delivery.toHooks(changes);
            }
            seen = delivery.toCallbacks(part.items(), 0, part.itemsAt());
        } catch (Exception impossible) {
            throw new IllegalStateException("hooks of phase " + phase + " are gathered, not thrown", impossible);
        }
        take(part.outcome(), delivery.failures(changes), onItsWay);
        return seen;
    }

    /** Calls the callbacks of a part that were registered after it was told of. */
    public int tellMore(Part part, int from, @Nullable Throwable onItsWay) {
        List<? extends LogItem> more = part.items().subList(from, part.items().size());
        return from
                + tell(
                        new Part(
                                part.outcome(),
                                part.failure(),
                                List.of(),
                                List.copyOf(more),
                                part.itemsAt() + from,
                                part.beforeRan(),
                                part.info(),
                                part.configuration(),
                                part.attachment()),
                        onItsWay);
    }

    private void take(Outcome outcome, List<HookFailure> failures, @Nullable Throwable onItsWay) {
        if (!failures.isEmpty()) {
            aftermath().take(outcome, failures, onItsWay);
        }
    }

    private Aftermath aftermath() {
        Aftermath made = aftermath;
        return made != null
                ? made
                : (aftermath = new Aftermath(transaction, policies.afterCommitErrors(), mayBeForestalled));
    }

    /** Takes an exception that no hook threw. */
    public void take(Throwable failure, @Nullable Throwable onItsWay) {
        aftermath().take(failure, onItsWay);
    }

    /** Throws what waits to be thrown, once. */
    public void throwWaiting() {
        if (aftermath != null) {
            aftermath.throwWaiting();
        }
    }
}
