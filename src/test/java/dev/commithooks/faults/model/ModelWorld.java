package dev.commithooks.faults.model;

import dev.commithooks.change.ChangeType;
import dev.commithooks.faults.model.Tree.Deed;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.transaction.FailureStage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What is promised, in as few words as can be: no connection, no thread, no jOOQ. */
final class ModelWorld implements World {

    /** What hooks and callbacks were told. */
    final List<String> events = new ArrayList<>();

    /** Rows and their values: zero, or the number of the update that wrote them last. */
    Map<Integer, Integer> committed = new TreeMap<>(Map.of(1, 0, 2, 0));

    /** Every write that was committed, in order. */
    final List<String> committedWrites = new ArrayList<>();

    private int updates;
    private final Tree tree;
    private final BucketMode buckets;
    private final Map<Integer, Deed> deeds;

    ModelWorld(Tree tree) {
        this.tree = tree;
        this.buckets = tree.buckets();
        this.deeds = tree.deeds();
    }

    /** The exception that a statement or a boundary ends with; its message says which. */
    static final class Thrown extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Thrown(String kind) {
            super(kind);
        }
    }

    private interface Item {}

    private record Write(ChangeType type, int row) implements Item {}

    private record Callback(boolean onCommit, int number) implements Item {}

    private record Mark(Object name, int position, Map<Integer, Integer> rows, boolean broken) {}

    private final class Transaction {
        Map<Integer, Integer> rows = new TreeMap<>(committed);
        final List<Item> log = new ArrayList<>();
        final List<Mark> savepoints = new ArrayList<>();
        boolean aborted;
        boolean rollbackOnly;
        boolean broken;
    }

    @Override
    public void transaction(Work work) {
        Transaction transaction = new Transaction();
        try {
            work.in(new ModelLevel(transaction));
        } catch (RuntimeException failed) {
            tellFailed(transaction.log, FailureStage.WORK);
            throw failed;
        }
        commit(transaction);
    }

    private void commit(Transaction transaction) {
        if (transaction.rollbackOnly) {
            if (tellFailed(transaction.log, FailureStage.ROLLBACK_ONLY)) {
                throw new HookException();
            }
            return;
        }
        if (transaction.aborted) {
            tellFailed(transaction.log, FailureStage.COMMIT);
            throw new Thrown("aborted");
        }
        try {
            tellBefore(transaction);
        } catch (RuntimeException veto) {
            tellFailed(transaction.log, FailureStage.BEFORE_HOOK);
            throw veto;
        }
        if (transaction.broken) {
            tellFailed(transaction.log, FailureStage.COMMIT);
            throw new Thrown("refused");
        }
        committed = transaction.rows;
        transaction.log.forEach(item -> {
            if (item instanceof Write write) {
                committedWrites.add(write.type() + " " + write.row());
            }
        });
        if (tellAfter(transaction.log)) {
            throw new Thrown("after commit");
        }
    }

    private void tellBefore(Transaction transaction) {
        for (Write write : fold(transaction.log)) {
            if (!tree.hears("before", write.type())) {
                continue;
            }
            events.add("before " + write.type() + " " + write.row());
            Deed deed = deeds.get(write.row());
            if (deed == Deed.BEFORE_THROWS) {
                throw new HookException();
            }
            if (deed == Deed.BEFORE_WRITES) {
                new ModelLevel(transaction).insert(write.row() + 100);
            }
        }
    }

    /** Whether a hook threw. */
    private boolean tellAfter(List<Item> log) {
        boolean threw = false;
        for (Write write : fold(log)) {
            if (!tree.hears("after", write.type())) {
                continue;
            }
            events.add("after " + write.type() + " " + write.row());
            Deed deed = deeds.get(write.row());
            threw |= deed == Deed.AFTER_THROWS;
            if (deed == Deed.AFTER_WRITES) {
                try {
                    transaction(level -> level.insert(write.row() + 200));
                } catch (RuntimeException failed) {
                    threw = true;
                }
            }
        }
        callbacks(log, true).forEach(number -> events.add("onCommit " + number));
        return threw;
    }

    /** Whether a hook threw. */
    private boolean tellFailed(List<Item> log, FailureStage stage) {
        boolean threw = false;
        for (Write write : fold(log)) {
            if (!tree.hears("failed", write.type())) {
                continue;
            }
            events.add("failed " + write.type() + " " + write.row() + " " + stage);
            threw |= deeds.get(write.row()) == Deed.FAILED_THROWS;
        }
        callbacks(log, false).forEach(number -> events.add("onRollback " + number + " " + stage));
        return threw;
    }

    private static List<Integer> callbacks(List<Item> log, boolean onCommit) {
        return log.stream()
                .filter(item -> item instanceof Callback callback && callback.onCommit() == onCommit)
                .map(item -> ((Callback) item).number())
                .toList();
    }

    private List<Write> fold(List<Item> log) {
        List<Write> writes = log.stream()
                .filter(Write.class::isInstance)
                .map(Write.class::cast)
                .toList();
        List<Write> folded = switch (buckets) {
            case EVERY -> writes;
            case BUCKETED -> writes.stream().distinct().toList();
            case NET -> net(writes);
        };
        return buckets == BucketMode.EVERY
                ? folded
                : folded.stream().sorted(Comparator.comparing(Write::type)).toList();
    }

    private record Existence(boolean before, boolean after) {}

    /** Of each row, the difference; a row that came and went leaves nothing, and may come again. */
    private static List<Write> net(List<Write> writes) {
        Map<Integer, Existence> rows = new LinkedHashMap<>();
        for (Write write : writes) {
            boolean before =
                    rows.containsKey(write.row()) ? rows.get(write.row()).before() : write.type() != ChangeType.INSERT;
            Existence existence = new Existence(before, write.type() != ChangeType.DELETE);
            if (existence.before() || existence.after()) {
                rows.put(write.row(), existence);
            } else {
                rows.remove(write.row());
            }
        }
        List<Write> net = new ArrayList<>();
        rows.forEach((row, existence) -> net.add(new Write(
                !existence.before() ? ChangeType.INSERT : existence.after() ? ChangeType.UPDATE : ChangeType.DELETE,
                row)));
        return net;
    }

    private final class ModelLevel implements Level {

        private final Transaction transaction;

        ModelLevel(Transaction transaction) {
            this.transaction = transaction;
        }

        @Override
        public void insert(int row) {
            batchInsert(List.of(row));
        }

        @Override
        public void batchInsert(List<Integer> rows) {
            if (rows.stream().anyMatch(transaction.rows::containsKey)) {
                transaction.aborted = true;
                throw new Thrown("duplicate");
            }
            rows.forEach(row -> {
                transaction.rows.put(row, 0);
                transaction.log.add(new Write(ChangeType.INSERT, row));
            });
        }

        @Override
        public void update(int row) {
            batchUpdate(List.of(row));
        }

        @Override
        public void batchUpdate(List<Integer> rows) {
            for (int row : rows) {
                updates++;
                if (transaction.rows.replace(row, updates) != null) {
                    transaction.log.add(new Write(ChangeType.UPDATE, row));
                }
            }
        }

        @Override
        public void delete(int row) {
            if (transaction.rows.remove(row) != null) {
                transaction.log.add(new Write(ChangeType.DELETE, row));
            }
        }

        @Override
        public void fail() {
            transaction.aborted = true;
            throw new Thrown("failed");
        }

        @Override
        public void nested(Work work) {
            Object name = new Object();
            set(name);
            try {
                work.in(this);
                if (transaction.aborted) {
                    throw new Thrown("aborted");
                }
            } catch (RuntimeException failed) {
                rollBack(name);
                remove(name);
                throw failed;
            }
            remove(name);
        }

        @Override
        public void savepoint(String name, boolean jdbc) {
            set(folded(name, jdbc));
        }

        @Override
        public void release(String name, boolean jdbc) {
            remove(folded(name, jdbc));
        }

        @Override
        public void rollbackTo(String name, boolean jdbc) {
            if (rollBack(folded(name, jdbc))) {
                throw new HookException();
            }
        }

        private static String folded(String name, boolean jdbc) {
            if (jdbc) {
                return name;
            }
            return name.startsWith("\"") ? name.substring(1, name.length() - 1) : name.toLowerCase(Locale.ROOT);
        }

        private void set(Object name) {
            transaction.savepoints.add(
                    new Mark(name, transaction.log.size(), new TreeMap<>(transaction.rows), transaction.broken));
        }

        private void remove(Object name) {
            transaction
                    .savepoints
                    .subList(find(name), transaction.savepoints.size())
                    .clear();
        }

        /** Whether a hook threw. */
        private boolean rollBack(Object name) {
            int index = find(name);
            Mark mark = transaction.savepoints.get(index);
            transaction
                    .savepoints
                    .subList(index + 1, transaction.savepoints.size())
                    .clear();
            transaction.rows = new TreeMap<>(mark.rows());
            transaction.broken = mark.broken();
            transaction.aborted = false;
            List<Item> tail = transaction.log.subList(mark.position(), transaction.log.size());
            List<Item> cut = List.copyOf(tail);
            tail.clear();
            return tellFailed(cut, FailureStage.SAVEPOINT);
        }

        private int find(Object name) {
            for (int i = transaction.savepoints.size() - 1; i >= 0; i--) {
                if (transaction.savepoints.get(i).name().equals(name)) {
                    return i;
                }
            }
            throw new IllegalStateException("no savepoint " + name);
        }

        @Override
        public void onCommit(int number) {
            transaction.log.add(new Callback(true, number));
        }

        @Override
        public void onRollback(int number) {
            transaction.log.add(new Callback(false, number));
        }

        @Override
        public void rollbackOnly() {
            transaction.rollbackOnly = true;
        }

        @Override
        public void breakDeferredConstraint() {
            transaction.broken = true;
        }
    }
}
