package dev.commithooks.engine.boundary;

import dev.commithooks.engine.connection.CommitFailure;
import dev.commithooks.engine.log.Folding;
import dev.commithooks.engine.log.RowChange;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.scope.ScopeIdentity;
import dev.commithooks.engine.scope.StatementTarget;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.spi.HookObserver.Phase;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.FailureStage;
import dev.commithooks.transaction.HookFailure;
import dev.commithooks.transaction.Outcome;
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
final class OutsideStatement implements StatementTarget {

    private final Policies policies;
    private final Supplier<Configuration> configuration;
    private final TransactionScope scope = new TransactionScope(ScopeIdentity.next(null, 1, Instant.now()));
    private final List<Write> expected = new ArrayList<>(1);
    private final List<Write> written = new ArrayList<>(1);
    private boolean beforeRan;
    private boolean ended;
    private @Nullable Throwable failure;

    OutsideStatement(Policies policies, Supplier<Configuration> configuration) {
        this.policies = policies;
        this.configuration = configuration;
    }

    @Override
    public void aboutToSend(String table, Supplier<List<Write>> toWrite) {
        List<Write> rows = toWrite.get();
        expected.addAll(rows);
        List<RowChange> changes = Folding.fold(policies.buckets(), rows, 0, rows.size());
        BoundaryContext context = new BoundaryContext(configuration, null, scope.info(0, null), changes, null, null);
        Delivery delivery = new Delivery(Phase.BEFORE, changes, context, policies.observer(), position -> false);
        try {
            delivery.toHooks(position -> {});
        } catch (Exception thrown) {
            failure = thrown;
            tell(Outcome.ROLLED_BACK, expected, Failure.of(FailureStage.BEFORE_HOOK, thrown, true));
            throw Suppressed.<RuntimeException>rethrow(thrown);
        }
        beforeRan = true;
    }

    @Override
    public void written(Write write) {
        written.add(write);
    }

    @Override
    public void ended(@Nullable Throwable how) {
        failure = how;
        ended = true;
    }

    @Override
    public void settle() {
        if (!ended) {
            return;
        }
        ended = false;
        if (!written.isEmpty()) {
            List<HookFailure> failures = tell(Outcome.COMMITTED, written, null);
            if (!failures.isEmpty()) {
                policies.afterCommitErrors().handle(Failures.exception(scope.id(), Outcome.COMMITTED, failures));
            }
        }
        List<Write> others = notWritten();
        if (!others.isEmpty()) {
            if (failure != null && !CommitFailure.provesRollback(failure)) {
                report(tell(Outcome.UNKNOWN, others, null));
            } else {
                report(tell(Outcome.ROLLED_BACK, others, Failure.of(FailureStage.NOTHING_WRITTEN, failure, beforeRan)));
            }
        }
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

    private List<HookFailure> tell(Outcome outcome, List<Write> rows, @Nullable Failure why) {
        List<RowChange> changes = Folding.fold(policies.buckets(), rows, 0, rows.size());
        Phase phase = Delivery.phaseOf(outcome);
        if (phase == Phase.IN_DOUBT) {
            Doubt.log(scope.id(), changes);
        }
        BoundaryContext context = new BoundaryContext(
                configuration, phase == Phase.AFTER ? configuration : null, scope.info(0, null), changes, outcome, why);
        Delivery delivery = new Delivery(phase, changes, context, policies.observer(), position -> beforeRan);
        try {
            if (why == null || policies.tellOf(why.stage())) {
                delivery.toHooks(position -> {});
            }
        } catch (Exception impossible) {
            throw new IllegalStateException("hooks of phase " + phase + " are gathered, not thrown", impossible);
        }
        return delivery.failures();
    }

    private void report(List<HookFailure> failures) {
        Throwable first = failure;
        for (HookFailure one : failures) {
            if (first == null) {
                first = one.cause();
            } else {
                Suppressed.add(first, one.cause());
            }
        }
        if (failure == null && first != null) {
            throw Suppressed.<RuntimeException>rethrow(first);
        }
    }
}
