package dev.commithooks.engine.capture;

import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.autocommit.StatementInTransaction;
import dev.commithooks.engine.log.Recorded;
import dev.commithooks.engine.log.Summary;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.engine.scope.StatementTarget;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.engine.telling.Suppressed;
import dev.commithooks.transaction.StatementRefusedException;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jooq.ExecuteContext;
import org.jspecify.annotations.Nullable;

/**
 * A statement whose rows are recorded, from when it is about to be sent until it is settled: a record's, a chunk of a batch, or
 * any DML. The only caller of a {@link StatementTarget}, which it calls in the order prescribed there. Used by one thread.
 */
abstract class CapturedStatement implements Supplier<List<Write>> {

    /** The call of {@link #written} for each row that a statement in a transaction of its own wrote, before COMMIT. */
    interface Recording {
        void record() throws SQLException;
    }

    /** Where its rows go; null as long as it is not about to be sent, and where nothing is to be recorded. */
    private @Nullable StatementTarget target;
    /** How often something had been taken out of the transaction's log when the statement was about to be sent. */
    private int cuts;

    private @Nullable DatabaseRows oldRows;
    /** What it has inserted, if it was executed in its own transaction; null where the driver tells. */
    @Nullable
    LastInsert lastInsert;

    private boolean wasForetold;
    private boolean hasEnded;
    private boolean isSettled;

    /** The rows that it is to write, as far as they are known before it is executed. */
    abstract List<Write> expected();

    /** Whether those rows are to be read as they are before it. */
    abstract boolean needsOldRows();

    /** It is executed and not committed yet: calls {@link #written} for each row. For who has a transaction of its own. */
    abstract void record() throws SQLException;

    /**
     * A chunk of a batch is about to be sent: to be called at {@code executeStart}, when its connection is known.
     *
     * @param expected the rows that it is to write
     * @param recording what to do when it is executed and not yet committed, if it has a transaction of its own
     * @return null where nothing is to be recorded
     * @throws StatementRefusedException where nothing true could be said about the rows
     */
    static @Nullable CapturedStatement send(
            Capture capture, ExecuteContext ctx, List<Write> expected, Recording recording) {
        String table = expected.get(0).tableName();
        capture.aboutToWrite(ctx, expected);
        CapturedStatement part = new StatementPart(expected, recording);
        return !capture.isPutOff(ctx, table) && part.send(capture, ctx, strictest(capture, expected), table)
                ? part
                : null;
    }

    /**
     * A statement that passes no record is about to be sent: its rows are known once it is executed.
     *
     * @param recording as above
     * @return null where nothing is to be recorded
     */
    static @Nullable CapturedStatement send(
            Capture capture, ExecuteContext ctx, HookedTable hooked, String table, Recording recording) {
        capture.aboutToWrite(ctx, hooked, table);
        CapturedStatement part = new StatementPart(List.of(), recording);
        return part.send(capture, ctx, hooked, table) ? part : null;
    }

    /** Of the tables written to, one for which the statement needs a transaction, if there is any. */
    private static HookedTable strictest(Capture capture, List<Write> writes) {
        return writes.stream()
                .map(Write::hookedTable)
                .filter(capture.scopes()::needsTransaction)
                .findFirst()
                .orElse(writes.get(0).hookedTable());
    }

    /**
     * It is about to be sent.
     *
     * @param hooked the table, or the one of them that asks for most
     * @param table its name, for messages
     * @return whether anything is to be recorded
     * @throws StatementRefusedException where nothing true could be said about the rows
     */
    final boolean send(Capture capture, ExecuteContext ctx, HookedTable hooked, String table) {
        StatementTarget found = capture.scopes().open(ctx);
        if (found == null) {
            found = capture.scopes().outside(ctx, table, capture.scopes().needsTransaction(hooked));
        }
        if (found == null) {
            return false;
        }
        if (found instanceof StatementInTransaction) {
            executeInTransaction(ctx, table);
        } else if (found instanceof TransactionScope) {
            readOldRows(ctx);
        }
        found.aboutToSend(table, this);
        target = found;
        TransactionScope transaction = scope();
        cuts = transaction == null ? 0 : transaction.cuts();
        return true;
    }

