package dev.commithooks.spi;

import dev.commithooks.transaction.Outcome;
import java.util.Set;
import org.jooq.Table;

/**
 * Takes part in each commit of a transaction with something to tell: what must be written with it, or noted before it. Must be
 * thread-safe.
 */
@FunctionalInterface
public interface CommitParticipant {

    /**
     * The last thing before COMMIT: all before hooks have run, and the changes are final.
     *
     * <p>Transaction: open; what is written through {@link CommitContext#dsl()} is committed with it, and no hook hears of it.
     * Connection: the transaction's. If it throws, the transaction is rolled back, failed hooks fire with
     * {@link dev.commithooks.transaction.FailureStage#BEFORE_HOOK}, and the exception reaches the caller.
     *
     * @return who is told how it ended
     */
    Prepared aboutToCommit(CommitContext commit) throws Exception;

    /** The tables whose changes it needs: what is written to them is recorded, even if they have no hooks. */
    default Set<Table<?>> tables() {
        return Set.of();
    }

    /** A participant's part in one commit. */
    interface Prepared {

        /**
         * The transaction's outcome is known, or known to be unknown. Called once, before after, failed or in-doubt hooks run;
         * must be quick. What it throws is logged.
         */
        void completed(Outcome outcome);
    }
}
