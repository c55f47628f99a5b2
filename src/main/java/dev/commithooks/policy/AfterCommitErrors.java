package dev.commithooks.policy;

import dev.commithooks.transaction.AfterCommitException;

/**
 * The receiver of the failures of after-commit and in-doubt hooks, called when all hooks have run.
 *
 * <p>A handler of the user's own may be given: it is called on the transaction's thread with one exception that carries all
 * failures, and what it throws reaches the caller. Must be thread-safe.
 */
@FunctionalInterface
public interface AfterCommitErrors {

    /** Throw the exception from the top-level {@code dsl.transaction}. The default. */
    AfterCommitErrors THROW = failure -> {
        throw failure;
    };

    /** Log the exception at ERROR; the caller gets its result. */
    AfterCommitErrors LOG = failure ->
            System.getLogger("dev.commithooks").log(System.Logger.Level.ERROR, failure.getMessage(), failure);

    /** Handles the failures of one boundary. */
    void handle(AfterCommitException failure);
}
