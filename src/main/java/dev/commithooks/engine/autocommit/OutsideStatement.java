package dev.commithooks.engine.autocommit;

import dev.commithooks.engine.log.Effect;
import dev.commithooks.engine.log.Recorded;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.scope.StatementTarget;
import dev.commithooks.engine.telling.BoundaryContext;
import dev.commithooks.engine.telling.Policies;
import dev.commithooks.engine.telling.Telling;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.FailureStage;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.util.List;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/** A statement in no transaction of its caller's. */
abstract sealed class OutsideStatement implements StatementTarget
        permits AutocommittedStatement, StatementInTransaction {

    private final Supplier<Configuration> configuration;
    private final TransactionInfo info;
    private final Telling telling;
    private final ExpectedRows rows = new ExpectedRows();
    private boolean hasEnded;
    private @Nullable Throwable failure;

    OutsideStatement(Policies policies, TransactionInfo info, Supplier<Configuration> configuration) {
        this.configuration = configuration;
        this.info = info;
        this.telling = new Telling(policies, info, false);
    }

    /** What hooks work with, made anew. */
    final Configuration configuration() {
        return configuration.get();
    }

    @Override
    public void aboutToSend(String table, Supplier<List<Write>> expected) {
        rows.expect(expected.get());
    }

    @Override
    public void ended(@Nullable Throwable how) {
        failure = how;
        hasEnded = true;
    }

    @Override
    public final void settle() {
        if (hasEnded) {
            hasEnded = false;
            settle(failure);
        }
    }

    /**
     * Runs the hooks that tell what became of the rows.
     *
     * @param onItsWay the statement's own exception, which is on its way to the caller and takes in what hooks throw
     */
    abstract void settle(@Nullable Throwable onItsWay);

    final TransactionInfo info() {
        return info;
    }

    final ExpectedRows rows() {
        return rows;
    }

    final Telling telling() {
        return telling;
    }

    /** The failure of rows that were not written. */
    static Failure nothingWritten(@Nullable Throwable cause) {
        return Failure.of(FailureStage.NOTHING_WRITTEN, cause, false);
    }

    /** Tells hooks of some of the rows. */
    final void tell(
            Outcome outcome, List<? extends Recorded> some, @Nullable Failure why, @Nullable Throwable onItsWay) {
        if (some.isEmpty()) {
            return;
        }
        List<Effect> effects = telling.fold(some, 0, some.size());
        BoundaryContext context = new BoundaryContext(configuration, info, effects, outcome, why, position -> false);
        telling.tell(context, List.of(), 0, onItsWay);
    }
}
