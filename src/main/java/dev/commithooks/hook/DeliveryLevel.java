package dev.commithooks.hook;

/** The certainty that a hook is called when the process dies after COMMIT. */
public enum DeliveryLevel {
    /** By the transaction itself: a crash between COMMIT and the call loses the call. */
    IN_MEMORY,
    /** Out of a store that was written with the transaction: at least once, on any node, after any crash. */
    DURABLE
}