    private void executeInTransaction(ExecuteContext ctx, String table) {
        TransactionalStatement statement = TransactionalStatement.of(ctx);
        if (statement == null) {
            throw new StatementRefusedException("A write to " + table
                    + " outside a transaction needs one of its own, since the table has before hooks or durable ones,"
                    + " and its statement was prepared within another; nothing was sent. Prepare it anew, or run it in"
                    + " dsl.transaction(tx -> ...).");
        }
        statement.isNext(this, ctx);
    }

    private void readOldRows(ExecuteContext ctx) {
        oldRows = needsOldRows() ? DatabaseRows.read(ctx, expected()) : null;
    }

    /** The rows that it is about to write, for who keeps them. */
    @Override
    public final List<Write> get() {
        wasForetold = true;
        return expected();
    }

    /** Whether it has been sent, or is about to be, and its rows are recorded. */
    final boolean isSent() {
        return target != null;
    }

    private StatementTarget target() {
        return Objects.requireNonNull(target, "not sent");
    }

    /** Executes it in its own transaction. */
    final <T> T execute(ExecuteContext ctx, StatementInTransaction.Execution<T> execution) throws SQLException {
        T result = Objects.requireNonNull(own()).execute(() -> {
            readOldRows(ctx);
            T executed = execution.run();
            lastInsert = LastInsert.read(ctx);
            record();
            return executed;
        });
        LastInsert.putBack(lastInsert, ctx);
        return result;
    }

    /** The target, where it is a transaction of the statement's own. */
    private @Nullable StatementInTransaction own() {
        return target instanceof StatementInTransaction own ? own : null;
    }

    /** Whether it has a transaction of its own. */
    boolean hasOwnTransaction() {
        return own() != null;
    }

    /** Whether it was executed in its own transaction, and failed. */
    boolean hasFailed() {
        StatementInTransaction own = own();
        return own != null && own.hasFailed();
    }

    private @Nullable TransactionScope scope() {
        StatementInTransaction own = own();
        return own != null ? own.scope() : target instanceof TransactionScope scope ? scope : null;
    }

    /** Whether the statement is part of a transaction. */
    boolean isInTransaction() {
        return scope() != null;
    }

    /** Makes the transaction that the statement is part of, if any, roll back: its rows are there, but not all can be told of. */
    void setRollbackOnly(Throwable cause) {
        TransactionScope scope = scope();
        if (scope != null) {
            scope.setRollbackOnly(cause);
        }
    }

    /**
     * Nobody has told whether the statement wrote anything: neither can hooks be told, so the transaction that it is part of, if any,
     * is rolled back.
     */
    void endedUnheard() {
        TransactionScope scope = scope();
        if (scope != null && !hasEnded) {
            scope.statementWasAbandoned();
            hasEnded = true;
            target().ended(null);
        }
    }

    /** Whether what it wrote is still there for certain: no savepoint has been rolled back since. */
    boolean isThere() {
        TransactionScope transaction = scope();
        return transaction == null || transaction.cuts() == cuts;
    }

    /** Whether others keep what the statement was about to write, so that these images may not be altered. */
    boolean wasForetold() {
        return wasForetold;
    }

    /** This row was really written. What comes when its own transaction has ended was told before, or is rolled back. */
    void written(Write write) {
        written(write, oldRows == null ? write : oldRows.next(write));
    }

    /** A record's row was really written, by a statement that has written so many: others are there if its key is none. */
    final void written(Capture capture, ExecuteContext ctx, Write write, long rows) {
        if (rows > 1 && write.type() != ChangeType.INSERT) {
            capture.bypass().severalRows(ctx, this, write.tableName(), rows);
        }
        written(write);
    }

    /** These very many rows were really written. */
    void written(Summary summary) {
        written(summary, summary);
    }

    private void written(Recorded expected, Recorded completed) {
        StatementInTransaction own = own();
        if (own == null) {
            target().written(completed);
        } else if (!own.isOver()) {
            own.written(expected, completed);
        }
    }

    /** The statement has failed, and may have written some of its rows; nobody says which. */
    void mayHaveWritten(Throwable cause) {
        target().mayHaveWritten(cause);
    }

    /** The statement is over. Only the first call counts. */
    void ended(@Nullable Throwable failure) {
        if (!hasEnded) {
            hasEnded = true;
            target().ended(failure);
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
            target().settle();
        }
    }
}
