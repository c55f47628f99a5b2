package dev.commithooks.policy;

import dev.commithooks.transaction.IsolationLevel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What holds for each transaction that {@code Transactions.with(dsl)} begins and that says nothing else itself. A block that
 * joins a transaction, or is a savepoint in it, keeps what that one has. Immutable.
 *
 * @param isolation the isolation level; null for the database's
 * @param retry how often it is tried; null for once
 */
public record TransactionDefaults(
        @Nullable IsolationLevel isolation, @Nullable RetryPolicy retry) {

    private static final TransactionDefaults NONE = new TransactionDefaults(null, null);

    /** The database's isolation level, and no retry. */
    public static TransactionDefaults none() {
        return NONE;
    }

    /** The same with this isolation level. */
    public TransactionDefaults isolation(IsolationLevel level) {
        return new TransactionDefaults(Objects.requireNonNull(level, "isolation"), retry);
    }

    /** The same with this many attempts. */
    public TransactionDefaults retry(RetryPolicy policy) {
        return new TransactionDefaults(isolation, Objects.requireNonNull(policy, "retry"));
    }

    @Override
    public String toString() {
        return "isolation " + (isolation == null ? "of the database" : isolation.sql()) + ", "
                + (retry == null ? "no retry" : retry);
    }
}
