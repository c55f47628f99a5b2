package dev.commithooks.micrometer;

/** The metrics: name and meaning of each. */
enum Metric {
    TRANSACTIONS("commithooks.transactions", "Top-level transactions, from begin until all their hooks have run"),
    ACTIVE(
            "commithooks.transactions.active",
            "Top-level transactions that have begun and whose hooks have not all run"),
    CHANGES("commithooks.transactions.changes", "Changes a top-level transaction"),
    SAVEPOINTS("commithooks.savepoints", "What became of savepoints and nested transactions"),
    HOOKS("commithooks.hooks", "Calls of hooks and callbacks"),
    HOOK_CHANGES("commithooks.hooks.changes", "Changes that hooks were called for"),
    BYPASS("commithooks.bypass", "Statements on tables with hooks whose rows cannot be recorded"),
    CLEAN_UP_FAILURES("commithooks.cleanup.failures", "Clean-ups that failed after a COMMIT had succeeded"),
    HANDED_OVER(
            "commithooks.deliveries.handed.over",
            "Calls of durable hooks that were stored, by their transaction's outcome"),
    ATTEMPTS("commithooks.deliveries.attempts", "Attempts to call durable hooks"),
    DURATION("commithooks.deliveries.duration", "Attempts that delivered"),
    LATENCY("commithooks.deliveries.latency", "From the hand-over to the delivery"),
    STORED("commithooks.deliveries.stored", "Parcels in the store, of all hooks and nodes"),
    OLDEST("commithooks.deliveries.oldest", "For how long the longest waiting parcel has been due");

    private final String key;
    private final String description;

    Metric(String key, String description) {
        this.key = key;
        this.description = description;
    }

    /** The name that it is registered under. */
    String key() {
        return key;
    }

    String description() {
        return description;
    }
}
