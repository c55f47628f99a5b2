package dev.commithooks.faults.model;

import dev.commithooks.change.ChangeType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An open transaction of the model: its rows as it sees them, its log, its savepoints and what is wrong with it. */
final class ModelTransaction {

    /** An entry of the log. */
    sealed interface Item {}

    record Write(ChangeType type, int row) implements Item {}

    record Callback(boolean onCommit, int number) implements Item {}

    /** Rows that are in the database, nobody knows which. */
    record Untold() implements Item {}

    private record Mark(Object name, int position, Map<Integer, Integer> rows, List<String> writes, boolean broken) {}

    final Ways ways;
    Map<Integer, Integer> rows;
    /** What the database would note. */
    final List<String> writes = new ArrayList<>();

    final List<Item> log = new ArrayList<>();
    /** What was committed behind the hooks' back, up to one commit each. */
    final List<List<Item>> severed = new ArrayList<>();

    private final List<Mark> savepoints = new ArrayList<>();
    /** A statement has failed, and the database would answer COMMIT with a rollback. */
    boolean aborted;
    /** The database has rolled it back, and begun another one. */
    boolean lost;
    /** Its session has ended, and every statement fails. */
    boolean isGone;
    /** A nested transaction could not be rolled back. */
    boolean doomed;

    boolean rollbackOnly;
    boolean broken;
    boolean hasLock;

    ModelTransaction(Ways ways, Map<Integer, Integer> committed) {
        this.ways = ways;
        this.rows = new TreeMap<>(committed);
    }

    void write(ChangeType type, int row) {
        wrote(type, row);
        log.add(new Write(type, row));
    }

    /** Writes a row of which nobody is told. */
    void wrote(ChangeType type, int row) {
        writes.add(type + " " + row);
    }

    boolean hasUntold() {
        return log.stream().anyMatch(Untold.class::isInstance);
    }

    /** The database has rolled it back because of a deadlock. */
    void lose(Map<Integer, Integer> committed) {
        beginAnew(committed);
        lost = true;
    }

    /** The server has ended its session. */
    void endSession() {
        isGone = true;
        savepoints.clear();
    }

    /** The database has ended it. */
    void sever(Map<Integer, Integer> committed) {
        beginAnew(committed);
        if (!log.isEmpty()) {
            severed.add(List.copyOf(log));
        }
        log.clear();
    }

    private void beginAnew(Map<Integer, Integer> committed) {
        rows = new TreeMap<>(committed);
        writes.clear();
        savepoints.clear();
        broken = false;
    }

    void set(Object name) {
        if (ways.sameName() != Ways.SameName.HIDDEN) {
            savepoints.removeIf(mark -> mark.name().equals(name));
        }
        savepoints.add(new Mark(name, log.size(), new TreeMap<>(rows), List.copyOf(writes), broken));
    }

    boolean isSet(Object name) {
        return find(name) >= 0;
    }

    void release(Object name) {
        savepoints.subList(found(name), savepoints.size()).clear();
    }

    /** Undoes what came after a savepoint; what of it had been logged. */
    List<Item> rollBack(Object name) {
        int index = found(name);
        Mark mark = savepoints.get(index);
        savepoints.subList(index + 1, savepoints.size()).clear();
        rows = new TreeMap<>(mark.rows());
        writes.clear();
        writes.addAll(mark.writes());
        broken = mark.broken();
        aborted = false;
        List<Item> tail = log.subList(mark.position(), log.size());
        List<Item> cut = List.copyOf(tail);
        tail.clear();
        return cut;
    }

    private int found(Object name) {
        int index = find(name);
        if (index < 0) {
            throw new ModelWorld.Thrown("no savepoint");
        }
        return index;
    }

    private int find(Object name) {
        for (int i = savepoints.size() - 1; i >= 0; i--) {
            if (savepoints.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }
}
