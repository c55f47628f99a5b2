package dev.commithooks.transaction;

/**
 * COMMIT was sent, no answer came, and nobody can tell whether the data is committed. Deliberately no
 * {@link org.jooq.exception.DataAccessException}: a retry loop must not repeat what may already be there.
 */
public final class TransactionInDoubtException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Made where COMMIT got no answer. */
    public TransactionInDoubtException(String message, Throwable cause) {
        super(message, cause);
    }
}
