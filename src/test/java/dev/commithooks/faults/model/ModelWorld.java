package dev.commithooks.faults.model;

import dev.commithooks.change.ChangeType;
import dev.commithooks.faults.model.ModelTransaction.Callback;
import dev.commithooks.faults.model.ModelTransaction.Item;
import dev.commithooks.faults.model.ModelTransaction.Untold;
import dev.commithooks.faults.model.ModelTransaction.Write;
import dev.commithooks.faults.model.Tree.Deed;
import dev.commithooks.faults.model.Tree.Network;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.transaction.FailureStage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
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

    /** Whether the server has ended the session. */
    boolean hasSessionEnded;

    /** Whether somebody has ended the transaction by hand, or tried to: what is not committed may be in doubt then. */
    boolean hasBeenEndedByHand;

    /** Whether a nested transaction's savepoint was gone when it was to be rolled back. */
    boolean hasLostSavepoint;

    /** Whether somebody wished that the transaction be rolled back. */
    boolean isRollbackWished;

    private int updates;
    private boolean hasSentCommit;
    private final Tree tree;
    private final Ways ways;
    private final BucketMode buckets;
    private final Map<Integer, Deed> deeds;

    ModelWorld(Tree tree, Ways ways) {
        this.tree = tree;
        this.ways = ways;
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

    int nextUpdate() {
        return ++updates;
    }

    @Override
    public void transaction(Work work) {
        ModelTransaction transaction = new ModelTransaction(ways, committed);
        try {
            work.in(new ModelLevel(this, transaction));
        } catch (RuntimeException failed) {
            failed(transaction, FailureStage.WORK);
            throw failed;
        }
        commit(transaction);
    }

    /** The database commits what was done so far; whoever wrote it is told in the end that nobody knows. */
    void commitImplicitly(ModelTransaction transaction) {
        commitRows(transaction);
        transaction.sever(committed);
    }

    /** Notes that rows are there of which nobody is told, if there is anybody: a table without hooks is not looked at. */
    void noteUntold(ModelTransaction transaction) {
        if (tree.missing().size() < Tree.HOOKS.size()) {
            transaction.log.add(new Untold());
        }
    }

    private void commitRows(ModelTransaction transaction) {
        committed = transaction.rows;
        committedWrites.addAll(transaction.writes);
    }

    private void commit(ModelTransaction transaction) {
        if (transaction.doomed) {
            failed(transaction, FailureStage.ROLLBACK_ONLY);
            throw orInDoubt(transaction, new Thrown(transaction.isGone ? "ended" : "aborted"));
        }
        if (transaction.rollbackOnly) {
            boolean threw = failed(transaction, FailureStage.ROLLBACK_ONLY);
            throwDoubt(transaction);
            if (threw) {
                throw new HookException();
            }
            return;
        }
        if (transaction.aborted || transaction.lost || transaction.hasUntold()) {
            failed(transaction, FailureStage.COMMIT);
            throw orInDoubt(transaction, new Thrown("aborted"));
        }
        try {
            tellBefore(transaction);
        } catch (RuntimeException veto) {
            failed(transaction, FailureStage.BEFORE_HOOK);
            throw veto;
        }
        sendCommit(transaction);
    }

    private void sendCommit(ModelTransaction transaction) {
        if (transaction.isGone) {
            failed(transaction, FailureStage.COMMIT);
            throw new Thrown("ended");
        }
        Network network = hasSentCommit ? Network.FINE : tree.network();
        hasSentCommit = true;
        boolean arrives = network == Network.FINE || network == Network.LOSES_ANSWER;
        if (arrives && !transaction.broken) {
            commitRows(transaction);
        }
        if (network != Network.FINE) {
            tellInDoubt(transaction.log);
            throw new Thrown("in doubt");
        }
        if (transaction.broken) {
            failed(transaction, FailureStage.COMMIT);
            throw new Thrown("refused");
        }
        transaction.severed.forEach(this::tellInDoubt);
        boolean threw = tellAfter(transaction.log);
        throwDoubt(transaction);
        if (threw) {
            throw new Thrown("after commit");
        }
    }

    private static RuntimeException orInDoubt(ModelTransaction transaction, RuntimeException otherwise) {
        return transaction.severed.isEmpty() ? otherwise : new Thrown("in doubt");
    }

    private static void throwDoubt(ModelTransaction transaction) {
        if (!transaction.severed.isEmpty()) {
            throw new Thrown("in doubt");
        }
    }

    private void tellBefore(ModelTransaction transaction) {
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
                new ModelLevel(this, transaction).insert(write.row() + 100);
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

    private void tellInDoubt(List<Item> log) {
        if (tree.missing().isEmpty()) {
            fold(log).forEach(write -> events.add("inDoubt " + write.type() + " " + write.row()));
        }
    }

    /** Tells of a transaction that was rolled back; whether a hook threw. */
    private boolean failed(ModelTransaction transaction, FailureStage stage) {
        transaction.severed.forEach(this::tellInDoubt);
        return tellFailed(transaction.log, stage);
    }

    /** Whether a hook threw. */
    boolean tellFailed(List<Item> log, FailureStage stage) {
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

    private record Existence(int row, boolean before, boolean after) {}

    /** Of each row, the difference; a row that came and went leaves nothing, and may come again. */
    private static List<Write> net(List<Write> writes) {
        Map<Object, Existence> rows = new LinkedHashMap<>();
        Map<Integer, List<Integer>> latest = new TreeMap<>();
        for (Write write : writes) {
            List<Integer> key = latest.getOrDefault(write.row(), List.of(write.row(), 0));
            Existence known = rows.get(key);
            if (known != null && known.after() == (write.type() == ChangeType.INSERT)) {
                key = List.of(write.row(), key.get(1) + 1); // a deadlock has undone what was known
                known = null;
            }
            latest.put(write.row(), key);
            boolean before = known != null ? known.before() : write.type() != ChangeType.INSERT;
            Existence existence = new Existence(write.row(), before, write.type() != ChangeType.DELETE);
            if (existence.before() || existence.after()) {
                rows.put(key, existence);
            } else {
                rows.remove(key);
            }
        }
        return rows.values().stream()
                .map(existence -> new Write(
                        !existence.before()
                                ? ChangeType.INSERT
                                : existence.after() ? ChangeType.UPDATE : ChangeType.DELETE,
                        existence.row()))
                .toList();
    }
}
