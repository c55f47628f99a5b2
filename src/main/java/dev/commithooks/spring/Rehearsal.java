package dev.commithooks.spring;

import dev.commithooks.spi.Boundary;
import dev.commithooks.transaction.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * An end of this thread's transactions that does not happen: hooks are called as if they had ended here, and they go on. For tests
 * that Spring rolls back; {@link dev.commithooks.spring.test.HooksInTests} is the convenient way to it.
 *
 * <p>What hooks write is in the transaction too, and is rolled back with it; a REQUIRES_NEW of theirs really commits. Thread-safe.
 */
public final class Rehearsal {

    private static final int ROUNDS = 100;

    private final SpringTransactions transactions;

    /** Rehearsals of the transactions that these know. */
    public Rehearsal(SpringTransactions transactions) {
        this.transactions = Objects.requireNonNull(transactions, "transactions");
    }

    /**
     * Runs before hooks, checks deferred constraints where the database is PostgreSQL, and runs after hooks, for all that was
     * written since the transactions began or the last rehearsal; then for what those hooks wrote, until there is nothing more.
     * If the transaction is marked rollback-only, or its commit would be refused, failed hooks run.
     *
     * @throws RuntimeException what a before hook threw, or why COMMIT would be refused: the transaction is rollback-only from now
     *     on, its rows still there; or what after hooks threw
     */
    public void commit() {
        for (int round = 0; round < ROUNDS; round++) {
            List<SpringTransaction> open = open();
            if (open.isEmpty()) {
                return;
            }
            open.forEach(Rehearsal::commit);
        }
        throw new IllegalStateException(
                "Hooks were called " + ROUNDS + " times as if their transaction was committed, and"
                        + " each time had written again; the transaction is still open. Let after hooks not write to their own table.");
    }

    private List<SpringTransaction> open() {
        return transactions.onThisThread().stream()
                .filter(transaction -> transaction.boundaryOrNull() != null)
                .toList();
    }

    private static void commit(SpringTransaction transaction) {
        Boundary boundary = Objects.requireNonNull(transaction.boundaryOrNull());
        boolean isRollbackOnly = transaction.isRollbackOnly();
        RuntimeException refusal = isRollbackOnly ? null : refusal(transaction, boundary);
        transaction.endBoundary();
        boundary.completed(isRollbackOnly || refusal != null ? Outcome.ROLLED_BACK : Outcome.COMMITTED, refusal);
        if (refusal != null) {
            transaction.status().setRollbackOnly();
        }
        boundary.deliver();
        if (refusal != null) {
            throw refusal;
        }
    }

    private static @Nullable RuntimeException refusal(SpringTransaction transaction, Boundary boundary) {
        try {
            boundary.aboutToCommit();
            checkDeferred(transaction.connection());
            return null;
        } catch (RuntimeException refused) {
            return refused;
        }
    }

    /** Rolled back to the savepoint, constraints are deferred again as they were, and an error aborts nothing. */
    private static void checkDeferred(Connection connection) {
        try {
            if (!connection.getMetaData().getDatabaseProductName().equals("PostgreSQL")) {
                return;
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("savepoint commithooks_rehearsal");
                try {
                    statement.execute("set constraints all immediate");
                } finally {
                    statement.execute("rollback to savepoint commithooks_rehearsal");
                    statement.execute("release savepoint commithooks_rehearsal");
                }
            }
        } catch (SQLException refused) {
            throw new DataAccessException("COMMIT would be refused: " + refused.getMessage(), refused);
        }
    }

    /**
     * Forgets what was written since the last rehearsal: the rollback that is about to come calls no failed hook for it.
     */
    public void forget() {
        for (SpringTransaction transaction : open()) {
            Boundary boundary = Objects.requireNonNull(transaction.boundaryOrNull());
            transaction.endBoundary();
            boundary.completed(Outcome.ROLLED_BACK, null);
            boundary.discard();
        }
    }
}
