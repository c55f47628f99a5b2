package dev.commithooks.transaction;

import dev.commithooks.row.TableName;
import java.util.Optional;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/** One hook or callback that threw. Immutable. */
public final class HookFailure {

    private final String hook;
    private final String method;
    private final @Nullable Table<?> table;
    private final int failed;
    private final int changes;
    private final Throwable cause;

    /**
     * A failure.
     *
     * @param hook the hook's name
     * @param method the method, for instance {@code afterCommitInsert}
     * @param table the hook's table; null for a callback
     * @param failed for how many changes it threw
     * @param changes how many changes it was called for
     * @param cause the first exception
     */
    public HookFailure(String hook, String method, @Nullable Table<?> table, int failed, int changes, Throwable cause) {
        this.hook = hook;
        this.method = method;
        this.table = table;
        this.failed = failed;
        this.changes = changes;
        this.cause = cause;
    }

    /** The hook's name. */
    public String hook() {
        return hook;
    }

    /** The method that threw, for instance {@code afterCommitInsert}. */
    public String method() {
        return method;
    }

    /** The table; empty for a callback. */
    public Optional<Table<?>> table() {
        return Optional.ofNullable(table);
    }

    /** The number of changes for which it threw. */
    public int failed() {
        return failed;
    }

    /** The number of changes it was called for. */
    public int changes() {
        return changes;
    }

    /** The first exception it threw; later ones are suppressed in it. */
    public Throwable cause() {
        return cause;
    }

    /** The hook, its table, and for how many rows it threw, in words; without the exception. */
    public String description() {
        return method + " "
                + (table == null ? "callback" : "hook '" + hook + "' on " + TableName.of(table))
                + " failed"
                + (table == null ? "" : " for " + failed + " of " + changes + (changes == 1 ? " row" : " rows"));
    }

    @Override
    public String toString() {
        return description() + ": " + cause;
    }
}
