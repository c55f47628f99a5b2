package dev.commithooks.faults.model;

import dev.commithooks.faults.model.Tree.Deed;
import dev.commithooks.faults.model.Tree.End;
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
        for (List<Step> steps : smaller(tree.steps())) {
            candidates.add(new Tree(tree.source(), tree.buckets(), steps, tree.end(), tree.deeds(), tree.missing()));
        }
        for (Integer row : tree.deeds().keySet()) {
            Map<Integer, Deed> fewer = new TreeMap<>(tree.deeds());
            fewer.remove(row);
            candidates.add(new Tree(tree.source(), tree.buckets(), tree.steps(), tree.end(), fewer, tree.missing()));
        }
        for (String hook : tree.missing()) {
            Set<String> fewer = new TreeSet<>(tree.missing());
            fewer.remove(hook);
            candidates.add(new Tree(tree.source(), tree.buckets(), tree.steps(), tree.end(), tree.deeds(), fewer));
        }
        if (tree.end() != End.NORMALLY) {
            candidates.add(
                    new Tree(tree.source(), tree.buckets(), tree.steps(), End.NORMALLY, tree.deeds(), tree.missing()));
        }
        if (tree.source() != Source.POOL) {
            candidates.add(
                    new Tree(Source.POOL, tree.buckets(), tree.steps(), tree.end(), tree.deeds(), tree.missing()));
        }
        if (tree.buckets() != BucketMode.EVERY) {
            candidates.add(
                    new Tree(tree.source(), BucketMode.EVERY, tree.steps(), tree.end(), tree.deeds(), tree.missing()));
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
