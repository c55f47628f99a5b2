package dev.commithooks.transaction;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * After-commit or in-doubt hooks threw. With an outcome of {@link Outcome#COMMITTED} the data <em>is</em> committed: do not
 * repeat the transaction. Deliberately no {@link org.jooq.exception.DataAccessException}, which retry loops would catch.
 */
public final class AfterCommitException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<HookFailure> failures;
    private final Outcome outcome;
    private final transient @Nullable TransactionInfo transaction;

    /** The first failure is the cause, the others are suppressed. */
    public AfterCommitException(
            String message, Outcome outcome, @Nullable TransactionInfo transaction, List<HookFailure> failures) {
        super(message, failures.get(0).cause());
        this.outcome = outcome;
        this.transaction = transaction;
        this.failures = List.copyOf(failures);
        for (HookFailure failure : failures.subList(1, failures.size())) {
            addSuppressed(failure.cause());
        }
    }

    /** The hooks that threw, in the order they ran. */
    public List<HookFailure> failures() {
        return failures == null ? List.of() : failures;
    }

    /** The transaction; empty in a copy that was serialized. */
    public Optional<TransactionInfo> transaction() {
        return Optional.ofNullable(transaction);
    }

    /** The end of the transaction: committed, or in doubt. */
    public Outcome outcome() {
        return outcome;
    }
}
