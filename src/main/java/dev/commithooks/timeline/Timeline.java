package dev.commithooks.timeline;

import dev.commithooks.change.StatementSummary;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.timeline.Entry.Kind;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jooq.ExecuteListener;
import org.jspecify.annotations.Nullable;

/**
 * An observer that keeps the last transactions and writes them as a page of HTML: savepoints as a tree, statements, hooks, outcome and
 * durations. The page stands alone, without scripts, and is made for a bug report or a talk.
 *
 * <pre>{@code
 * Timeline timeline = Timeline.ofLast(20);
 * DSLContext dsl = CommitHooks.builder().observer(timeline)...build().attachTo(
 *         DSL.using(configuration.deriveAppending(timeline.statements())));
 * ...
 * timeline.writeTo(Path.of("timeline.html"));
 * }</pre>
 *
 * <p>It has no row values unless {@link #withRowValues()} asks for them: literals in statements are left out, and exceptions are named by
 * class and SQLState. Statements are those of the thread that began the transaction. Thread-safe. Meant for looking into something, not
 * for production: what it keeps of a transaction grows with its statements.
 */
public final class Timeline implements HookObserver {

    private final int size;
    private final boolean values;
    private final Deque<Entry> ended = new ArrayDeque<>();

    /** Those open on this thread: the one that began last is written to. */
    private final ThreadLocal<@Nullable Deque<Life>> lives = new ThreadLocal<>();

    private Timeline(int size, boolean values) {
        this.size = size;
        this.values = values;
    }

    /**
     * A timeline of the last transactions that ended, that many of them.
     *
     * @throws IllegalArgumentException when it is not positive
     */
    public static Timeline ofLast(int transactions) {
        if (transactions < 1) {
            throw new IllegalArgumentException("ofLast(" + transactions + ") would keep no transaction; say 1 or more");
        }
        return new Timeline(transactions, false);
    }

    /** An empty timeline like this one, with the values of rows in statements, changes and messages of exceptions. */
    public Timeline withRowValues() {
        return new Timeline(size, true);
    }

    /** The listener that tells of statements; without it the page has none. One for every configuration. */
    public ExecuteListener statements() {
        return new StatementListener(this, values);
    }

    /** The page. */
    public String html() {
        return new Page(transactions()).html();
    }

    /** The transactions on the page. */
    List<Entry> transactions() {
        synchronized (ended) {
            return List.copyOf(ended);
        }
    }

    /** Writes the page, over what is there. */
    public void writeTo(Path file) throws IOException {
        Files.writeString(Objects.requireNonNull(file, "file"), html());
    }

    @Nullable
    Life current() {
        Deque<Life> open = lives.get();
        return open == null ? null : open.peek();
    }

    private @Nullable Life find(TransactionInfo transaction) {
        Deque<Life> open = lives.get();
        if (open != null) {
            for (Life life : open) {
                if (life.id().equals(transaction.id())) {
                    return life;
                }
            }
        }
        return null;
    }

    @Override
    public void transactionBegun(TransactionInfo transaction) {
        String title = transaction.name().map(name -> "transaction " + name).orElse("transaction")
                + (transaction.attempt() > 1 ? ", attempt " + transaction.attempt() : "");
        Deque<Life> open = lives.get();
        if (open == null) {
            lives.set(open = new ArrayDeque<>());
        }
        Entry root = new Entry(Kind.TRANSACTION, 0, title, System.nanoTime());
        root.details().add(transaction.id() + ", begun " + transaction.start());
        open.push(new Life(transaction.id(), root));
    }

    @Override
    public void savepoint(TransactionInfo transaction, SavepointEvent event) {
        Life life = find(transaction);
        if (life == null) {
            return;
        }
        long now = System.nanoTime();
        switch (event) {
            case SET -> life.begin(Kind.SAVEPOINT, transaction.depth(), "savepoint", now);
            case RELEASED -> life.endSavepoint(transaction.depth(), "released", false, now);
            case ROLLED_BACK -> life.endSavepoint(transaction.depth(), "rolled back", true, now);
        }
    }

    @Override
    public void boundary(TransactionInfo transaction, Phase phase, int changes) {
        Life life = find(transaction);
        if (life != null) {
            String text = switch (phase) {
                case BEFORE -> "before COMMIT";
                case AFTER -> "committed";
                case FAILED -> "rolled back";
                case IN_DOUBT -> "in doubt";
            };
            life.note(Kind.BOUNDARY, text + ", hooks of " + counted(changes), System.nanoTime());
        }
    }

    @Override
    public void hookStarted(HookCall call) {
        Life life = find(call.transaction());
        if (life != null) {
            String table = call.tableName().map(name -> " " + name).orElse("");
            String text = call.hook() + "." + call.method() + table
                    + (call.size() > 1 ? ", " + counted(call.size()) : "")
                    + summarized(call);
            Entry entry = life.begin(Kind.HOOK, 0, text, System.nanoTime());
            if (values) {
                call.changes().forEach(change -> entry.details().add(change.toString()));
            }
        }
    }

    private static String summarized(HookCall call) {
        long rows = call.summaries().stream().mapToLong(StatementSummary::rows).sum();
        return rows == 0 ? "" : ", " + rows + " rows summarized";
    }

    @Override
    public void hookFinished(HookCall call, Duration duration) {
        endHook(call, "");
    }

    @Override
    public void hookFailed(HookCall call, Duration duration, Throwable failure) {
        endHook(call, "threw " + described(failure));
    }

    private void endHook(HookCall call, String failure) {
        Life life = find(call.transaction());
        if (life != null) {
            life.endHook(System.nanoTime(), failure);
        }
    }

    @Override
    public void bypass(String table, String sql, boolean refused) {
        note((refused ? "refused" : "not recorded") + ": a statement on " + table);
    }

    @Override
    public void handedOver(TransactionInfo transaction, String hook, int changes) {
        note("stored for " + hook + ", " + counted(changes));
    }

    @Override
    public void cleanUpFailed(TransactionInfo transaction, Throwable failure) {
        note("clean-up failed: " + described(failure));
    }

    private void note(String text) {
        Life life = current();
        if (life != null) {
            life.note(Kind.NOTE, text, System.nanoTime());
        }
    }

    @Override
    public void outcome(
            TransactionInfo transaction, Outcome outcome, @Nullable Failure failure, int changes, Duration duration) {
        Deque<Life> open = lives.get();
        Life life = find(transaction);
        if (open == null || life == null) {
            return;
        }
        open.remove(life);
        if (open.isEmpty()) {
            lives.remove();
        }
        Entry root = life.root(System.nanoTime());
        String ending = ending(outcome, failure, changes);
        if (outcome == Outcome.COMMITTED) {
            root.endAs(ending);
        } else {
            root.fail(ending);
        }
        synchronized (ended) {
            ended.addLast(root);
            if (ended.size() > size) {
                ended.removeFirst();
            }
        }
    }

    private String ending(Outcome outcome, @Nullable Failure failure, int changes) {
        String reason = failure == null
                ? ""
                : ", " + failure.stage()
                        + failure.cause().map(cause -> ", " + described(cause)).orElse("");
        return outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ') + reason + ", " + counted(changes);
    }

    private static String counted(int changes) {
        return changes + (changes == 1 ? " change" : " changes");
    }

    /** An exception's message has row values: PostgreSQL's names keys and whole rows. */
    String described(Throwable failure) {
        if (values) {
            return failure.toString();
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return failure.getClass().getName() + " (SQLState " + sql.getSQLState() + ")";
            }
        }
        return failure.getClass().getName();
    }
}
