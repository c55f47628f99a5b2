package dev.commithooks.engine.capture;

import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.engine.scope.StatementTarget;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.engine.telling.Suppressed;
import dev.commithooks.spi.HookObserver.Phase;
import dev.commithooks.transaction.StatementRefusedException;
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
     * @param tellsOldRows whether the server will tell the rows as they were, so that they need not be read before
     * @return null where nothing is to be recorded
     * @throws dev.commithooks.transaction.StatementRefusedException where nothing true could be said about the rows
     */
    static @Nullable CapturedStatement send(
            Capture capture, ExecuteContext ctx, String table, List<Write> expected, boolean tellsOldRows) {
        if (DeferredStatements.isDeferred(ctx)) {
            capture.bypass().deferred(ctx, table);
            return null;
        }
        StatementTarget target = capture.scopes().locate(ctx, table);
        if (target == null) {
            return null;
        }
        if (!expected.isEmpty()) {
            refuseIfNotDurable(target, expected.get(0).hookedTable(), table);
        }
        CapturedStatement captured =
                new CapturedStatement(target, tellsOldRows ? null : DatabaseRows.read(ctx, target, expected));
        target.aboutToSend(table, () -> {
            captured.wasForetold = true;
            return expected;
        });
        return captured;
    }

    /**
     * A statement that passes no record is about to be sent: its rows are known once it is executed.
     *
     * @return null where nothing is to be recorded, or nothing can be
     */
    static @Nullable CapturedStatement send(Capture capture, ExecuteContext ctx, HookedTable hooked, String table) {
        StatementTarget target = capture.scopes().locate(ctx, table);
        if (target == null) {
            return null;
        }
        refuseIfNotDurable(target, hooked, table);
        if (!(target instanceof TransactionScope) && hooked.hears(Phase.BEFORE)) {
            capture.bypass()
                    .unheard(
                            ctx,
                            table,
                            "outside a transaction its rows are not known in time for the table's before hooks");
            return null;
        }
        target.aboutToSend(table, List::of);
        return new CapturedStatement(target, null);
    }

    /** Outside of a transaction a row and what a durable hook is to be called with would be two commits. */
    private static void refuseIfNotDurable(StatementTarget target, HookedTable hooked, String table) {
        if (hooked.isDurable() && !(target instanceof TransactionScope)) {
            throw new StatementRefusedException(
                    "A write to " + table + " outside a transaction is refused, since it has a"
                            + " durable hook: the row and what the hook is to be called with could not be committed together;"
                            + " nothing was sent. Run it in dsl.transaction(tx -> ...), on tx.dsl().");
        }
    }

    /** Whether the statement is part of a transaction. */
    boolean isInTransaction() {
        return target instanceof TransactionScope;
    }

    /** Makes the transaction that the statement is part of, if any, roll back: its rows are there, but not all can be told of. */
    void setRollbackOnly(Throwable cause) {
        if (target instanceof TransactionScope scope) {
            scope.setRollbackOnly(cause);
        }
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

    /**
     * Settles them all, whatever hooks throw meanwhile, and forgets them.
     *
     * @param onItsWay the database's own exception on its way to the caller, which takes in what hooks throw
     */
    static void settleAll(List<CapturedStatement> statements, @Nullable Throwable onItsWay) {
        Throwable first = onItsWay;
        for (CapturedStatement statement : statements) {
            try {
                statement.settle();
            } catch (Throwable e) {
                if (first == null) {
                    first = e;
                } else {
                    Suppressed.add(first, e);
                }
            }
        }
        statements.clear();
        if (first != null && first != onItsWay) {
            throw Suppressed.<RuntimeException>rethrow(first);
        }
    }

    /** The statement's connection has been given back. May throw what hooks throw. Only the first call counts. */
    void settle() {
        if (!isSettled) {
            isSettled = true;
            target.settle();
        }
    }
}
