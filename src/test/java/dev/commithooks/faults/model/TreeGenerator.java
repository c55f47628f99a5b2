package dev.commithooks.faults.model;

import dev.commithooks.faults.model.Tree.Deed;
import dev.commithooks.faults.model.Tree.End;
import dev.commithooks.faults.model.Tree.Network;
import dev.commithooks.faults.model.Tree.SavepointEnd;
import dev.commithooks.faults.model.Tree.Source;
import dev.commithooks.faults.model.Tree.Step;
import dev.commithooks.faults.model.Ways.SameName;
import dev.commithooks.policy.BucketMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/** Makes a tree out of a seed: the same one each time. */
final class TreeGenerator {

    private static final int ROWS = 6;
    private static final int MAX_DEPTH = 3;

    private final SplittableRandom random;
    private final Ways ways;
    private int savepoints;
    private boolean contends;
    private boolean commits;

    private TreeGenerator(long seed, Ways ways) {
        this.ways = ways;
        // Neighbouring seeds are not to make similar trees.
        this.random = new SplittableRandom(new SplittableRandom(seed).nextLong());
    }

    static Tree tree(long seed, Ways ways) {
        TreeGenerator generator = new TreeGenerator(seed, ways);
        Tree tree = new Tree(
                generator.oneOf(Source.values()),
                generator.oneOf(BucketMode.values()),
                generator.steps(0),
                generator.chance(15) ? End.THROWING : End.NORMALLY,
                generator.deeds(),
                generator.missing(),
                Network.FINE);
        return ways.losesAnswers() ? generator.withNetwork(tree) : tree;
    }

    /**
     * A COMMIT of nothing would not be sent by all drivers; so there is something to be committed, and nothing in the tree that ends
     * the transaction before.
     */
    private Tree withNetwork(Tree tree) {
        if (contends || commits || !chance(8)) {
            return tree;
        }
        List<Step> steps = new ArrayList<>(tree.steps());
        steps.add(0, new Tree.Update(1));
        return tree.withSteps(steps)
                .withNetwork(oneOf(Network.LOSES_COMMIT, Network.LOSES_ANSWER, Network.SESSION_ENDS));
    }

    /** Half of the trees have all hooks, the others a random part of them. */
    private Set<String> missing() {
        Set<String> missing = new TreeSet<>();
        if (chance(50)) {
            Tree.HOOKS.stream().filter(hook -> chance(50)).forEach(missing::add);
        }
        return missing;
    }

    private Map<Integer, Deed> deeds() {
        Map<Integer, Deed> deeds = new TreeMap<>();
        while (chance(40)) {
            deeds.put(row(), oneOf(Deed.values()));
        }
        return deeds;
    }

    private List<Step> steps(int depth) {
        List<Step> steps = new ArrayList<>();
        int count = random.nextInt(depth == 0 ? 7 : 5);
        for (int i = 0; i < count; i++) {
            steps.add(step(depth));
        }
        return steps;
    }

    private Step step(int depth) {
        if (!contends && chance(ways.errorsAbort() ? 1 : 3)) {
            contends = true;
            return new Tree.Contend(chance(80));
        }
        if (depth == 0 && ways.endsByHand() && chance(3)) {
            commits = true;
            return new Tree.EndByHand(oneOf(ways.hands()));
        }
        if (ways.endsSessions() && chance(1)) {
            commits = true;
            return new Tree.SessionEnds(chance(50), depth == 0 && chance(50));
        }
        if (chance(3)) {
            commits |= ways.ddlCommits();
            return new Tree.Ddl(chance(30), chance(80));
        }
        int kind = random.nextInt(100);
        if (kind < 24) {
            return new Tree.Insert(row(), chance(50));
        } else if (kind < 38) {
            return new Tree.Update(row());
        } else if (kind < 48) {
            return new Tree.Delete(row());
        } else if (kind < 54) {
            return new Tree.BatchInsert(rows(), chance(50));
        } else if (kind < 59) {
            return new Tree.BatchUpdate(rows());
        } else if (kind < 63) {
            return new Tree.SwallowedError();
        } else if (kind < 67) {
            return new Tree.OnCommit(random.nextInt(100));
        } else if (kind < 71) {
            return new Tree.OnRollback(random.nextInt(100));
        } else if (kind < 73) {
            return new Tree.RollbackOnly();
        } else if (kind < 75) {
            return ways.defersConstraints() ? new Tree.BreakDeferredConstraint() : new Tree.SwallowedError();
        } else if (depth >= MAX_DEPTH) {
            return new Tree.Update(row());
        } else if (kind < 89) {
            return new Tree.Nested(steps(depth + 1), chance(30) ? End.THROWING : End.NORMALLY, chance(80));
        } else {
            String name = oneOf("s", "S", "\"S\"");
            // H2 knows those of a nested transaction still when that has ended, which the hooks take for an end they
            // have not seen.
            boolean isAmbiguous = depth > 0 && ways.sameName() == SameName.REPLACED_FOR_GOOD;
            return new Tree.Savepoint(
                    isAmbiguous ? "s" + savepoints++ : name,
                    chance(30),
                    steps(depth + 1),
                    oneOf(SavepointEnd.values()));
        }
    }

    private List<Integer> rows() {
        List<Integer> rows = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            int row = row();
            if (!rows.contains(row)) {
                rows.add(row);
            }
        }
        return rows;
    }

    private int row() {
        return 1 + random.nextInt(ROWS);
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    @SafeVarargs
    private <T> T oneOf(T... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
