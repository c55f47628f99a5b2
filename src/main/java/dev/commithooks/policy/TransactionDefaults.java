package dev.commithooks.policy;

import dev.commithooks.transaction.IsolationLevel;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The isolation level and the retries of each transaction that is begun through the hooks and says nothing else itself. A block
 * that joins a transaction, or is a savepoint in it, keeps what that one has. Immutable, and equal to others that say the same.
 */
public final class TransactionDefaults {

    private static final TransactionDefaults NONE = new TransactionDefaults(null, null);

    private final @Nullable IsolationLevel isolation;
    private final @Nullable RetryPolicy retry;

    private TransactionDefaults(@Nullable IsolationLevel isolation, @Nullable RetryPolicy retry) {
        this.isolation = isolation;
        this.retry = retry;
    }

    /** The database's isolation level, and no retry. */
    public static TransactionDefaults none() {
        return NONE;
    }

    /** The same with this isolation level. */
    public TransactionDefaults isolation(IsolationLevel level) {
        return new TransactionDefaults(Objects.requireNonNull(level, "isolation"), retry);
    }

    /** The same with this many attempts, for what {@code Transactions.with(dsl)} runs: other transactions have no block to repeat. */
    public TransactionDefaults retry(RetryPolicy policy) {
        return new TransactionDefaults(isolation, Objects.requireNonNull(policy, "retry"));
    }

    /** The isolation level; empty for the database's. */
    public Optional<IsolationLevel> isolation() {
        return Optional.ofNullable(isolation);
    }

    /** The retries; empty for none. */
    public Optional<RetryPolicy> retry() {
        return Optional.ofNullable(retry);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TransactionDefaults that
                && isolation == that.isolation
                && Objects.equals(retry, that.retry);
    }

    @Override
    public int hashCode() {
        return Objects.hash(isolation, retry);
    }

    @Override
    public String toString() {
        return "isolation " + (isolation == null ? "of the database" : isolation.sql()) + ", "
                + (retry == null ? "no retry" : retry);
    }
}
