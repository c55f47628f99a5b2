package dev.commithooks.engine.connection;

/** What a transaction's connection was asked for last. */
enum Phase {
    /** Between begin and end, as far as this connection was asked. */
    OPEN,
    /** Commit or rollback was called last; what follows is clean-up, or the user's further work. */
    ENDED,
    /** Rollback was called last, and failed: the transaction may still be open. */
    ROLLBACK_FAILED
}
