package dev.commithooks.policy;

/**
 * The treatment of a statement that writes more rows than {@code statementLimit} allows, and passes no record.
 *
 * <p>All rows that are recorded are kept until their transaction has ended, at about half a kilobyte each.
 */
public enum LargeStatements {
    /**
     * In a transaction it is an error, {@link dev.commithooks.transaction.TransactionAbortedException}, and the transaction rolls
     * back. The default.
     */
    ROLLED_BACK,
    /**
     * Hooks are told how many rows it wrote, and none of them is kept: {@link
     * dev.commithooks.change.TableChanges#summaries()}. Only methods that take a table's changes can be given that, so that a table
     * with hooks that are called row by row, or out of a store, is refused when the hooks are built.
     */
    SUMMARIZED
}
