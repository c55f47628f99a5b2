package dev.commithooks.jta.faults;

/** The steps of a two-phase commit, A's before B's, at which a process can die; by what the last message was. */
enum Step {
    /** Nothing is prepared. */
    BEFORE_PREPARE("A", Moment.BEFORE_PREPARE),
    A_IS_PREPARED("A", Moment.AFTER_PREPARE),
    /** The manager has not written its decision yet. */
    BOTH_ARE_PREPARED("B", Moment.AFTER_PREPARE),
    /** The decision is in the log; no COMMIT was sent. */
    DECIDED("A", Moment.BEFORE_COMMIT),
    A_IS_COMMITTED("A", Moment.AFTER_COMMIT),
    /** The transaction is still in the log. */
    BOTH_ARE_COMMITTED("B", Moment.AFTER_COMMIT);

    private final String side;
    private final Moment moment;

    Step(String side, Moment moment) {
        this.side = side;
        this.moment = moment;
    }

    String side() {
        return side;
    }

    Moment moment() {
        return moment;
    }

    /** Whether the transaction is committed in the end. */
    boolean isDecided() {
        return ordinal() >= DECIDED.ordinal();
    }
}
