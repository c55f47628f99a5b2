package dev.commithooks.engine.options;

import dev.commithooks.engine.boundary.TransactionBoundary;
import dev.commithooks.engine.jooq.TransactionOptions;
import dev.commithooks.engine.telling.Suppressed;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.transaction.FailureNote;
import dev.commithooks.transaction.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.TransactionalCallable;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/** Begins a top-level transaction, and another one in its place when it lost against others, as often as its policy says. */
final class Attempts {

    private static final RetryPolicy ONCE = RetryPolicy.attempts(1);
    private static final String READ_ONLY_SQL_TRANSACTION = "25006";

    private final Request request;
    private final Configuration configuration;
    private final RetryPolicy policy;
    private final List<Throwable> earlier = new ArrayList<>(0);

    Attempts(Request request, Configuration configuration) {
        this.request = request;
        this.configuration = configuration;
        this.policy = request.retry() == null ? ONCE : request.retry();
    }

    <T extends @Nullable Object> T call(TransactionalCallable<T> block) {
        for (int attempt = 1; ; attempt++) {
            TransactionOptions options = request.options(attempt);
            try {
                return options.on(configuration).dsl().transactionResult(block);
            } catch (Throwable failure) {
                boolean lost = mayTryAgain(options, failure);
                boolean isLast = attempt == policy.attempts();
                if (!lost || isLast || !pause(attempt)) {
                    Throwable last = last(failure);
                    if (lost && isLast && attempt > 1) {
                        last.addSuppressed(exhausted());
                    }
                    throw Suppressed.<RuntimeException>rethrow(last);
                }
                earlier.add(failure);
            }
        }
    }

    /** What is committed, or may be, must not be done again, whatever the exception looks like. */
    private static boolean mayTryAgain(TransactionOptions options, Throwable failure) {
        TransactionBoundary boundary = options.boundary();
        return boundary != null
                && boundary.scope().outcome() == Outcome.ROLLED_BACK
                && !boundary.isDoubtful()
                && RetryPolicy.isTransient(failure);
    }

    /** Whether the pause came to its end; if not, the interrupt is there for the caller to see. */
    private boolean pause(int attempt) {
        if (Thread.currentThread().isInterrupted()) {
            return false;
        }
        try {
            policy.await(attempt);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Throwable last(Throwable failure) {
        Throwable last = explained(failure);
        earlier.forEach(one -> Suppressed.add(last, one));
        return last;
    }

    private FailureNote exhausted() {
        return new FailureNote(
                "Transaction" + (request.name() == null ? "" : " '" + request.name() + "'") + " was given up after "
                        + policy.attempts()
                        + " attempts, each of which lost against other transactions: it IS rolled back. The"
                        + " failures of the earlier attempts are suppressed too. Allow more by retry(RetryPolicy.attempts(n)), or"
                        + " pause longer between them.",
                null,
                null);
    }

    /** The server's message knows nothing of the option that was the reason. */
    private Throwable explained(Throwable failure) {
        if (request.readOnly()
                && failure instanceof DataAccessException dataAccess
                && READ_ONLY_SQL_TRANSACTION.equals(dataAccess.sqlState())) {
            return new DataAccessException(
                    "The transaction" + (request.name() == null ? "" : " '" + request.name() + "'")
                            + " IS rolled back: it was begun with readOnly(), and a statement, or a hook or callback"
                            + " before its commit, was to write. Leave readOnly() out, or write in another transaction:"
                            + " propagation(REQUIRES_NEW), or an onCommit callback.",
                    failure);
        }
        return failure;
    }
}
