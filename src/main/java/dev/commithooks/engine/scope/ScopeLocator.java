package dev.commithooks.engine.scope;

import dev.commithooks.engine.registry.HookedTable;
import org.jooq.ExecuteContext;
import org.jspecify.annotations.Nullable;

/** Finds the transaction that a statement is part of. */
public interface ScopeLocator {

    /** The open transaction that a statement is part of; null when it is in none. Asked when the connection is known. */
    @Nullable
    TransactionScope open(ExecuteContext ctx);

    /**
     * Where the rows go that a statement writes to tables with hooks in no transaction.
     *
     * @param table the table's name, for messages
     * @param needsTransaction whether the statement needs one of its own
     * @return null when nothing is to be recorded
     * @throws dev.commithooks.transaction.StatementRefusedException when nothing true could be said about the rows
     */
    @Nullable
    StatementTarget outside(ExecuteContext ctx, String table, boolean needsTransaction);

    /** Whether what is written to a table must be known before it is committed. */
    boolean needsTransaction(HookedTable table);

    /** Whether a statement on the table that has been prepared, and were executed now, would be given a transaction of its own. */
    boolean isGivenTransaction(ExecuteContext ctx, HookedTable table);

    /**
     * A statement that is no record's, as far as can be told, is about to write to a table with hooks. Where records have no
     * listener outside transactions, it may be a record's all the same.
     *
     * @param table the table's name, for messages
     * @return whether it bypasses hooks; not so outside transactions if nothing is recorded there anyway
     * @throws dev.commithooks.transaction.StatementRefusedException when nothing may be written outside transactions and none
     *     is open
     */
    default boolean unrecorded(ExecuteContext ctx, String table) {
        return true;
    }

    /** A statement of any kind failed: remembered as the likely reason should the transaction turn out aborted. */
    void statementFailed(ExecuteContext ctx);

    /** A statement of any kind that is no DML and no query was executed: it may have been transaction control. */
    void statementExecuted(ExecuteContext ctx);
}
