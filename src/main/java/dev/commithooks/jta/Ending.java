package dev.commithooks.jta;

import dev.commithooks.hook.Callback;
import dev.commithooks.spi.Boundary;
import dev.commithooks.transaction.AfterCommitException;
import dev.commithooks.transaction.HookFailure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInDoubtException;
import dev.commithooks.transaction.TransactionInfo;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.RollbackException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.transaction.xa.XAException;
import org.jspecify.annotations.Nullable;

/**
 * The end of one JTA transaction, after its manager has done its part.
 *
 * <p>The manager's status is worth nothing by itself: it is COMMITTED where a server had rolled back by then, and where a branch is
 * still prepared. What became of each database is what its own branch has seen; where that saw no answer, whoever can be asked.
 */
final class Ending {

    private static final System.Logger LOG = System.getLogger("dev.commithooks");

    private final JtaTransaction transaction;
    private final KnownTransactions owner;

    Ending(JtaTransaction transaction, KnownTransactions owner) {
        this.transaction = transaction;
        this.owner = owner;
    }

    /**
     * Decides the outcomes, and runs the hooks, after somebody has asked for the end.
     *
     * @param given what the manager threw; null for nothing
     * @return what the caller is to be thrown; null for nothing
     */
    @Nullable
    Throwable settle(@Nullable Throwable given, boolean isCommit) {
        if (!transaction.hasEnded() || !transaction.claim()) {
            return given;
        }
        Fates fates = Fates.of(transaction);
        Throwable thrown = toBeThrown(fates, given, isCommit);
        Throwable ofHooks = tell(fates, thrown);
        if (ofHooks == null || ofHooks == thrown) {
            return thrown;
        }
        if (thrown != null) {
            thrown.addSuppressed(ofHooks);
            return thrown;
        }
        if (isCommit || !fates.areAll(Outcome.ROLLED_BACK)) {
            return ofHooks;
        }
        logged(ofHooks); // from a plain rollback it would replace the application's own
        return null;
    }

    /** The same where nobody asked, or nobody that could be told: in a callback of the manager's, with the transaction suspended. */
    void settleUnasked() {
        if (!transaction.claim()) {
            return;
        }
        Fates fates = Fates.of(transaction);
        Throwable thrown = toBeThrown(fates, null, true);
        if (fates.haveDoubt() && thrown != null) {
            LOG.log(System.Logger.Level.ERROR, thrown.getMessage(), thrown);
        }
        Throwable ofHooks = tell(fates, fates.areAll(Outcome.ROLLED_BACK) ? null : thrown);
        if (ofHooks != null) {
            logged(ofHooks);
        }
    }

    private void logged(Throwable ofHooks) {
        LOG.log(System.Logger.Level.WARNING, "Hooks of " + transaction + " threw after its end", ofHooks);
    }

    // ---------------------------------------------------------------- what the caller gets

    private @Nullable Throwable toBeThrown(Fates fates, @Nullable Throwable given, boolean isCommit) {
        if (fates.haveDoubt()) {
            return inDoubt(fates, given);
        }
        if (fates.areAll(Outcome.ROLLED_BACK)) {
            return isCommit ? rolledBack(fates, given) : given;
        }
        if (fates.areAll(Outcome.COMMITTED)) {
            if (given != null) {
                LOG.log(System.Logger.Level.WARNING, transaction + " IS committed, as could be found out", given);
            }
            return null;
        }
        return caused(
                new HeuristicMixedException(transaction + " did not end as one: " + fates.describe()
                        + ". Nothing can repeat or undo that by itself: correct the data."),
                given);
    }

    private @Nullable Throwable rolledBack(Fates fates, @Nullable Throwable given) {
        Throwable veto = transaction.veto();
        if (veto != null) {
            return veto;
        }
        XAException answer = fates.answer();
        boolean isKeptQuiet = given == null && answer != null && !transaction.isMarked(); // Atomikos does
        if (!isKeptQuiet && !(given instanceof RollbackException && answer != null)) {
            return given;
        }
        Throwable described = caused(
                new RollbackException(transaction + " IS rolled back: " + fates.describe() + "."
                        + hint(Objects.requireNonNull(answer))),
                answer);
        if (given != null) {
            described.addSuppressed(given);
        }
        return described;
    }

