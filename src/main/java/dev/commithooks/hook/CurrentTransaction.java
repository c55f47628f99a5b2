package dev.commithooks.hook;

import dev.commithooks.transaction.TransactionInfo;

/**
 * The running transaction, seen from the level of the configuration it was asked with.
 *
 * <p>Callbacks run in registration order, after the hooks of their phase, and follow the phase's rules for exceptions. A
 * savepoint that is rolled back discards the {@code onCommit}, {@code beforeCommit} and {@code onInDoubt} callbacks that were
 * registered under it and runs its {@code onRollback} ones. A callback that is registered while callbacks of its phase run is
 * run too, after them. Registering is thread-safe. Not for implementation by others: methods may be added.
 */
public interface CurrentTransaction {

    /**
     * Runs the callback in the transaction, after the before hooks.
     *
     * @throws IllegalStateException outside a transaction, or when it is too late
     */
    void beforeCommit(Callback callback);

    /**
     * Runs the callback when the data is committed, after the after hooks. With no transaction open, what
     * {@link dev.commithooks.policy.OutsideTransaction} says.
     *
     * @throws IllegalStateException when it is too late
     */
    void onCommit(Callback callback);

    /**
     * Runs the callback when the transaction, or the savepoint it was registered under, was rolled back; after the failed
     * hooks.
     *
     * @throws IllegalStateException outside a transaction, or when it is too late
     */
    void onRollback(RollbackCallback callback);

    /**
     * Runs the callback when nobody can know whether the data is committed; after the in-doubt hooks.
     *
     * @throws IllegalStateException outside a transaction, or when it is too late
     */
    void onInDoubt(Callback callback);

    /**
     * Has a durable callback called with a text when the transaction is committed: at least once, on any node, after any crash.
     * It follows savepoints as other callbacks do.
     *
     * @param callback a name that was registered by {@link dev.commithooks.CommitHooksBuilder#durableCallback}
     * @throws IllegalArgumentException when no durable callback has that name
     * @throws IllegalStateException outside a transaction, or when it is too late
     */
    void handOver(String callback, String text);

    /**
     * Makes the top-level transaction roll back at its end; its caller gets the result all the same.
     *
     * @throws IllegalStateException outside a transaction, or when it is too late
     */
    void setRollbackOnly();

    /** Whether the transaction will be rolled back at its end. */
    boolean isRollbackOnly();

    /**
     * What would fire if the transaction committed now.
     *
     * @throws IllegalStateException outside a transaction
     */
    PendingHooks pending();

    /**
     * Which transaction this is.
     *
     * @throws IllegalStateException outside a transaction
     */
    TransactionInfo info();
}
