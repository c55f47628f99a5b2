package dev.commithooks.spi;

import dev.commithooks.spi.OutcomeResolver.Inquiry;
import org.jspecify.annotations.Nullable;

/**
 * A connection that knows more of its transaction than its driver does: one whose transactions are virtual, in tests for
 * instance. Implemented by the {@link java.sql.Connection}, or reached by {@code unwrap}; asked before the driver is.
 */
public interface ConnectionState {

    /** The states of a transaction on the server. */
    enum State {
        /** None is open. */
        IDLE,
        /** One is open, and fit to be committed. */
        OPEN,
        /** One is open in which a statement failed: COMMIT would roll it back. */
        ABORTED,
        /** Not known. */
        UNKNOWN
    }

    /** The state, without a round trip. */
    State transactionState();

    /** The inquiry into how a COMMIT ended that got no answer; null where nobody can tell. */
    @Nullable
    Inquiry commitInquiry();
}
