package dev.commithooks.engine.telling;

import dev.commithooks.engine.log.Effect;
import dev.commithooks.engine.log.Folding;
import dev.commithooks.engine.log.LogItem;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.spi.HookObserver.Phase;
import dev.commithooks.transaction.HookFailure;
import dev.commithooks.transaction.TransactionInfo;
import java.util.List;
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

    /**
     * Calls the hooks and callbacks of a part of a transaction whose outcome is known.
     *
     * @param part the part, with its changes
     * @param items its callbacks, among other things
     * @param itemsAt the place of the first item in the transaction's log
     * @param onItsWay the exception on its way to the caller, if there is one
     * @return the size of the items when all callbacks among them had run
     */
    public int tell(BoundaryContext part, List<? extends LogItem> items, int itemsAt, @Nullable Throwable onItsWay) {
        boolean hooks = part.failureStage() == null || policies.tellOf(part.failureStage());
        return tell(part, hooks ? part.effects() : List.of(), items, itemsAt, onItsWay);
    }

    /** Calls the callbacks of a transaction that were registered after it was told of. */
    public int tellMore(BoundaryContext part, List<? extends LogItem> log, int from, @Nullable Throwable onItsWay) {
        List<? extends LogItem> more = List.copyOf(log.subList(from, log.size()));
        return from + tell(part, List.of(), more, from, onItsWay);
    }

    private int tell(
            BoundaryContext part,
            List<Effect> changes,
            List<? extends LogItem> items,
            int itemsAt,
            @Nullable Throwable onItsWay) {
        Delivery delivery = new Delivery(part, policies);
        int seen = 0;
        try {
            if (!changes.isEmpty()) {
                if (part.phase() == Phase.IN_DOUBT) {
                    InDoubtLog.log(transaction, changes);
                }
                delivery.toHooks(changes);
            }
            seen = delivery.toCallbacks(items, 0, itemsAt);
        } catch (Exception impossible) {
            throw new IllegalStateException("hooks of phase " + part.phase() + " are gathered, not thrown", impossible);
        }
        List<HookFailure> failures = delivery.failures(changes);
        if (!failures.isEmpty()) {
            aftermath().take(part.toldOutcome(), failures, onItsWay);
        }
        return seen;
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
