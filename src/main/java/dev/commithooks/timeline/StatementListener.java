package dev.commithooks.timeline;

import dev.commithooks.timeline.Entry.Kind;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jspecify.annotations.Nullable;

/** The statements of a timeline. */
final class StatementListener implements ExecuteListener {

    private static final long serialVersionUID = 1L;

    private static final String ENTRY = StatementListener.class.getName();

    /** Texts in quotes of one kind or the other, and numbers: what may be a row's value. */
    private static final Pattern LITERAL = Pattern.compile(
            "(?s)(?<!\\w)[eE]'(?:\\\\.|''|[^'\\\\])*'|'(?:''|[^'])*'|\\$(\\w*)\\$.*?\\$\\1\\$|(?<![\\w\"$])\\d+(?:\\.\\d+)?(?![\\w\"])");

    private final transient Timeline timeline;
    private final boolean values;

    StatementListener(Timeline timeline, boolean values) {
        this.timeline = timeline;
        this.values = values;
    }

    @Override
    public void executeStart(ExecuteContext ctx) {
        Life life = timeline.current();
        if (life != null) {
            ctx.data(ENTRY, life.begin(Kind.STATEMENT, 0, text(ctx), System.nanoTime()));
        }
    }

    @Override
    public void exception(ExecuteContext ctx) {
        Throwable failure = ctx.sqlException() != null ? ctx.sqlException() : ctx.exception();
        if (ctx.data(ENTRY) instanceof Entry entry && failure != null) {
            entry.fail(timeline.described(failure));
        }
    }

    @Override
    public void end(ExecuteContext ctx) {
        Life life = timeline.current();
        if (ctx.data(ENTRY) instanceof Entry entry && life != null) {
            if (!entry.failed() && ctx.rows() >= 0) {
                entry.endAs(ctx.rows() == 1 ? "1 row" : ctx.rows() + " rows");
            }
            life.end(entry, System.nanoTime());
        }
    }

    private String text(ExecuteContext ctx) {
        if (values && ctx.query() != null) {
            return ctx.dsl().renderInlined(ctx.query());
        }
        @Nullable String[] batch = ctx.batchSQL();
        String sql = Objects.requireNonNullElse(ctx.sql(), String.join("; ", batch));
        return (values ? sql : LITERAL.matcher(sql).replaceAll("…")) + (batch.length > 1 ? " (a batch)" : "");
    }
}
