package dev.commithooks.transaction;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * COMMIT was sent, no answer came, and nobody can tell whether the data is committed. Deliberately no
 * {@link org.jooq.exception.DataAccessException}: a retry loop must not repeat what may already be there.
 */
public final class TransactionInDoubtException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable TransactionInfo transaction;

    /** Made where COMMIT got no answer. */
    public TransactionInDoubtException(String message, @Nullable TransactionInfo transaction, Throwable cause) {
        super(message, cause);
        this.transaction = transaction;
    }

    /** The transaction; empty in a copy that was serialized. */
    public Optional<TransactionInfo> transaction() {
        return Optional.ofNullable(transaction);
    }
}
