package dev.commithooks.jta.faults;

import dev.commithooks.jta.LateOutcome;
import dev.commithooks.jta.faults.TwoDatabases.Attempt;
import dev.commithooks.transaction.Outcome;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one side's hooks were told of a transaction, and what its database holds in the end.
 *
 * @param told {@code after}, {@code failed}, {@code inDoubt}, or nothing for a side that was not written to; several, in the order of
 *     telling, if there was a lie
 * @param isThere whether the account is in the database when nothing is prepared any more
 * @param late what listeners were told later
 */
record Verdict(String told, boolean isThere, List<Outcome> late) {

    static Verdict of(Attempt attempt, String side, List<String> events, Set<String> owners, List<LateOutcome> late) {
        List<String> told = events.stream()
                .map(event -> event.split(" "))
                .filter(words -> words[2].equals(attempt.owner()) && !words[0].equals("before"))
                .map(words -> words[0])
                .toList();
        List<Outcome> outcomes = late.stream()
                .filter(one -> one.globalId().equals(attempt.globalId())
                        && one.database().equals(side))
                .map(LateOutcome::outcome)
                .toList();
        return new Verdict(String.join(" and ", told), owners.contains(attempt.owner()), outcomes);
    }

    static Set<String> owners(Side side) {
        return new TreeSet<>(side.owners());
    }

    /** What is wrong with it; empty if nothing is. */
    String lie() {
        boolean isTrue = switch (told) {
            case "after" -> isThere;
            case "failed", "" -> !isThere;
            case "inDoubt" -> true;
            default -> false;
        };
        if (!isTrue) {
            return "told '" + told + "', and the account is " + (isThere ? "there" : "not there");
        }
        Outcome contrary = isThere ? Outcome.ROLLED_BACK : Outcome.COMMITTED;
        if (late.contains(contrary)) {
            return "late listeners heard " + late + ", and the account is " + (isThere ? "there" : "not there");
        }
        return late.size() > 1 ? "late listeners heard " + late : "";
    }
}
