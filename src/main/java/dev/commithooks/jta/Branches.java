package dev.commithooks.jta;

import dev.commithooks.transaction.Outcome;
import java.sql.SQLException;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The branches of one JTA transaction, and how they ended. */
final class Branches {

    private final LateOutcomes lateOutcomes;
    private final Map<BranchId, Branch> all = new LinkedHashMap<>();
    /** The part whose connection a thread is asking its pool for; set by that thread. */
    private @Nullable DatabasePart enlisting;
    /** Whether a resource was not taken into the transaction. */
    private boolean areWithoutOne;

    Branches(LateOutcomes lateOutcomes) {
        this.lateOutcomes = lateOutcomes;
    }

    synchronized Collection<Branch> all() {
        return List.copyOf(all.values());
    }

    synchronized Branch of(BranchId id) {
        return all.computeIfAbsent(id, Branch::new);
    }

    /** A resource has begun to work in a branch: that of the database whose connection is being asked for. */
    synchronized Branch started(BranchId id, boolean isXa) {
        Branch branch = of(id);
        if (!isXa) {
            branch.local();
        }
        if (enlisting != null) {
            enlisting.enlisted(branch);
        }
        return branch;
    }

    /**
     * The manager did not take a resource; its pool may hand out the connection all the same when it is asked again.
     *
     * @param begun the branch that was begun for it, which is none of the transaction's; null where there is none
     */
    synchronized void notTaken(@Nullable Branch begun) {
        areWithoutOne = true;
        if (begun != null) {
            all.remove(begun.id());
            if (enlisting != null) {
                enlisting.notEnlisted(begun);
            }
        }
    }

    /** Whether it cannot be told by the connection alone that it takes part. */
    synchronized boolean areWithoutOne() {
        return areWithoutOne;
    }

    /** Whether the end takes two phases. */
    synchronized boolean areSeveral() {
        return all.size() > 1;
    }

    /** Asks a pool for a connection; what it enlists meanwhile is the part's. */
    <T> T whileEnlisting(DatabasePart part, Callable<T> asking) throws SQLException {
        synchronized (this) {
            enlisting = part;
        }
        try {
            return asking.call();
        } catch (SQLException | RuntimeException failure) {
            throw failure;
        } catch (Exception impossible) {
            throw new SQLException(impossible);
        } finally {
            synchronized (this) {
                enlisting = null;
            }
        }
    }

    /** The transaction's global id, in hexadecimal digits; null as long as no resource takes part. */
    synchronized @Nullable String globalId() {
        return all.isEmpty() ? null : all.keySet().iterator().next().global();
    }

    /** How one of them ended. */
    Outcome outcome(Branch branch) {
        return branch.outcome(isCommitDecided());
    }

    /** The one outcome that these have. */
    Outcome common(Collection<Branch> those) {
        boolean isCommitDecided = isCommitDecided();
        Set<Outcome> outcomes = EnumSet.noneOf(Outcome.class);
        those.forEach(branch -> outcomes.add(branch.outcome(isCommitDecided)));
        return outcomes.size() == 1 ? outcomes.iterator().next() : Outcome.UNKNOWN;
    }

    /** Whether the manager has decided to commit: it has sent COMMIT to a branch. */
    private boolean isCommitDecided() {
        return all().stream().anyMatch(Branch::isCommitSent);
    }

    /** Nobody knows how one ended that was prepared: recovery will. */
    void doubtful(Branch branch) {
        lateOutcomes.await(branch);
    }

    /** The manager has tried again, by itself, to commit one that was in doubt. */
    void committedAtLast(Branch branch) {
        String database = branch.database();
        if (database == null) {
            branch.ended(Outcome.COMMITTED);
            lateOutcomes.settled(branch);
        } else {
            lateOutcomes.ended(branch.id(), database, Outcome.COMMITTED);
        }
    }

    /** Hooks are told what is known by now. */
    void taken() {
        all().forEach(Branch::taken);
    }

    /** The end of one was found out. */
    void resolved(Branch branch, Outcome how) {
        branch.ended(how);
        if (how != Outcome.UNKNOWN) {
            lateOutcomes.settled(branch);
        }
    }
}
