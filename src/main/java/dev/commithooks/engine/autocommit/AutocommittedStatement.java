package dev.commithooks.engine.autocommit;

import static dev.commithooks.transaction.Outcome.COMMITTED;
import static dev.commithooks.transaction.Outcome.ROLLED_BACK;
import static dev.commithooks.transaction.Outcome.UNKNOWN;

import dev.commithooks.engine.connection.CommitFailure;
import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.log.Recorded;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.scope.ScopeInfo;
import dev.commithooks.engine.telling.Policies;
import dev.commithooks.transaction.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/** A statement that commits by itself, on a connection in autocommit mode. Nobody needs to hear of its rows before that. */
public final class AutocommittedStatement extends OutsideStatement {

    private final Policies policies;
    private final ScopeInfo info;
    private boolean hasUntoldRows;

    /**
     * A statement that is about to be sent.
     *
     * @param configuration what hooks work with
     */
    public AutocommittedStatement(Policies policies, Supplier<Configuration> configuration) {
        this(policies, ScopeInfo.next(null, 1, Instant.now()), configuration);
    }

    private AutocommittedStatement(Policies policies, ScopeInfo info, Supplier<Configuration> configuration) {
        super(policies, info, configuration);
        this.policies = policies;
        this.info = info;
    }

    @Override
    public void aboutToSend(String table, Supplier<List<Write>> expected) {
        super.aboutToSend(table, expected);
        if (policies.isObserved()) {
            policies.observer().transactionBegun(info());
        }
    }

    @Override
    public void written(Recorded recorded) {
        recorded.loggedAt(rows().written().size());
        rows().written(recorded);
    }

    @Override
    public void mayHaveWritten(Throwable cause) {
        hasUntoldRows = true;
    }

    /** Tells of what was written as committed, and of what was not as failed; where nobody knows, as in doubt. */
    @Override
    void settle(@Nullable Throwable failure) {
        List<Recorded> written = rows().written();
        List<Write> others = rows().notWritten();
        boolean isDoubtful = !others.isEmpty() && failure != null && (hasUntoldRows || !provesNothingWritten(failure));
        try {
            tell(COMMITTED, written, null, failure);
            tell(isDoubtful ? UNKNOWN : ROLLED_BACK, others, isDoubtful ? null : nothingWritten(failure), failure);
        } finally {
            Outcome outcome = isDoubtful ? UNKNOWN : written.isEmpty() ? ROLLED_BACK : COMMITTED;
            policies.observeEnd(
                    info(),
                    info.startNanos(),
                    outcome,
                    outcome == ROLLED_BACK ? nothingWritten(failure) : null,
                    written.size() + others.size());
        }
        telling().throwWaiting();
    }

    private boolean provesNothingWritten(Throwable failure) {
        return CommitFailure.provesNothingWritten(failure, Dialect.of(configuration()));
    }
}
