package dev.commithooks.transaction;

import java.util.List;

/**
 * After-commit or in-doubt hooks threw. With an outcome of {@link Outcome#COMMITTED} the data <em>is</em> committed: do not
 * repeat the transaction. Deliberately no {@link org.jooq.exception.DataAccessException}, which retry loops would catch.
 */
public final class AfterCommitException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<HookFailure> failures;
    private final Outcome outcome;

    /** The first failure is the cause, the others are suppressed. */
    public AfterCommitException(String message, Outcome outcome, List<HookFailure> failures) {
        super(message, failures.get(0).cause());
        this.outcome = outcome;
        this.failures = List.copyOf(failures);
        for (HookFailure failure : failures.subList(1, failures.size())) {
            addSuppressed(failure.cause());
        }
    }

    /** The hooks that threw, in the order they ran. */
    public List<HookFailure> failures() {
        return failures == null ? List.of() : failures;
    }

    /** How the transaction ended: committed, or in doubt. */
    public Outcome outcome() {
        return outcome;
    }
}
