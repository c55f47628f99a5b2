package dev.commithooks.engine.dialect;

/** In which state a connection's transaction is, from the server's point of view. */
public enum TransactionStatus {
    /** None is open: none has begun yet, or it has ended. */
    IDLE,
    /** One is open, and fit to be committed. */
    OPEN,
    /** One is open in which a statement failed: COMMIT would roll it back, or commit what came after the failure alone. */
    ABORTED,
    /** The driver does not tell. */
    UNKNOWN
}
