package dev.commithooks.jta;

import dev.commithooks.hook.Callback;
import dev.commithooks.transaction.Outcome;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * One JTA transaction in which resources take part: its branches, the parts of databases, and the two moments that the manager
 * tells it of.
 *
 * <p>JTA calls interposed synchronizations between the plain ones: theirs is the last word before the end, and the pools', which
 * give connections back, come before a plain one's at the end. So this is a plain one, which as its own last word registers an
 * interposed one for the before hooks.
 */
final class JtaTransaction implements Synchronization {

    private static final System.Logger LOG = System.getLogger("dev.commithooks");

    private final KnownTransactions owner;
    private final Transaction transaction;
    /** By their pools: what shares a connection shares its savepoints. */
    private final Map<DataSource, DatabasePart> parts = new LinkedHashMap<>();

    private final Branches branches;
    private final Map<XAResource, WatchedResource> resources = new IdentityHashMap<>(2);
    private int savepoints;
    private final List<Callback> afterAllCommitted = new ArrayList<>(0);
    /** Those that the manager would not tell of a rollback. */
    private final List<Synchronization> toldByUs = new ArrayList<>(0);
    /** The thread that ends it through a decorator of ours, while it does; hooks run there afterwards. */
    private volatile @Nullable Thread ending;

    private final LastWord lastWord = new LastWord(this);
    /** Whether it was marked by somebody who meant it. */
    private volatile boolean isMarked;
    /** What its block threw. */
    private volatile @Nullable Throwable ofBlock;
    /** The manager's status at the end, a hint; null until then. */
    private volatile @Nullable Integer completion;

    private volatile boolean isResourceRefused;
    /** Whether the manager will not tell of its end, since it was marked before anything concerned hooks. */
    private volatile boolean isUnheard;

    private @Nullable Exception unresolved;
    private final AtomicBoolean isTold = new AtomicBoolean();

    JtaTransaction(KnownTransactions owner, Transaction transaction) {
        this.owner = owner;
        this.transaction = transaction;
        this.branches = new Branches(owner.lateOutcomes());
    }

    Transaction transaction() {
        return transaction;
    }

    // ---------------------------------------------------------------- its parts

    synchronized DatabasePart part(JtaDatabase database) {
        return parts.computeIfAbsent(database.dataSource(), its -> new DatabasePart(this, database));
    }

    synchronized List<DatabasePart> parts() {
        return List.copyOf(parts.values());
    }

    Branches branches() {
        return branches;
    }

    /** The resource to be enlisted in place of another; the same one each time. */
    synchronized WatchedResource watched(XAResource resource) {
        return resources.computeIfAbsent(resource, its -> Watching.of(its, this));
    }

    /** A name for the next savepoint. */
    synchronized String nextSavepoint() {
        return "commithooks_" + ++savepoints;
    }

    String title() {
        String global = branches.globalId();
        return global == null ? "of this thread" : global;
    }

    synchronized void afterAllCommitted(Callback callback) {
        if (isPrepared() || completion != null) {
            throw new IllegalStateException("An afterAllCommitted callback came while JTA transaction " + title()
                    + " was being ended; it was not run. Register it before.");
        }
        afterAllCommitted.add(callback);
    }

    synchronized List<Callback> afterAllCommitted() {
        return List.copyOf(afterAllCommitted);
    }

    // ---------------------------------------------------------------- rollback-only

    int status() {
        try {
            return transaction.getStatus();
        } catch (SystemException unknown) {
            return Status.STATUS_UNKNOWN;
        }
    }

    boolean isRollbackOnly() {
        return isMarked || (completion == null && status() == Status.STATUS_MARKED_ROLLBACK);
    }

    /** Somebody means it to be rolled back: nothing has failed. */
    void marked() {
        isMarked = true;
    }

    boolean isMarked() {
        return isMarked;
    }

    /** The manager hears of it at the end only: in a transaction that is marked, it would enlist no connection any more. */
    void setRollbackOnly() {
        if (isPrepared() || completion != null) {
            throw new IllegalStateException("setRollbackOnly() comes too late for JTA transaction " + title());
        }
        isMarked = true;
    }

    // ---------------------------------------------------------------- before the end

    boolean isPrepared() {
        return lastWord.isDone();
    }

    @Nullable
    Throwable veto() {
        return lastWord.veto();
    }

