package dev.commithooks.transaction;

import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * The transaction, or the nested one, ended normally but could not be committed, since an error that was swallowed had
 * aborted it. The data <em>is</em> rolled back. The cause is the swallowed error, where it was seen.
 */
public final class TransactionAbortedException extends DataAccessException {

    private static final long serialVersionUID = 1L;

    /** Made where the boundary is refused. */
    public TransactionAbortedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
