package dev.commithooks.engine.dialect;

import dev.commithooks.transaction.IsolationLevel;
import org.jspecify.annotations.Nullable;

/**
 * The modes that a transaction begins with.
 *
 * @param isolation its isolation level; null for the session's
 * @param readOnly whether it may not write
 * @param deferrable whether it waits for a snapshot that cannot fail
 */
public record TransactionModes(@Nullable IsolationLevel isolation, boolean readOnly, boolean deferrable) {

    /** Whether none is asked for. */
    public boolean isPlain() {
        return isolation == null && !readOnly && !deferrable;
    }
}