    private static String hint(XAException answer) {
        SQLException cause = Answers.sqlCause(answer);
        return cause != null && "55000".equals(cause.getSQLState()) ? JtaDatabase.WITHOUT_PREPARED_TRANSACTIONS : "";
    }

    private TransactionInDoubtException inDoubt(Fates fates, @Nullable Throwable given) {
        Optional<TransactionInfo> info = Optional.empty();
        for (DatabasePart part : fates.ofParts().keySet()) {
            Boundary boundary = part.boundaryOrNull();
            if (boundary != null && fates.ofParts().get(part) == Outcome.UNKNOWN) {
                Optional<TransactionInfo> its =
                        boundary.inDoubt(new IllegalStateException()).transaction();
                part.told(its);
                info = info.isPresent() ? info : its;
            }
        }
        Throwable cause = given != null ? given : fates.answer();
        TransactionInDoubtException doubt = new TransactionInDoubtException(
                transaction + " IS IN DOUBT: " + fates.describe()
                        + ". What is prepared is ended by the manager's recovery,"
                        + " and the listener of late outcomes is told. Look at the data before you repeat the work.",
                info.orElse(null),
                cause == null ? new IllegalStateException("no outcome was reported") : cause);
        if (transaction.unresolved() != null) {
            doubt.addSuppressed(transaction.unresolved());
        }
        return doubt;
    }

    private static Throwable caused(Exception exception, @Nullable Throwable cause) {
        return cause == null ? exception : exception.initCause(cause);
    }

    // ---------------------------------------------------------------- hooks

    /** Tells the hooks of all databases, in the order in which these were first written to; what hooks threw. */
    private @Nullable Throwable tell(Fates fates, @Nullable Throwable thrown) {
        Throwable why = transaction.ofBlock() != null ? transaction.ofBlock() : transaction.isMarked() ? null : thrown;
        fates.ofParts().forEach((part, outcome) -> {
            Boundary boundary = part.boundaryOrNull();
            if (boundary != null) {
                boundary.completed(outcome, outcome == Outcome.COMMITTED ? null : why);
            }
        });
        List<Throwable> failures = new ArrayList<>(0);
        owner.outside(() -> {
            for (DatabasePart part : fates.ofParts().keySet()) {
                deliver(part, failures);
            }
            if (fates.areAll(Outcome.COMMITTED)) {
                callBack(failures);
            }
        });
        if (failures.isEmpty()) {
            return null;
        }
        Throwable first = failures.get(0);
        failures.subList(1, failures.size()).stream()
                .filter(other -> other != first)
                .forEach(first::addSuppressed);
        return first;
    }

    private static void deliver(DatabasePart part, List<Throwable> failures) {
        Boundary boundary = part.boundaryOrNull();
        if (boundary != null) {
            try {
                boundary.deliver();
            } catch (Throwable ofHooks) {
                failures.add(ofHooks);
            }
        }
    }

    private void callBack(List<Throwable> failures) {
        List<HookFailure> ofCallbacks = new ArrayList<>(0);
        for (Callback callback : transaction.afterAllCommitted()) {
            try {
                callback.run();
            } catch (Exception failure) {
                ofCallbacks.add(new HookFailure(callback.toString(), "afterAllCommitted", null, 1, 1, failure));
            }
        }
        if (!ofCallbacks.isEmpty()) {
            failures.add(new AfterCommitException(
                    ofCallbacks.size() + " afterAllCommitted callbacks failed; " + transaction
                            + " IS committed in all databases. Do not repeat it.",
                    Outcome.COMMITTED,
                    null,
                    ofCallbacks));
        }
    }

    /** An exception as it is, checked or not. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <T extends Throwable> T unchecked(Throwable failure) throws T {
        throw (T) failure;
    }
}
