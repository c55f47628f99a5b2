package dev.commithooks.jta.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.jta.LateOutcome;
import dev.commithooks.jta.faults.TwoDatabases.Attempt;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Random transactions over two databases, with faults: as many as {@code -Dcommithooks.jta.transactions=5000} says, from the number
 * {@code -Dcommithooks.jta.first} on. A failure names the transaction's number: with that as the first, and one transaction, it is
 * tried alone.
 */
@NeedsRealCommits("two phases")
class RandomTwoDatabasesTest {

    private static final int TRANSACTIONS = Integer.getInteger("commithooks.jta.transactions", 40);
    private static final long FIRST = Long.getLong("commithooks.jta.first", 1);

    /** After so many recovery runs, and all is compared. */
    private static final int ROUND = 100;

    private final TwoDatabases databases = new TwoDatabases();
    private final Map<String, Integer> heard = new LinkedHashMap<>();
    private int lateHeard;

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
                round.put(plan, plan.attemptIn(databases));
                databases.both().forEach(Side::calm);
            }
            databases.recover();
            compare(round, seen);
        }
        System.getLogger(RandomTwoDatabasesTest.class.getName())
                .log(System.Logger.Level.INFO, "{0} transactions over two databases: {1}", TRANSACTIONS, seen);
        assertThat(seen).as("what A and B were told").containsKeys("after after", "failed failed");
        assertThat(seen.keySet()).as("doubt").anyMatch(told -> told.contains("inDoubt"));
    }

    private void compare(Map<Plan, Attempt> round, Map<String, Integer> seen) {
        assertThat(databases.both().flatMap(side -> side.prepared().stream()))
                .as("prepared after recovery")
                .isEmpty();
        List<LateOutcome> late = news(databases.late());
        Verdicts ofA = new Verdicts(databases.a(), news(databases.a()), late);
        Verdicts ofB = new Verdicts(databases.b(), news(databases.b()), late);
        round.forEach((plan, attempt) -> {
            Verdict a = ofA.of(attempt);
            Verdict b = ofB.of(attempt);
            seen.merge((a.told() + " " + b.told()).strip(), 1, Integer::sum);
            assertThat(List.of(a.lie(), b.lie()))
                    .as("%s: A %s, B %s", plan, a, b)
                    .containsOnly("");
            assertThat(disagreement(plan, attempt, a, b))
                    .as("%s: A %s, B %s, caller %s", plan, a, b, attempt.thrown())
                    .isEmpty();
        });
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

    private List<String> news(Side side) {
        List<String> all = side.told().events();
        int known = heard.getOrDefault(side.name(), 0);
        heard.put(side.name(), all.size());
        return all.subList(known, all.size());
    }

    private List<LateOutcome> news(List<LateOutcome> all) {
        List<LateOutcome> fresh = new ArrayList<>(all.subList(lateHeard, all.size()));
        lateHeard = all.size();
        return fresh;
    }

    /** The verdicts on one side's part in some transactions. */
    private record Verdicts(Side side, Set<String> owners, List<String> events, List<LateOutcome> late) {

        Verdicts(Side side, List<String> events, List<LateOutcome> late) {
            this(side, Verdict.owners(side), events, late);
        }

        Verdict of(Attempt attempt) {
            return Verdict.of(attempt, side.name(), events, owners, late);
        }
    }
}
