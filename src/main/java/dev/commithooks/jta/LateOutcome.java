package dev.commithooks.jta;

import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.util.Objects;
import java.util.Optional;

/**
 * The end of one branch of a JTA transaction, one database's part in it, that came later than its commit: by the manager's
 * recovery, in this process or after a crash, or by the database itself.
 *
 * @param globalId the JTA transaction's global id, in hexadecimal digits; that of {@link JtaTransactions#globalId()}
 * @param branchId the branch's own id in it, in hexadecimal digits
 * @param database the name given to {@link JtaTransactions#recovering}
 * @param outcome committed or rolled back; {@link Outcome#UNKNOWN} for a branch that is not prepared any more, and of which nobody
 *     can tell by whom it was ended, and how
 * @param transaction what in-doubt hooks had been told of, where that was in this process
 */
public record LateOutcome(
        String globalId, String branchId, String database, Outcome outcome, Optional<TransactionInfo> transaction) {

    /** Refuses nulls. */
    public LateOutcome {
        Objects.requireNonNull(globalId, "globalId");
        Objects.requireNonNull(branchId, "branchId");
        Objects.requireNonNull(database, "database");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(transaction, "transaction");
    }
}
