package dev.commithooks.transactions.undo;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A step of a random program: something done to records, or steps that are undone together or not at all. */
sealed interface Step {

    /** What is done to one record, or to several of the same table. */
    enum Deed {
        SET,
        RESET,
        FLAG,
        STORE,
        INSERT,
        UPDATE,
        MERGE,
        DELETE,
        REFRESH,
        BATCH_STORE,
        BATCH_INSERT,
        BATCH_UPDATE,
        BATCH_DELETE,
        BATCH_MERGE,
        DAO_INSERT,
        DAO_DELETE
    }

    /** How steps are put together. */
    enum Bracket {
        NESTED,
        NAMED,
        SQL_SAVEPOINT,
        JDBC_SAVEPOINT
    }

    /**
     * Something done to a record.
     *
     * @param row the record's number; a batch has it and the next one of its table
     * @param field the field's number
     * @param value what is set is made of it
     */
    record Do(Deed deed, int row, int field, int value) implements Step {}

    /** Steps that may be undone by themselves; they are when one of them fails. */
    record Level(Bracket bracket, boolean undone, List<Step> steps) implements Step {}

    /** Steps at random, a transaction or a part of one. */
    static List<Step> random(Random random, int rows, int depth) {
        List<Step> steps = new ArrayList<>();
        int count = 1 + random.nextInt(8);
        for (int i = 0; i < count; i++) {
            if (depth < 3 && random.nextInt(4) == 0) {
                Bracket bracket = Bracket.values()[random.nextInt(Bracket.values().length)];
                steps.add(new Level(bracket, random.nextBoolean(), random(random, rows, depth + 1)));
                continue;
            }
            Deed deed = Deed.values()[random.nextInt(Deed.values().length)];
            Step step = new Do(deed, random.nextInt(rows), random.nextInt(12), random.nextInt(6));
            steps.add(random.nextInt(3) == 0 ? step : new Level(Bracket.NESTED, false, List.of(step)));
        }
        return steps;
    }

    /** How many things are done in them. */
    static int count(List<Step> steps) {
        int count = 0;
        for (Step step : steps) {
            count += step instanceof Level level ? count(level.steps()) : 1;
        }
        return count;
    }

    /** The same with something less: without one step, or with a level's steps in its place, or with less in a level. */
    static List<List<Step>> smaller(List<Step> steps) {
        List<List<Step>> all = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            all.add(replaced(steps, i, List.of()));
        }
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i) instanceof Level level) {
                all.add(replaced(steps, i, level.steps()));
                for (List<Step> less : smaller(level.steps())) {
                    all.add(replaced(steps, i, List.of(new Level(level.bracket(), level.undone(), less))));
                }
            }
        }
        return all;
    }

    private static List<Step> replaced(List<Step> steps, int index, List<Step> by) {
        List<Step> result = new ArrayList<>(steps.subList(0, index));
        result.addAll(by);
        result.addAll(steps.subList(index + 1, steps.size()));
        return result;
    }
}
