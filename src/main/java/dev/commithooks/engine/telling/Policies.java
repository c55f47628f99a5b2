package dev.commithooks.engine.telling;

import dev.commithooks.policy.AfterCommitErrors;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.policy.Bypass;
import dev.commithooks.policy.Cascade;
import dev.commithooks.policy.FailedHooks;
import dev.commithooks.policy.OutsideTransaction;
import dev.commithooks.policy.RolledBackRecords;
import dev.commithooks.policy.TransactionDefaults;
import dev.commithooks.policy.UnprovenDatabase;
import dev.commithooks.spi.CommitParticipant;
import dev.commithooks.spi.HookInterceptor;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.spi.OutcomeResolver;
import dev.commithooks.spi.TransactionOwner;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.FailureStage;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The choices that hold for all transactions of one set of hooks.
 *
 * @param buckets how writes are folded
 * @param cascade what becomes of the rows that before hooks write
 * @param failedHooks which failures failed hooks are told of
 * @param afterCommitErrors what becomes of the failures of after hooks
 * @param outsideTransaction what is done outside transactions
 * @param bypass what is done about DML without a record
 * @param transactionDefaults what transactions with options are like that do not say it
 * @param rolledBackRecords what becomes of records that were written in what is rolled back
 * @param unprovenDatabase what is done about a database that nobody has tested
 * @param owners whose transactions may be open where none of ours is
 * @param participants take part in each commit
 * @param resolver finds out how a commit in doubt ended, if anything can
 * @param observer sees everything; throws nothing
 * @param interceptor stands around the calls that tell of an outcome, if any does
 */
public record Policies(
        BucketMode buckets,
        Cascade cascade,
        FailedHooks failedHooks,
        AfterCommitErrors afterCommitErrors,
        OutsideTransaction outsideTransaction,
        Bypass bypass,
        TransactionDefaults transactionDefaults,
        RolledBackRecords rolledBackRecords,
        UnprovenDatabase unprovenDatabase,
        List<TransactionOwner> owners,
        List<CommitParticipant> participants,
        @Nullable OutcomeResolver resolver,
        HookObserver observer,
        @Nullable HookInterceptor interceptor) {

    /** Whether anybody observes; if not, what an observer would be told need not be made. */
    public boolean isObserved() {
        return observer != SafeObserver.NONE;
    }

    /** Whether anybody but hooks must know what is about to be committed. */
    public boolean areToldOfCommits() {
        return resolver != null || !participants.isEmpty();
    }

    /** Whether records are to be restored by a rollback of any transaction, retried or not. */
    public boolean restoresRecords() {
        return rolledBackRecords == RolledBackRecords.RESTORED;
    }

    /** Whether failed hooks are told of a failure at this stage. */
    public boolean tellOf(FailureStage stage) {
        return failedHooks == FailedHooks.ON_EVERY_FAILURE
                || stage == FailureStage.BEFORE_HOOK
                || stage == FailureStage.COMMIT;
    }

    /** A transaction has ended, and its hooks have been told, or nobody is to be. */
    public void observeEnd(
            TransactionInfo info, long startNanos, Outcome outcome, @Nullable Failure failure, int told) {
        if (isObserved()) {
            Duration duration = Duration.ofNanos(System.nanoTime() - startNanos);
            observer.outcome(info, outcome, outcome == Outcome.ROLLED_BACK ? failure : null, told, duration);
        }
    }
}
