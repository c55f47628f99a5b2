package dev.commithooks.jta;

import dev.commithooks.transaction.Outcome;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import javax.transaction.xa.XAException;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of one JTA transaction, per database.
 *
 * @param ofParts the outcomes of what hooks know as transactions
 * @param all all outcomes there are, those of resources that hooks know nothing of included
 * @param branches the branches, for messages
 */
record Fates(Map<DatabasePart, Outcome> ofParts, Set<Outcome> all, Iterable<Branch> branches) {

    static Fates of(JtaTransaction transaction) {
        transaction.branches().taken();
        Map<DatabasePart, Outcome> ofParts = new LinkedHashMap<>();
        transaction.parts().forEach(part -> ofParts.put(part, part.outcome()));
        Set<Outcome> all = EnumSet.noneOf(Outcome.class);
        all.addAll(ofParts.values());
        transaction
                .branches()
                .all()
                .forEach(branch -> all.add(transaction.branches().outcome(branch)));
        if (all.isEmpty()) {
            all.add(transaction.ofManager());
        }
        return new Fates(ofParts, all, transaction.branches().all());
    }

    boolean areAll(Outcome outcome) {
        return all.size() == 1 && all.contains(outcome);
    }

    boolean haveDoubt() {
        return all.contains(Outcome.UNKNOWN);
    }

    /** The first answer of a resource that was no success; null where there was none. */
    @Nullable
    XAException answer() {
        for (Branch branch : branches) {
            if (branch.failure() != null) {
                return branch.failure();
            }
        }
        return null;
    }

    /** The outcome of each database, in words. */
    String describe() {
        StringJoiner words = new StringJoiner("; ");
        ofParts.forEach(
                (part, outcome) -> words.add("database '" + part.database().name() + "' " + inWords(outcome)));
        branches.forEach(branch -> {
            if (branch.isInDoubt()) {
                words.add((branch.database() == null ? "a resource" : "'" + branch.database() + "'")
                        + " is prepared, and its COMMIT was answered by: " + Answers.describe(branch.failure()));
            } else if (branch.failure() != null) {
                words.add((branch.database() == null ? "a resource" : "'" + branch.database() + "'") + " answered: "
                        + Answers.describe(branch.failure()));
            }
        });
        return words.toString();
    }

    private static String inWords(Outcome outcome) {
        return switch (outcome) {
            case COMMITTED -> "IS committed";
            case ROLLED_BACK -> "IS rolled back";
            case UNKNOWN -> "IS IN DOUBT";
        };
    }
}
