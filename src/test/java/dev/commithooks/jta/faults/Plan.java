package dev.commithooks.jta.faults;

import dev.commithooks.fixture.TcpProxy.Fault;
import dev.commithooks.jta.faults.TwoDatabases.Attempt;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/**
 * A random transaction: which databases it writes to and in which order, what its last act is, and what happens to it on its way to
 * the end. Made of a number alone, so that any one can be made again.
 */
record Plan(long number, List<String> writes, Act lastAct, String on, Mishap mishap, String to) {

    /** The last act of the work. */
    enum Act {
        NONE,
        THROW,
        MARK,
        SWALLOW_AN_ERROR,
        VIOLATE_A_DEFERRED_CONSTRAINT,
        REFUSE_IN_A_HOOK
    }

    /** What happens at the end, once, if its moment comes. */
    enum Mishap {
        NONE,
        SESSION_ENDS,
        CUT_BEFORE_ARRIVAL,
        CUT_BEFORE_ANSWER,
        ROLLED_BACK_BY_HAND,
        COMMITTED_BY_HAND
    }

    private static final List<Moment> BEFORE_A_STEP = List.of(
            Moment.BEFORE_PREPARE, Moment.BEFORE_COMMIT, Moment.BEFORE_ONE_PHASE_COMMIT, Moment.BEFORE_ROLLBACK);

    private static final List<String> MESSAGES =
            List.of("PREPARE TRANSACTION", "COMMIT PREPARED", "ROLLBACK PREPARED", "COMMIT\0");

    static Plan of(long number) {
        Random random = new Random(number * 0x9E3779B97F4A7C15L);
        List<String> writes = List.of(
                        List.of("A", "B"),
                        List.of("A", "B"),
                        List.of("B", "A"),
                        List.of("B", "A"),
                        List.of("A"),
                        List.of("B"))
                .get(random.nextInt(6));
        Act act = random.nextInt(4) == 0 ? Act.values()[random.nextInt(Act.values().length)] : Act.NONE;
        Mishap mishap = switch (random.nextInt(36)) {
            case 0, 1, 2 -> Mishap.SESSION_ENDS;
            case 3, 4, 5 -> Mishap.CUT_BEFORE_ARRIVAL;
            case 6, 7, 8 -> Mishap.CUT_BEFORE_ANSWER;
            case 9 ->
                random.nextInt(4) > 0
                        ? Mishap.NONE
                        : random.nextBoolean() ? Mishap.ROLLED_BACK_BY_HAND : Mishap.COMMITTED_BY_HAND;
            default -> Mishap.NONE;
        };
        return new Plan(
                number, writes, act, random.nextBoolean() ? "A" : "B", mishap, random.nextBoolean() ? "A" : "B");
    }

    /** Smaller ones, each without something that this one has. */
    List<Plan> smaller() {
        List<Plan> smaller = new ArrayList<>();
        if (writes.size() > 1) {
            writes.forEach(side -> smaller.add(new Plan(number, List.of(side), lastAct, on, mishap, to)));
        }
        if (lastAct != Act.NONE) {
            smaller.add(new Plan(number, writes, Act.NONE, on, mishap, to));
        }
        if (mishap != Mishap.NONE) {
            smaller.add(new Plan(number, writes, lastAct, on, Mishap.NONE, to));
        }
        if (!writes.equals(writes.stream().sorted().toList())) {
            smaller.add(new Plan(number, writes.stream().sorted().toList(), lastAct, on, mishap, to));
        }
        return smaller;
    }

    /** The smallest plan that still fails as this one does. */
    Plan shrunk(Predicate<Plan> fails) {
        for (Plan candidate : smaller()) {
            if (fails.test(candidate)) {
                return candidate.shrunk(fails);
            }
        }
        return this;
    }

    /** Whether somebody may have ended one database's branch against the manager's decision. */
    boolean isByHand() {
        return mishap == Mishap.ROLLED_BACK_BY_HAND || mishap == Mishap.COMMITTED_BY_HAND;
    }

    /** Carries it out, with accounts of this owner. */
    Attempt attemptIn(TwoDatabases databases, String owner) {
        return databases.attempt(owner, () -> {
            for (String side : writes) {
                databases.store(databases.side(side), owner);
            }
            arm(databases.side(to));
            act(databases, databases.side(on));
        });
    }

    private void act(TwoDatabases databases, Side side) throws Exception {
        switch (lastAct) {
            case NONE -> {}
            case THROW -> throw new IllegalStateException("the work failed");
            case MARK -> databases.setRollbackOnly();
            case SWALLOW_AN_ERROR -> databases.swallowAnErrorIn(side);
            case VIOLATE_A_DEFERRED_CONSTRAINT -> databases.violateADeferredConstraintIn(side);
            case REFUSE_IN_A_HOOK -> databases.refuseInBeforeHookOf(side);
        }
    }

    private void arm(Side side) {
        Random random = new Random(number);
        switch (mishap) {
            case NONE -> {}
            case SESSION_ENDS -> side.sessionEnds(BEFORE_A_STEP.get(random.nextInt(BEFORE_A_STEP.size())));
            case CUT_BEFORE_ARRIVAL -> side.network().onNext(message(random), Fault.CUT_BEFORE_ARRIVAL);
            case CUT_BEFORE_ANSWER -> side.network().onNext(message(random), Fault.CUT_BEFORE_ANSWER);
            case ROLLED_BACK_BY_HAND -> side.endedByHand(Moment.BEFORE_COMMIT, "rollback");
            case COMMITTED_BY_HAND -> side.endedByHand(Moment.BEFORE_COMMIT, "commit");
        }
    }

    private static String message(Random random) {
        return MESSAGES.get(random.nextInt(MESSAGES.size()));
    }
}
