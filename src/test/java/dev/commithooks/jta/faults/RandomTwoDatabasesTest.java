package dev.commithooks.jta.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.OnNarayana;
import dev.commithooks.jta.LateOutcome;
import dev.commithooks.jta.faults.TwoDatabases.Attempt;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Random transactions over two databases, with faults: as many as {@code -Dcommithooks.jta.transactions=5000} says, from the number
 * {@code -Dcommithooks.jta.first} on. A failure names the transaction's number, and the smallest transaction that is still told
 * a lie.
 */
@NeedsRealCommits("two phases")
class RandomTwoDatabasesTest {

    private static final int TRANSACTIONS = Integer.getInteger("commithooks.jta.transactions", 20);
    private static final long FIRST = Long.getLong("commithooks.jta.first", 1);

    /** After so many recovery runs, and all is compared. */
    private static final int ROUND = 100;

    private final TwoDatabases databases = new TwoDatabases();
    private int attempts;

    @AfterEach
    void close() {
        databases.close();
    }

    @Test
    void hooksAndLateListenersAreToldWhatBothDatabasesHold() {
        Map<String, Integer> seen = new LinkedHashMap<>();
        for (long from = FIRST; from < FIRST + TRANSACTIONS; from += ROUND) {
            Map<Plan, Attempt> round = new LinkedHashMap<>();
            for (long number = from; number < Math.min(from + ROUND, FIRST + TRANSACTIONS); number++) {
                Plan plan = Plan.of(number);
                round.put(plan, attempt(plan));
            }
            databases.recover();
            compare(round, seen);
        }
        System.getLogger(RandomTwoDatabasesTest.class.getName())
                .log(System.Logger.Level.INFO, "{0} transactions over two databases: {1}", TRANSACTIONS, seen);
        assertThat(seen).as("what A and B were told").containsKeys("after after", "failed failed");
        assertThat(seen.keySet()).as("doubt").anyMatch(told -> told.contains("inDoubt"));
    }

    /** Shows that the test can fail: if it were a lie that B's hooks hear of a commit, this is all it would take. */
    @Test
    @OnNarayana // it is about the test alone, and waits for a dozen recoveries
    void lieShrinksToWhatMatters() {
        Plan plan = new Plan(1, List.of("B", "A"), Plan.Act.NONE, "A", Plan.Mishap.ROLLED_BACK_BY_HAND, "A");

        Plan small = plan.shrunk(candidate -> {
            Attempt attempt = attemptAndRecover(candidate);
            return verdicts().ofB(attempt).told().equals("after");
        });

        assertThat(small).isEqualTo(new Plan(1, List.of("B"), Plan.Act.NONE, "A", Plan.Mishap.NONE, "A"));
    }

    private Attempt attempt(Plan plan) {
        Attempt attempt = plan.attemptIn(databases, "owner-" + plan.number() + "-" + ++attempts);
        databases.both().forEach(Side::calm);
        return attempt;
    }

    private Attempt attemptAndRecover(Plan plan) {
        Attempt attempt = attempt(plan);
        databases.recover();
        return attempt;
    }

    private void compare(Map<Plan, Attempt> round, Map<String, Integer> seen) {
        assertThat(databases.both().flatMap(side -> side.prepared().stream()))
                .as("prepared after recovery")
                .isEmpty();
        Verdicts verdicts = verdicts();
        round.forEach((plan, attempt) -> {
            seen.merge(verdicts.told(attempt), 1, Integer::sum);
            String wrong = wrong(plan, attempt, verdicts);
            if (!wrong.isEmpty()) {
                throw new AssertionError("-Dcommithooks.jta.first=" + plan.number() + ", " + plan + ": " + wrong
                        + "\nas small as it gets, by itself: " + plan.shrunk(this::isWrongByItself));
            }
        });
    }

    private boolean isWrongByItself(Plan plan) {
        Attempt attempt = attemptAndRecover(plan);
        return !wrong(plan, attempt, verdicts()).isEmpty();
    }

    /** What is wrong with it; empty if nothing is. */
    private static String wrong(Plan plan, Attempt attempt, Verdicts verdicts) {
        Verdict a = verdicts.ofA(attempt);
        Verdict b = verdicts.ofB(attempt);
        String wrong = Stream.of(a.lie(), b.lie(), disagreement(plan, attempt, a, b))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
        return wrong.isEmpty() ? "" : wrong + " (A " + a + ", B " + b + ", caller " + attempt.thrown() + ")";
    }

    /** Both databases in one transaction end alike, unless a hand was in it; and the caller knows what hooks know. */
    private static String disagreement(Plan plan, Attempt attempt, Verdict a, Verdict b) {
        Set<String> told = Set.copyOf(List.of(a.told(), b.told()));
        if (told.contains("after") && told.contains("failed")) {
            return "after in one, failed in the other";
        }
        if (plan.writes().size() == 2 && !plan.isByHand() && a.isThere() != b.isThere()) {
            return "the databases differ";
        }
        boolean isDoubtThrown = attempt.thrown() instanceof TransactionInDoubtException;
        if (told.contains("inDoubt") != isDoubtThrown) {
            return "doubt of the hooks is not the caller's";
        }
        return told.contains("failed") && attempt.thrown() == null ? "failed, and the caller knows nothing" : "";
    }

    /** What there is to be known by now. */
    private Verdicts verdicts() {
        return new Verdicts(
                databases.a().told().events(),
                Verdict.owners(databases.a()),
                databases.b().told().events(),
                Verdict.owners(databases.b()),
                List.copyOf(databases.late()));
    }

    /** What was told, and what is there. */
    private record Verdicts(
            List<String> toldOfA, Set<String> inA, List<String> toldOfB, Set<String> inB, List<LateOutcome> late) {

        Verdict ofA(Attempt attempt) {
            return Verdict.of(attempt, "A", toldOfA, inA, late);
        }

        Verdict ofB(Attempt attempt) {
            return Verdict.of(attempt, "B", toldOfB, inB, late);
        }

        String told(Attempt attempt) {
            return (ofA(attempt).told() + " " + ofB(attempt).told()).strip();
        }
    }
}
