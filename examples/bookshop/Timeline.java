package bookshop;

import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jspecify.annotations.Nullable;

/**
 * Prints what happens as it happens: transactions and savepoints as a tree, the statements in them, each hook, and the
 * outcome. For one thread.
 */
final class Timeline implements HookObserver {

    private static final int WIDTH = 76;

    private final PrintStream out;
    private int stories;
    private String gutter = "   ";
    private boolean ended;

    Timeline(PrintStream out) {
        this.out = out;
    }

    /** Tells a story. */
    void story(String title, Runnable story) {
        title(title);
        story.run();
    }

    /** Tells a story that something comes of. */
    <T> T storyOf(String title, Supplier<T> story) {
        title(title);
        return story.get();
    }

    /** Tells a story that ends with an exception, as its caller sees it. */
    void sadStory(String title, Runnable story) {
        title(title);
        try {
            story.run();
        } catch (RuntimeException e) {
            String cause = e.getCause() instanceof SQLException refused ? ": " + Statements.firstLine(refused) : "";
            tell("the caller sees " + e.getClass().getSimpleName() + ": " + e.getMessage() + cause);
            return;
        }
        throw new IllegalStateException("'" + title + "' was meant to fail");
    }

    /** Prints a text of any length. */
    private void tell(String text) {
        String line = "  ";
        for (String word : text.split("\\s+")) {
            if (line.length() + word.length() > WIDTH) {
                out.println(line);
                line = "    ";
            }
            line += " " + word;
        }
        out.println(line);
    }

    private void title(String title) {
        out.println();
        out.println(++stories + "  " + title);
    }

    /** Notes what a hook did. */
    void note(String text) {
        line("    " + text);
    }

    /** What prints the statements. */
    ExecuteListener statements() {
        return new ExecuteListener() {
            private static final long serialVersionUID = 1L;

            @Override
            public void executeStart(ExecuteContext ctx) {
                line(Statements.text(ctx));
            }

            @Override
            public void exception(ExecuteContext ctx) {
                line("✗ " + Statements.firstLine(ctx.sqlException()));
            }
        };
    }

    @Override
    public void transactionBegun(TransactionInfo transaction) {
        ended = false;
        open("transaction");
    }

    @Override
    public void savepoint(TransactionInfo transaction, SavepointEvent event) {
        switch (event) {
            case SET -> open("savepoint");
            case RELEASED -> close("released");
            case ROLLED_BACK -> close("rolled back");
        }
    }

    @Override
    public void boundary(TransactionInfo transaction, Phase phase, int changes) {
        switch (phase) {
            case BEFORE -> mark("before COMMIT");
            case AFTER -> end("COMMIT");
            case FAILED -> {
                if (transaction.depth() == 0) {
                    end("ROLLBACK");
                }
            }
            case IN_DOUBT -> end("IN DOUBT");
        }
    }

    @Override
    public void hookStarted(HookCall call) {
        String table = call.table().map(its -> " " + its.getName()).orElse("");
        line("● " + call.hook() + "." + call.method() + table
                + (call.changes().size() > 1 ? " ×" + call.changes().size() : ""));
    }

    @Override
    public void hookFailed(HookCall call, Duration duration, Throwable failure) {
        note("✗ " + failure.getMessage());
    }

    @Override
    public void outcome(
            TransactionInfo transaction, Outcome outcome, @Nullable Failure failure, int changes, Duration duration) {
        end(outcome == Outcome.COMMITTED ? "COMMIT" : "ROLLBACK");
        String reason = failure == null ? "" : ", " + failure.stage();
        String count = ", " + changes + (changes == 1 ? " change" : " changes");
        close(outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ') + reason + count);
    }

    /** The outcome is told before the hooks that follow from it, and once. */
    private void end(String outcome) {
        if (!ended) {
            ended = true;
            mark(outcome);
        }
    }

    private void open(String text) {
        out.println(gutter + "╭─ " + text);
        gutter += "│  ";
    }

    private void mark(String text) {
        out.println(gutter.substring(0, gutter.length() - 3) + "├─ " + text);
    }

    private void close(String text) {
        gutter = gutter.substring(0, gutter.length() - 3);
        out.println(gutter + "╰─ " + text);
    }

    private void line(String text) {
        String line = gutter + text;
        out.println(line.length() <= WIDTH ? line : line.substring(0, WIDTH - 1) + "…");
    }
}
