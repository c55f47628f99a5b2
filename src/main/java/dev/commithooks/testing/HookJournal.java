package dev.commithooks.testing;

import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.change.Change;
import dev.commithooks.change.TableChanges;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.TransactionInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * What was called of an application's hooks and callbacks, in order, with what: an observer that remembers. A hook that nothing was
 * registered for is not called and so is not here. Thread-safe.
 *
 * <p>{@link #toString()} is a readable dump, which assertions print when they fail.
 */
public final class HookJournal implements HookObserver {

    private final List<Entry> entries = new ArrayList<>();
    private final Map<HookCall, Entry> running = new IdentityHashMap<>();
    private int boundaries;
    private boolean installed;

    /** A journal to be installed in the hooks of the application under test. */
    public HookJournal() {}

    private HookJournal(List<Entry> entries) {
        this.entries.addAll(entries);
        this.installed = true;
    }

    /** Installs it in hooks to be built, and returns them. */
    public CommitHooksBuilder installIn(CommitHooksBuilder hooks) {
        synchronized (this) {
            installed = true;
        }
        return hooks.observer(this);
    }

    /**
     * One call of a hook's method, or of a callback.
     *
     * @param call which, and for which changes
     * @param failure what it threw; empty where it returned
     */
    public record Call(HookCall call, Optional<Throwable> failure) {

        @Override
        public String toString() {
            StringBuilder line = new StringBuilder(call.method());
            if (call.table().isPresent()) {
                line.append(" '").append(call.hook()).append("' ").append(call.changes());
            }
            failure.ifPresent(thrown -> line.append(" threw ").append(thrown));
            return line.toString();
        }
    }

    private static final class Entry {

        private final int boundary;
        private final HookCall call;
        private @Nullable Throwable failure;

        Entry(int boundary, HookCall call) {
            this.boundary = boundary;
            this.call = call;
        }

        Call toCall() {
            return new Call(call, Optional.ofNullable(failure));
        }
    }

    /** All calls, in order. */
    public synchronized List<Call> calls() {
        checkInstalled();
        return entries.stream().map(Entry::toCall).toList();
    }

    /** The calls of ad hoc callbacks, in order, by the method they were registered with: {@code onCommit} and the like. */
    public List<String> callbacks() {
        return calls().stream()
                .filter(call -> call.call().table().isEmpty())
                .map(call -> call.call().method())
                .toList();
    }

    /** The calls that threw. */
    public List<Call> failures() {
        return calls().stream().filter(call -> call.failure().isPresent()).toList();
    }

    /** Whether nothing was called. */
    public boolean isEmpty() {
        return calls().isEmpty();
    }

    /** The changes of a table that before hooks were called for, each once, however many hooks the table has. */
    public <R extends Record> TableChanges<R> before(Table<R> table) {
        return changes(Phase.BEFORE, table);
    }

    /** The changes of a table that after hooks were called for, each once, however many hooks the table has. */
    public <R extends Record> TableChanges<R> after(Table<R> table) {
        return changes(Phase.AFTER, table);
    }

    /** The changes of a table that failed hooks were called for, each once, however many hooks the table has. */
    public <R extends Record> TableChanges<R> failed(Table<R> table) {
        return changes(Phase.FAILED, table);
    }

    /** The changes of a table that in-doubt hooks were called for, each once, however many hooks the table has. */
    public <R extends Record> TableChanges<R> inDoubt(Table<R> table) {
        return changes(Phase.IN_DOUBT, table);
    }

    private record Told(int boundary, String change) {}

    /** A change that two hooks are called for is two objects; one hook is never called twice for one. */
    @SuppressWarnings("unchecked") // changes of the table are of the table's record type
    private synchronized <R extends Record> TableChanges<R> changes(Phase phase, Table<R> table) {
        checkInstalled();
        Map<Told, Integer> taken = new HashMap<>();
        Map<String, Map<Told, Integer>> byHook = new HashMap<>();
        List<Change<R>> changes = new ArrayList<>();
        for (Entry entry : entries) {
            HookCall call = entry.call;
            if (call.phase() != phase || !call.table().equals(Optional.of(table))) {
                continue;
            }
            Map<Told, Integer> ofHook =
                    byHook.computeIfAbsent(call.hook() + ' ' + call.method(), hook -> new HashMap<>());
            for (Change<?> change : call.changes()) {
                Told told = new Told(entry.boundary, change.toString());
                int count = ofHook.merge(told, 1, Integer::sum);
                if (count > taken.getOrDefault(told, 0)) {
                    taken.put(told, count);
                    changes.add((Change<R>) change);
                }
            }
        }
        return TableChanges.of(table, changes);
    }

    /** Forgets everything so far. */
    public synchronized void clear() {
        entries.clear();
        running.clear();
    }

    /** A part of a test. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    /**
     * What one block fired, while it runs. Everything stays in this journal too.
     *
     * @throws Exception what the block throws
     */
    public HookJournal capture(Work work) throws Exception {
        int from = size();
        Objects.requireNonNull(work, "work").run();
        return from(from);
    }

    private synchronized int size() {
        checkInstalled();
        return entries.size();
    }

    private synchronized HookJournal from(int index) {
        return new HookJournal(entries.subList(Math.min(index, entries.size()), entries.size()));
    }

    private void checkInstalled() {
        if (!installed) {
            throw new IllegalStateException(
                    "This journal is installed in no hooks, so it hears of none: build them with"
                            + " journal.installIn(CommitHooks.builder()...).build()");
        }
    }

    @Override
    public synchronized void boundary(TransactionInfo transaction, Phase phase, int changes) {
        boundaries++;
    }

    @Override
    public synchronized void hookStarted(HookCall call) {
        installed = true;
        Entry entry = new Entry(boundaries, call);
        entries.add(entry);
        running.put(call, entry);
    }

    @Override
    public synchronized void hookFinished(HookCall call, Duration duration) {
        running.remove(call);
    }

    @Override
    public synchronized void hookFailed(HookCall call, Duration duration, Throwable failure) {
        Entry entry = running.remove(call);
        if (entry != null) {
            entry.failure = failure;
        }
    }

    @Override
    public synchronized String toString() {
        if (entries.isEmpty()) {
            return installed ? "no hook was called" : "a journal that is installed in no hooks";
        }
        StringBuilder dump = new StringBuilder();
        int boundary = -1;
        for (Entry entry : entries) {
            if (entry.boundary != boundary) {
                boundary = entry.boundary;
                TransactionInfo transaction = entry.call.transaction();
                dump.append(transaction.name().orElse("transaction"))
                        .append(' ')
                        .append(transaction.id())
                        .append('\n');
            }
            dump.append("  ").append(entry.toCall()).append('\n');
        }
        return dump.toString();
    }
}
