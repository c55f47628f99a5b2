package dev.commithooks.policy;

/**
 * What becomes of the rows that before hooks write.
 *
 * @param rounds how many rounds of before hooks there may be at one boundary, at least 1
 * @param firing whether rows that only before hooks wrote fire after, failed and in-doubt hooks
 */
public record Cascade(int rounds, boolean firing) {

    private static final Cascade ONCE = new Cascade(1, true);
    private static final Cascade NONE = new Cascade(1, false);

    /** Checks the number of rounds. */
    public Cascade {
        if (rounds < 1) {
            throw new IllegalArgumentException(
                    "cascade: there must be at least 1 round of before hooks, not " + rounds);
        }
    }

    /** Rows written by before hooks fire after, failed and in-doubt hooks, but no before hooks of their own. The default. */
    public static Cascade once() {
        return ONCE;
    }

    /** The classic rule: rows that only before hooks wrote fire nothing. */
    public static Cascade none() {
        return NONE;
    }

    /**
     * Rows written by before hooks fire their own before hooks in a next round, until a round writes nothing. A boundary that
     * needs more rounds than these is rolled back with an error that names the hooks and tables that go round.
     */
    public static Cascade rounds(int rounds) {
        return new Cascade(rounds, true);
    }

    @Override
    public String toString() {
        return !firing ? "none" : rounds == 1 ? "once" : "up to " + rounds + " rounds";
    }
}
