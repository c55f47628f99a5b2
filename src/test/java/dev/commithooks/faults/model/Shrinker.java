package dev.commithooks.faults.model;

import dev.commithooks.faults.model.Tree.Deed;
import dev.commithooks.faults.model.Tree.End;
import dev.commithooks.faults.model.Tree.Network;
import dev.commithooks.faults.model.Tree.Source;
import dev.commithooks.faults.model.Tree.Step;
import dev.commithooks.policy.BucketMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Makes a failing tree small: takes away whatever it can do without and still fails. */
final class Shrinker {

    private static final int MAX_RUNS = 1_000;

    private final Predicate<Tree> fails;
    private int runs;

    Shrinker(Predicate<Tree> fails) {
        this.fails = fails;
    }

    Tree shrink(Tree failing) {
        Tree smallest = failing;
        boolean smaller = true;
        while (smaller && runs < MAX_RUNS) {
            smaller = false;
            for (Tree candidate : candidates(smallest)) {
                runs++;
                if (fails.test(candidate)) {
                    smallest = candidate;
                    smaller = true;
                    break;
                }
            }
        }
        return smallest;
    }

    private static List<Tree> candidates(Tree tree) {
        List<Tree> candidates = new ArrayList<>();
        // The first step of a tree whose COMMIT is to be lost is there to give it something to commit.
        int kept = tree.network() == Network.FINE ? 0 : 1;
        for (List<Step> steps : smaller(tree.steps().subList(kept, tree.steps().size()))) {
            List<Step> all = new ArrayList<>(tree.steps().subList(0, kept));
            all.addAll(steps);
            candidates.add(tree.withSteps(all));
        }
        for (Integer row : tree.deeds().keySet()) {
            Map<Integer, Deed> fewer = new TreeMap<>(tree.deeds());
            fewer.remove(row);
            candidates.add(tree.withDeeds(fewer));
        }
        for (String hook : tree.missing()) {
            Set<String> fewer = new TreeSet<>(tree.missing());
            fewer.remove(hook);
            candidates.add(tree.withMissing(fewer));
        }
        if (tree.network() != Network.FINE) {
            candidates.add(tree.withNetwork(Network.FINE));
        }
        if (tree.end() != End.NORMALLY) {
            candidates.add(tree.withEnd(End.NORMALLY));
        }
        if (tree.source() != Source.POOL) {
            candidates.add(tree.withSource(Source.POOL));
        }
        if (tree.buckets() != BucketMode.EVERY) {
            candidates.add(tree.withBuckets(BucketMode.EVERY));
        }
        return candidates;
    }

    /** Without one step, or with a part of one in its place. */
    private static List<List<Step>> smaller(List<Step> steps) {
        List<List<Step>> candidates = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            candidates.add(replaced(steps, i, List.of()));
        }
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (step instanceof Tree.Nested nested) {
                candidates.add(replaced(steps, i, nested.steps()));
                for (List<Step> inner : smaller(nested.steps())) {
                    candidates.add(replaced(steps, i, List.of(new Tree.Nested(inner, nested.end(), nested.swallow()))));
                }
            } else if (step instanceof Tree.Savepoint savepoint) {
                candidates.add(replaced(steps, i, savepoint.steps()));
                for (List<Step> inner : smaller(savepoint.steps())) {
                    candidates.add(replaced(
                            steps,
                            i,
                            List.of(new Tree.Savepoint(savepoint.name(), savepoint.jdbc(), inner, savepoint.end()))));
                }
            } else if (step instanceof Tree.BatchInsert batch && batch.rows().size() > 1) {
                candidates.add(replaced(
                        steps,
                        i,
                        List.of(new Tree.BatchInsert(
                                batch.rows().subList(1, batch.rows().size()), batch.swallow()))));
            }
        }
        return candidates;
    }

    private static List<Step> replaced(List<Step> steps, int index, List<Step> by) {
        List<Step> result = new ArrayList<>(steps.subList(0, index));
        result.addAll(by);
        result.addAll(steps.subList(index + 1, steps.size()));
        return result;
    }
}
