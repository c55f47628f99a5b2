package dev.commithooks.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A step of a random program on graphs. */
sealed interface GraphStep {

    /** What is done to a graph. */
    enum Deed {
        STORE,
        STORE_EACH,
        REPLACE,
        DELETE
    }

    /**
     * A child's dependence on a parent, by their numbers.
     *
     * @param key the number of the foreign key
     */
    record Bond(int key, int parent, int child) {}

    /** A value given to a record; what it is depends on its table. */
    record Give(int record, int value) implements GraphStep {}

    /** What is done to a graph; bonds that do not fit are left out. With STORE_EACH, each bond is an item of its own. */
    record Do(Deed deed, int top, List<Bond> bonds) implements GraphStep {}

    /** Steps in a transaction, or in a savepoint; undone at the end, or when one of them fails. */
    record Level(boolean undone, List<GraphStep> steps) implements GraphStep {}

    static List<GraphStep> random(Random random, int depth) {
        List<GraphStep> steps = new ArrayList<>();
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            int kind = random.nextInt(10);
            if (kind < 4) {
                steps.add(new Give(random.nextInt(GraphRun.RECORDS), random.nextInt(12)));
            } else if (kind < 6 && depth < 3) {
                steps.add(new Level(random.nextInt(3) == 0, random(random, depth + 1)));
            } else {
                Deed deed = Deed.values()[Math.max(0, random.nextInt(6) - 2)];
                Do todo = new Do(deed, random.nextInt(GraphRun.RECORDS), bonds(random));
                // Caught by a savepoint of its own more often than not.
                steps.add(random.nextInt(4) == 0 ? todo : new Level(false, List.of(todo)));
            }
        }
        return steps;
    }

    private static List<Bond> bonds(Random random) {
        List<Bond> bonds = new ArrayList<>();
        int count = random.nextInt(30);
        for (int i = 0; i < count; i++) {
            bonds.add(new Bond(
                    random.nextInt(GraphRun.KEYS), random.nextInt(GraphRun.RECORDS), random.nextInt(GraphRun.RECORDS)));
        }
        return bonds;
    }

    /** The same with something less. */
    static List<List<GraphStep>> smaller(List<GraphStep> steps) {
        List<List<GraphStep>> all = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            all.add(replaced(steps, i, List.of()));
        }
        for (int i = 0; i < steps.size(); i++) {
            GraphStep step = steps.get(i);
            if (step instanceof Level level) {
                all.add(replaced(steps, i, level.steps()));
                for (List<GraphStep> fewer : smaller(level.steps())) {
                    all.add(replaced(steps, i, List.of(new Level(level.undone(), fewer))));
                }
            } else if (step instanceof Do todo) {
                for (int bond = 0; bond < todo.bonds().size(); bond++) {
                    List<Bond> fewer = new ArrayList<>(todo.bonds());
                    fewer.remove(bond);
                    all.add(replaced(steps, i, List.of(new Do(todo.deed(), todo.top(), fewer))));
                }
            }
        }
        return all;
    }

    private static List<GraphStep> replaced(List<GraphStep> steps, int index, List<GraphStep> by) {
        List<GraphStep> result = new ArrayList<>(steps.subList(0, index));
        result.addAll(by);
        result.addAll(steps.subList(index + 1, steps.size()));
        return result;
    }
}
