package dev.commithooks.policy;

/** The hooks that rows get which before hooks write. Immutable. */
public final class Cascade {

    /** Where it ends. */
    private enum End {
        FIRES_NOTHING,
        SILENT,
        REFUSED
    }

    private static final Cascade ONCE = new Cascade(1, End.SILENT);
    private static final Cascade NONE = new Cascade(1, End.FIRES_NOTHING);

    private final int rounds;
    private final End end;

    private Cascade(int rounds, End end) {
        this.rounds = rounds;
        this.end = end;
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
     * needs more rounds than these is rolled back with an error that names the hooks and tables that go round; with one round,
     * that is every boundary whose before hooks write to a table with hooks.
     *
     * @throws IllegalArgumentException when there is to be no round
     */
    public static Cascade rounds(int rounds) {
        if (rounds < 1) {
            throw new IllegalArgumentException(
                    "cascade: there must be at least 1 round of before hooks, not " + rounds);
        }
        return new Cascade(rounds, End.REFUSED);
    }

    /** The number of rounds of before hooks that there may be at one boundary. */
    public int rounds() {
        return rounds;
    }

    /** Whether a boundary that needs more rounds is rolled back; if not, the rows of the last round get no before hooks. */
    public boolean refusesMore() {
        return end == End.REFUSED;
    }

    /** Whether rows that only before hooks wrote fire after, failed and in-doubt hooks. */
    public boolean firing() {
        return end != End.FIRES_NOTHING;
    }

    @Override
    public String toString() {
        return switch (end) {
            case FIRES_NOTHING -> "none";
            case SILENT -> "once";
            case REFUSED -> rounds == 1 ? "one round" : "up to " + rounds + " rounds";
        };
    }
}
