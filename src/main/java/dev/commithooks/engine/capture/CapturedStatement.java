package dev.commithooks.engine.capture;

import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.scope.StatementTarget;
import java.util.List;
import org.jooq.ExecuteContext;
import org.jspecify.annotations.Nullable;

/**
 * A statement whose rows are recorded, from when it is about to be sent until it is settled: a record's, a chunk of a batch, or
 * any DML. The only caller of a {@link StatementTarget}, which it calls in the order prescribed there. Used by one thread.
 */
final class CapturedStatement {

    private final StatementTarget target;
    private final @Nullable DatabaseRows oldRows;
    private boolean wasForetold;
    private boolean hasEnded;
    private boolean isSettled;

    private CapturedStatement(StatementTarget target, @Nullable DatabaseRows oldRows) {
        this.target = target;
        this.oldRows = oldRows;
    }

    /**
     * The statement is about to be sent: to be called at {@code executeStart}, when its connection is known.
     *
     * @param table the table's name, for messages
     * @param expected the rows that it is to write, as far as they are known
     * @return null where nothing is to be recorded
     * @throws dev.commithooks.transaction.StatementRefusedException where nothing true could be said about the rows
     */
    static @Nullable CapturedStatement send(Capture capture, ExecuteContext ctx, String table, List<Write> expected) {
        if (DeferredStatements.isDeferred(ctx)) {
            capture.bypass().deferred(ctx, table);
            return null;
        }
        StatementTarget target = capture.scopes().locate(ctx, table);
        if (target == null) {
            return null;
        }
        CapturedStatement captured = new CapturedStatement(target, DatabaseRows.read(ctx, target, expected));
        target.aboutToSend(table, () -> {
            captured.wasForetold = true;
            return expected;
        });
        return captured;
    }

    /** Whether hooks have been told what the statement was about to write, so that these images may not be altered. */
    boolean wasForetold() {
        return wasForetold;
    }

    /** This row was really written. */
    void written(Write write) {
        target.written(oldRows == null ? write : oldRows.next(write));
    }

    /** The statement is over. Only the first call counts. */
    void ended(@Nullable Throwable failure) {
        if (!hasEnded) {
            hasEnded = true;
            target.ended(failure);
        }
    }

    /** Whether it is known that the statement is over. */
    boolean hasEnded() {
        return hasEnded;
    }

    /** The statement's connection has been given back. May throw what hooks throw. Only the first call counts. */
    void settle() {
        if (!isSettled) {
            isSettled = true;
            target.settle();
        }
    }
}
