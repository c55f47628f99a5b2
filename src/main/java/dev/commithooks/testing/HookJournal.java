package dev.commithooks.testing;

import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.change.Change;
import dev.commithooks.change.StatementSummary;
import dev.commithooks.change.TableChanges;
import dev.commithooks.spi.HookInterceptor.Invocation;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * What was called of an application's hooks and callbacks, in order, with what: an observer that remembers, and that can
 * {@linkplain #hold() hold back} what is called after a commit. A hook that is told nothing is not here. Thread-safe.
 *
 * <p>{@link #toString()} is a readable dump, which assertions print when they fail.
 */
public final class HookJournal implements HookObserver {

    private final CallList called;
    /** The journals of the blocks that are being captured now. */
    private final List<CallList> captures = new CopyOnWriteArrayList<>();

    private final AtomicLong commits = new AtomicLong();
    private volatile boolean installed;
    private volatile boolean intercepts;
    /** What after hooks are given to in place of being called; null while they are called. */
    private volatile @Nullable Taker taker;

    private volatile @Nullable HeldCalls held;

    /** Whoever may take a call, so that it is not made now. */
    private interface Taker {
        boolean takes(HookCall call, Invocation invocation);
    }

    /** A journal to be installed in the hooks of the application under test. */
    public HookJournal() {
        this.called = new CallList();
    }

    /** A journal of what was captured. */
    private HookJournal(CallList captured) {
        this.called = captured;
        this.installed = true;
    }

    /** Installs it in hooks to be built, as observer and interceptor, and returns them. */
    public CommitHooksBuilder installIn(CommitHooksBuilder hooks) {
        installed = true;
        intercepts = true;
        return hooks.observer(this).interceptor(this::intercept);
    }

    /**
     * One call of a hook's method, or of a callback.
     *
     * @param call which, and for which changes
     * @param failure what it threw; empty where it returned
     */
    public record Call(HookCall call, Optional<Throwable> failure) {

        /** The hook's name; {@code callback} for an ad hoc one. */
        public String hook() {
            return call.hook();
        }

        /** The method, for instance {@code afterCommitInsert}, or {@code onCommit}. */
        public String method() {
            return call.method();
        }

        /** What it was called for: one change, or a set's; none for a callback. */
        public List<? extends Change<?>> changes() {
            return call.changes();
        }

        /** A set's statements that wrote too many rows to be told one by one. */
        public List<StatementSummary> summaries() {
            return call.summaries();
        }

        /** Whose boundary it was. */
        public TransactionInfo transaction() {
            return call.transaction();
        }

        @Override
        public String toString() {
            StringBuilder line = new StringBuilder(call.method());
            if (call.table().isEmpty()) {
                line.append(" callback");
            } else {
                line.append(" '").append(call.hook()).append("' ");
                line.append(call.changes().size() == 1 ? call.changes().get(0) : call.changes());
                call.summaries().forEach(summary -> line.append(' ').append(summary));
            }
            failure.ifPresent(thrown -> line.append(" threw ").append(thrown));
            return line.toString();
        }
    }

    /** All calls, in order. Those that are held back are not among them before they are delivered. */
    public List<Call> calls() {
        checkInstalled();
        return called.calls();
    }

    /** The calls of ad hoc callbacks, in order, by the method they were registered with: {@code onCommit} and the like. */
    public List<String> callbacks() {
        return calls().stream()
                .filter(call -> call.call().table().isEmpty())
                .map(Call::method)
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

    private <R extends Record> TableChanges<R> changes(Phase phase, Table<R> table) {
        checkInstalled();
        return called.changes(phase, table);
    }

    /** Forgets what was called so far. What is held back is not affected. */
    public void clear() {
        called.clear();
    }

    /** A part of a test. */
    @FunctionalInterface
    public interface Work {
        /** Does it. What it throws reaches whoever captures. */
        void run() throws Exception;
    }

    /**
     * What is called while a block runs, on whatever thread. It stays in this journal too.
     *
     * @throws Exception what the block throws
     */
    public HookJournal capture(Work work) throws Exception {
        return capture(CaptureMode.RUN, work);
    }

    /**
     * What is called while a block runs, or, with {@link CaptureMode#ONLY_CAPTURE}, what of after hooks and callbacks would be
     * called: those are not in this journal then.
     *
     * @throws Exception what the block throws
     * @throws IllegalStateException when the journal was not installed by {@link #installIn}
     */
    public HookJournal capture(CaptureMode mode, Work work) throws Exception {
        Objects.requireNonNull(work, "work");
        checkInstalled();
        CallList captured = new CallList();
        Taker before = taker;
        if (mode == CaptureMode.ONLY_CAPTURE) {
            checkIntercepts();
            taker = (call, invocation) -> {
                captured.add(call);
                return true;
            };
        }
        captures.add(captured);
        try {
            work.run();
        } finally {
            captures.remove(captured);
            taker = before;
        }
        return new HookJournal(captured);
    }

    /**
     * Holds back after hooks and {@code onCommit} callbacks from here on, until {@link HeldCalls#close()} or the end of the test.
     *
     * @throws IllegalStateException when it holds back already, or was not installed by {@link #installIn}
     */
    public synchronized HeldCalls hold() {
        checkIntercepts();
        if (taker != null) {
            throw new IllegalStateException(
                    "This journal holds hooks back already, or captures them; close what the first hold() gave");
        }
        HeldCalls begun = new HeldCalls(this::callAtOnce);
        taker = begun::hold;
        held = begun;
        return begun;
    }

    private void callAtOnce() {
        taker = null;
    }

    private void intercept(HookCall call, Invocation invocation) throws Exception {
        Taker now = taker;
        if (now == null || call.phase() != Phase.AFTER || !now.takes(call, invocation)) {
            invocation.proceed();
        }
    }

    /** A test ends: what is held back will never be called. */
    synchronized List<Finding> endHolding() {
        HeldCalls ending = held;
        held = null;
        return ending == null ? List.of() : ending.end();
    }

    /** How many transactions with changes were committed, as far as hooks have heard. */
    long commits() {
        return commits.get();
    }

    private void checkIntercepts() {
        checkInstalled();
        if (!intercepts) {
            throw new IllegalStateException(
                    "This journal only observes, and can hold nothing back: build the hooks with"
                            + " journal.installIn(CommitHooks.builder()...).build()");
        }
    }

    private void checkInstalled() {
        if (!installed) {
            throw new IllegalStateException(
                    "This journal is installed in no hooks, so it hears of none: build them with"
                            + " journal.installIn(CommitHooks.builder()...).build()");
        }
    }

    @Override
    public void hookStarted(HookCall call) {
        installed = true;
        called.add(call);
        captures.forEach(capture -> capture.add(call));
    }

    @Override
    public void hookFailed(HookCall call, Duration duration, Throwable failure) {
        called.failed(call, failure);
        captures.forEach(capture -> capture.failed(call, failure));
    }

    @Override
    public void outcome(
            TransactionInfo transaction, Outcome outcome, @Nullable Failure failure, int changes, Duration duration) {
        if (outcome == Outcome.COMMITTED && changes > 0) {
            commits.incrementAndGet();
        }
    }

    @Override
    public String toString() {
        String calls = called.toString();
        HeldCalls holding = held;
        String waiting = holding == null || holding.waiting().isEmpty() ? "" : holding + "\n";
        if (calls.isEmpty() && waiting.isEmpty()) {
            return installed ? "no hook was called" : "a journal that is installed in no hooks";
        }
        return calls + waiting;
    }
}