    @Override
    public void beforeCompletion() {
        if (!owner.isOnThread(transaction) && !parts().isEmpty()) {
            lastWord.refuse(
                    new IllegalStateException(this + " IS rolled back: it was to be committed on a thread that is"
                            + " not in it, where before hooks cannot work. Resume it there first, or commit it with the"
                            + " Transaction that jta.manager() gives."));
        }
        if (owner.takesLateSynchronizations()) {
            registerLastWord();
        }
    }

    /** Before hooks run when all synchronizations registered so far have had their word. Takes the place of an earlier one. */
    void registerLastWord() {
        owner.registerInterposed(lastWord.again());
    }

    /** The manager did not take a resource that is not XA, of which there is one already. */
    void refused() {
        isResourceRefused = true;
    }

    boolean isResourceRefused() {
        return isResourceRefused;
    }

    // ---------------------------------------------------------------- the end

    /** This thread ends it through a decorator, and runs the hooks then. */
    void endingOn(@Nullable Thread thread) {
        ending = thread;
    }

    /** Hooks run here where nobody else can run them: it was ended past the decorators, or by the manager for its timeout. */
    @Override
    public void afterCompletion(int status) {
        completion = status;
        tellOthers(status);
        if (ending != Thread.currentThread()) {
            new Ending(this, owner).settleUnasked();
        }
    }

    /** Tells it of the end, before hooks hear of that. */
    synchronized void tellsOfItsEnd(Synchronization synchronization) {
        toldByUs.add(synchronization);
    }

    private void tellOthers(int status) {
        List<Synchronization> others;
        synchronized (this) {
            others = List.copyOf(toldByUs);
            toldByUs.clear();
        }
        for (Synchronization other : others) {
            try {
                other.afterCompletion(status);
            } catch (RuntimeException failure) {
                LOG.log(System.Logger.Level.WARNING, "A synchronization threw after the end of " + this, failure);
            }
        }
    }

    /** Its block threw, as far as the one who rolls it back knows. */
    void blockFailed(Throwable failure) {
        ofBlock = failure;
    }

    @Nullable
    Throwable ofBlock() {
        return ofBlock;
    }

    /** Whether the manager is done with it. */
    boolean hasEnded() {
        return completion != null
                || switch (status()) {
                    case Status.STATUS_ACTIVE,
                            Status.STATUS_MARKED_ROLLBACK,
                            Status.STATUS_PREPARING,
                            Status.STATUS_PREPARED,
                            Status.STATUS_COMMITTING,
                            Status.STATUS_ROLLING_BACK -> false;
                    default -> true;
                };
    }

    /** True once: for whoever tells hooks of its end. */
    boolean claim() {
        boolean isFirst = isTold.compareAndSet(false, true);
        if (isFirst) {
            owner.ended(this);
        }
        return isFirst;
    }

    /** The outcome of a transaction in which no resource takes part. */
    Outcome ofManager() {
        Integer status = completion;
        return status != null && status == Status.STATUS_COMMITTED ? Outcome.COMMITTED : Outcome.ROLLED_BACK;
    }

    void noteUnresolved(Exception why) {
        unresolved = why;
    }

    /** What a resolver threw that was asked how a branch ended. */
    @Nullable
    Exception unresolved() {
        return unresolved;
    }

    /**
     * Asks to be called at its end; a transaction that is marked may refuse that, and then whoever ends it calls. Where interposed
     * synchronizations have their word already, Narayana takes no plain one any more, but another of theirs.
     */
    void register() throws SystemException {
        try {
            transaction.registerSynchronization(this);
            if (!owner.takesLateSynchronizations()) {
                registerLastWord();
            }
        } catch (RollbackException isMarkedAlready) {
            isUnheard = true;
            LOG.log(System.Logger.Level.DEBUG, "A JTA transaction that is marked takes no synchronization");
        } catch (IllegalStateException isEnding) {
            if (!owner.takesLateSynchronizations() || !owner.isOnThread(transaction)) {
                throw isEnding;
            }
            owner.registerInterposed(this);
        }
    }

    /** Whether it was ended where nobody heard of it. */
    boolean hasEndedUnheard() {
        return isUnheard && hasEnded();
    }

    @Override
    public String toString() {
        return "JTA transaction " + title();
    }
}
