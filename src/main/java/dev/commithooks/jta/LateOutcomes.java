package dev.commithooks.jta;

import dev.commithooks.spi.OutcomeResolver.Inquiry;
import dev.commithooks.transaction.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/** The branches that wait for recovery, and the listener that is told of their end. Thread-safe. */
final class LateOutcomes {

    private static final System.Logger LOG = System.getLogger("dev.commithooks");

    private final LateOutcomeListener listener;
    private final Map<BranchId, Branch> waiting = new ConcurrentHashMap<>();

    LateOutcomes(LateOutcomeListener listener) {
        this.listener = listener;
    }

    void await(Branch branch) {
        waiting.put(branch.id(), branch);
    }

    /** It need not be waited for any more. */
    void settled(Branch branch) {
        waiting.remove(branch.id());
    }

    /** How many branches are waited for. */
    int size() {
        return waiting.size();
    }

    /** Recovery has ended a branch, or the manager, which has tried again; hooks that have not been told yet hear of that end. */
    void ended(BranchId id, String database, Outcome outcome) {
        Branch branch = waiting.remove(id);
        if (branch == null || branch.endsLate(outcome)) {
            tell(id, database, outcome, branch);
        }
    }

    /** A branch is not prepared any more, and it was not recovery that ended it. */
    void gone(BranchId id, String database) {
        Branch branch = waiting.remove(id);
        tell(id, database, branch == null ? Outcome.UNKNOWN : ask(branch), branch);
    }

    /** The branches of a database that are waited for. */
    List<Branch> of(String database) {
        return waiting.values().stream()
                .filter(branch -> database.equals(branch.database()))
                .toList();
    }

    /**
     * What is prepared in a database: a branch of it that is not among these was ended by somebody.
     *
     * @param waited those that were waited for before the database was asked: others may have been prepared since
     */
    void prepared(Xid[] xids, String database, List<Branch> waited) {
        Set<BranchId> prepared = Arrays.stream(xids).map(BranchId::of).collect(Collectors.toSet());
        for (Branch branch : waited) {
            if (!prepared.contains(branch.id()) && waiting.remove(branch.id(), branch)) {
                tell(branch.id(), database, ask(branch), branch);
            }
        }
    }

    private static Outcome ask(Branch branch) {
        Inquiry inquiry = branch.inquiry();
        try {
            return inquiry == null ? Outcome.UNKNOWN : inquiry.resolve();
        } catch (Exception cannotTell) {
            LOG.log(System.Logger.Level.WARNING, "The resolver could not tell how " + branch + " ended", cannotTell);
            return Outcome.UNKNOWN;
        }
    }

    private void tell(BranchId id, String database, Outcome outcome, @Nullable Branch branch) {
        LateOutcome late = new LateOutcome(
                id.global(), id.branch(), database, outcome, branch == null ? Optional.empty() : branch.told());
        try {
            listener.ended(late);
        } catch (RuntimeException | Error failure) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "The listener of late outcomes threw; what it was told: " + late,
                    failure);
        }
    }

    /** The listener of those who have none. */
    static void log(LateOutcome late) {
        LOG.log(
                late.outcome() == Outcome.UNKNOWN ? System.Logger.Level.ERROR : System.Logger.Level.WARNING,
                "JTA transaction " + late.globalId() + " in database '" + late.database() + "' ended late: "
                        + switch (late.outcome()) {
                            case COMMITTED -> "it IS committed.";
                            case ROLLED_BACK -> "it IS rolled back.";
                            case UNKNOWN ->
                                "it IS IN DOUBT, and not prepared any more: somebody else has committed it, or rolled it back. Look"
                                        + " at the data.";
                        });
    }
}
