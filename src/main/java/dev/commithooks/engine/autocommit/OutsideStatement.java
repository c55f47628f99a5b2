package dev.commithooks.engine.autocommit;

import static dev.commithooks.transaction.Outcome.COMMITTED;
import static dev.commithooks.transaction.Outcome.ROLLED_BACK;
import static dev.commithooks.transaction.Outcome.UNKNOWN;

import dev.commithooks.engine.connection.CommitFailure;
import dev.commithooks.engine.log.RowChange;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.scope.ScopeIdentity;
import dev.commithooks.engine.scope.StatementTarget;
import dev.commithooks.engine.telling.Policies;
import dev.commithooks.engine.telling.Suppressed;
import dev.commithooks.engine.telling.Telling;
import dev.commithooks.engine.telling.Telling.Part;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.FailureStage;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * A statement that is its own transaction, on a connection in autocommit mode: before hooks run when it is about to be sent,
 * the others when it is over.
 */
public final class OutsideStatement implements StatementTarget {

    private final Policies policies;
    private final Supplier<Configuration> configuration;
    private final ScopeIdentity identity;
    private final TransactionInfo info;
    private final Telling telling;
    private final List<Write> expected = new ArrayList<>(1);
    private final List<Write> written = new ArrayList<>(1);
    private boolean beforeRan;
    private boolean hasEnded;
    private @Nullable Throwable failure;

    /**
     * A statement that is about to be sent.
     *
     * @param configuration what hooks work with
     */
    public OutsideStatement(Policies policies, Supplier<Configuration> configuration) {
        this.policies = policies;
        this.configuration = configuration;
        this.identity = ScopeIdentity.next(null, 1, Instant.now());
        this.info = identity.info();
        this.telling = new Telling(policies, info, false);
    }

    @Override
    public void aboutToSend(String table, Supplier<List<Write>> toWrite) {
        expected.addAll(toWrite.get());
        if (policies.isObserved()) {
            policies.observer().transactionBegun(info);
        }
        try {
            telling.before(telling.fold(expected, 0, expected.size()), configuration);
        } catch (Throwable thrown) {
            Failure veto = Failure.of(FailureStage.BEFORE_HOOK, thrown, true);
            tell(ROLLED_BACK, expected, veto, true, thrown);
            observeEnd(ROLLED_BACK, veto, expected.size());
            throw Suppressed.<RuntimeException>rethrow(thrown);
        }
        beforeRan = true;
    }

    @Override
    public void written(Write write) {
        write.loggedAt(written.size());
        written.add(write);
    }

    @Override
    public void ended(@Nullable Throwable how) {
        failure = how;
        hasEnded = true;
    }

    /**
     * Tells of what was written as committed, and of what was not as failed; where nobody knows, as in doubt. The statement's own
     * exception is on its way to the caller, and hooks' exceptions go into it.
     */
    @Override
    public void settle() {
        if (!hasEnded) {
            return;
        }
        hasEnded = false;
        List<Write> others = notWritten();
        boolean isDoubtful = !others.isEmpty() && failure != null && !CommitFailure.provesRollback(failure);
        Failure why = Failure.of(FailureStage.NOTHING_WRITTEN, failure, beforeRan);
        try {
            if (!written.isEmpty()) {
                tell(COMMITTED, written, null, beforeRan, failure);
            }
            if (!others.isEmpty()) {
                tell(isDoubtful ? UNKNOWN : ROLLED_BACK, others, isDoubtful ? null : why, beforeRan, failure);
            }
        } finally {
            Outcome outcome = isDoubtful ? UNKNOWN : written.isEmpty() ? ROLLED_BACK : COMMITTED;
            observeEnd(outcome, why, written.size() + others.size());
        }
        telling.throwWaiting();
    }

    /** The rows that the statement was to write and did not. */
    private List<Write> notWritten() {
        if (written.size() >= expected.size() || written.isEmpty()) {
            return written.isEmpty() ? expected : List.of();
        }
        Set<Write> done = Collections.newSetFromMap(new IdentityHashMap<>());
        done.addAll(written); // the members of a batch are written as they were expected
        return expected.stream().filter(write -> !done.contains(write)).toList();
    }

    private void tell(
            Outcome outcome, List<Write> rows, @Nullable Failure why, boolean ran, @Nullable Throwable onItsWay) {
        List<RowChange> changes = telling.fold(rows, 0, rows.size());
        telling.tell(
                new Part(
                        outcome,
                        why,
                        changes,
                        List.of(),
                        0,
                        position -> ran,
                        info,
                        configuration,
                        outcome == COMMITTED ? configuration : null),
                onItsWay);
    }

    private void observeEnd(Outcome outcome, Failure why, int changes) {
        if (policies.isObserved()) {
            Duration duration = Duration.ofNanos(System.nanoTime() - identity.startNanos());
            policies.observer().outcome(info, outcome, outcome == ROLLED_BACK ? why : null, changes, duration);
        }
    }
}
