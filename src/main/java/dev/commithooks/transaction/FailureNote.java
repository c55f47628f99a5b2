package dev.commithooks.transaction;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A note in an exception of the application or the database, with the hook that threw it and the table, or the number of attempts
 * after which a transaction was given up, and with the fate of the data. Never thrown: it is suppressed in that exception, and so
 * stands in its stack trace. Has no stack trace of its own. Immutable.
 */
public final class FailureNote extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable TransactionInfo transaction;
    private final transient @Nullable HookFailure hook;

    /** Made where the exception passes the boundary. */
    public FailureNote(String message, @Nullable TransactionInfo transaction, @Nullable HookFailure hook) {
        super(message, null, false, false);
        this.transaction = transaction;
        this.hook = hook;
    }

    /** The note in an exception; empty where it has none. */
    public static Optional<FailureNote> of(Throwable failure) {
        for (Throwable suppressed : failure.getSuppressed()) {
            if (suppressed instanceof FailureNote note) {
                return Optional.of(note);
            }
        }
        return Optional.empty();
    }

    /** The transaction; empty for several attempts, and in a copy that was serialized. */
    public Optional<TransactionInfo> transaction() {
        return Optional.ofNullable(transaction);
    }

    /** The hook that threw; empty where none did, and in a copy that was serialized. */
    public Optional<HookFailure> hook() {
        return Optional.ofNullable(hook);
    }
}
