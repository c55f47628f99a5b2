package dev.commithooks;

import dev.commithooks.hook.Callback;
import dev.commithooks.hook.CurrentTransaction;
import dev.commithooks.hook.PendingHooks;
import dev.commithooks.hook.RollbackCallback;
import dev.commithooks.policy.OutsideTransaction;
import dev.commithooks.transaction.TransactionInfo;

/** No transaction is open. */
record NoTransaction(OutsideTransaction policy) implements CurrentTransaction {

    @Override
    public void beforeCommit(Callback callback) {
        throw none("beforeCommit");
    }

    @Override
    public void onCommit(Callback callback) {
        java.util.Objects.requireNonNull(callback, "callback");
        if (policy == OutsideTransaction.REJECT) {
            throw none("onCommit");
        }
        if (policy == OutsideTransaction.WARN) {
            System.getLogger("dev.commithooks")
                    .log(
                            System.Logger.Level.WARNING,
                            "An onCommit callback was registered outside a transaction; it runs now");
        }
        try {
            callback.run();
        } catch (Exception e) {
            throw RunningTransaction.unchecked(e);
        }
    }

    @Override
    public void onRollback(RollbackCallback callback) {
        throw none("onRollback");
    }

    @Override
    public void onInDoubt(Callback callback) {
        throw none("onInDoubt");
    }

    @Override
    public void setRollbackOnly() {
        throw none("setRollbackOnly");
    }

    @Override
    public boolean isRollbackOnly() {
        return false;
    }

    @Override
    public PendingHooks pending() {
        throw none("pending");
    }

    @Override
    public TransactionInfo info() {
        throw none("info");
    }

    private static IllegalStateException none(String what) {
        return new IllegalStateException(what + " needs an open transaction, and this configuration is in none: call"
                + " CommitHooks.current(tx) with the configuration that dsl.transaction(tx -> ...) gives");
    }
}
