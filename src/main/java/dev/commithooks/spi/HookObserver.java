package dev.commithooks.spi;

import dev.commithooks.change.Change;
import dev.commithooks.change.StatementSummary;
import dev.commithooks.hook.Delivery;
import dev.commithooks.row.TableName;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * A listener to everything that the library does: for tracing, metrics, tests. Called on the transaction's thread, in the order things happen.
 * An exception of an observer is logged and goes no further. Must be thread-safe, and must not write to the database.
 */
public interface HookObserver {

    /** A top-level transaction has begun. Exactly one {@link #outcome} follows. */
    default void transactionBegun(TransactionInfo transaction) {}

    /** The events of a savepoint. */
    enum SavepointEvent {
        /** It was set. */
        SET,
        /** It was released: what it wrote belongs to its parent now. */
        RELEASED,
        /** It was rolled back. */
        ROLLED_BACK
    }

    /** A nested transaction's savepoint, or one set by hand, was set, released or rolled back. */
    default void savepoint(TransactionInfo transaction, SavepointEvent event) {}

    /** The phases of hooks. */
    enum Phase {
        /** Before COMMIT. */
        BEFORE,
        /** After COMMIT. */
        AFTER,
        /** After a rollback. */
        FAILED,
        /** When nobody can know. */
        IN_DOUBT
    }

    /** Hooks of a phase are about to run for this many changes; the summary of a large statement counts as one. */
    default void boundary(TransactionInfo transaction, Phase phase, int changes) {}

    /**
     * One hook method's or callback's call.
     *
     * @param transaction whose boundary it is
     * @param hook the hook's name; {@code callback} for an ad hoc one
     * @param method the method, for instance {@code afterCommitInsert}, or {@code onCommit}
     * @param table the table; empty for a callback
     * @param phase the phase
     * @param changes what it is called for: one change, or a set's; none for a callback. They are the hook's own, so what it does
     *     to their rows is seen here too
     * @param summaries a set's statements that wrote too many rows to be told one by one
     */
    record HookCall(
            TransactionInfo transaction,
            String hook,
            String method,
            Optional<Table<?>> table,
            Phase phase,
            List<? extends Change<?>> changes,
            List<StatementSummary> summaries) {

        /** The number of changes, where the summary of a large statement counts as one. */
        public int size() {
            return changes.size() + summaries.size();
        }

        /** The table's name with its schema, before any schema mapping; empty for a callback. */
        public Optional<String> tableName() {
            return table.map(TableName::of);
        }
    }

    /** A hook is about to be called. {@link #hookFinished} or {@link #hookFailed} follows with the same object. */
    default void hookStarted(HookCall call) {}

    /** A hook has returned. */
    default void hookFinished(HookCall call, Duration duration) {}

    /** A hook has thrown. */
    default void hookFailed(HookCall call, Duration duration, Throwable failure) {}

    /**
     * A statement wrote, or was to write, to a table with hooks without a record.
     *
     * @param table the table's name
     * @param sql the statement
     * @param refused whether it was refused
     */
    default void bypass(String table, String sql, boolean refused) {}

    /** A clean-up after a COMMIT failed: the autocommit mode was not restored or the connection not released. */
    default void cleanUpFailed(TransactionInfo transaction, Throwable failure) {}

    /**
     * A top-level transaction has ended, and all its hooks have run.
     *
     * @param transaction which
     * @param outcome how it ended
     * @param failure why it failed; null unless it was rolled back
     * @param changes how many changes it had; the summary of a large statement counts as one
     * @param duration from its begin to here
     */
    default void outcome(
            TransactionInfo transaction, Outcome outcome, @Nullable Failure failure, int changes, Duration duration) {}

    /**
     * Calls of a durable hook were stored with a transaction that is about to be committed.
     *
     * @param transaction which
     * @param hook the hook's name
     * @param changes how many changes; 0 for a callback
     */
    default void handedOver(TransactionInfo transaction, String hook, int changes) {}

    /**
     * An attempt to call a durable hook with what was stored. Reported on the thread that calls it.
     *
     * @param hook the hook's name
     * @param delivery which call; without the number of a single change
     * @param changes for how many changes; 0 for a callback
     */
    record DeliveryAttempt(String hook, Delivery delivery, int changes) {}

    /** A durable hook has taken all it was to be called with. */
    default void delivered(DeliveryAttempt attempt, Duration duration) {}

    /** An attempt failed, or its JVM died; there will be another. */
    default void deliveryFailed(DeliveryAttempt attempt, @Nullable Throwable failure, Instant next) {}

    /** The last attempt failed: it stays in the store, and nothing more happens until somebody retries or drops it. */
    default void parked(DeliveryAttempt attempt, @Nullable Throwable failure) {}

    /** This observer, then the other. */
    default HookObserver andThen(HookObserver next) {
        return new ObserverChain(this, next);
    }
}
