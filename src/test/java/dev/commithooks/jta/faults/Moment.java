package dev.commithooks.jta.faults;

/** The moments around the calls by which a JTA manager ends a branch. */
enum Moment {
    BEFORE_PREPARE,
    AFTER_PREPARE,
    /** Of two phases. */
    BEFORE_COMMIT,
    /** Of two phases. */
    AFTER_COMMIT,
    BEFORE_ONE_PHASE_COMMIT,
    AFTER_ONE_PHASE_COMMIT,
    BEFORE_ROLLBACK,
    AFTER_ROLLBACK,
    /** Recovery has been given the list of what is prepared. */
    AFTER_SCAN
}
