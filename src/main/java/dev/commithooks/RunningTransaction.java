package dev.commithooks;

import dev.commithooks.engine.boundary.OpenLevel;
import dev.commithooks.engine.log.LoggedCallback;
import dev.commithooks.hook.Callback;
import dev.commithooks.hook.CurrentTransaction;
import dev.commithooks.hook.PendingHooks;
import dev.commithooks.hook.RollbackCallback;
import dev.commithooks.spi.HookObserver.Phase;
import dev.commithooks.transaction.TransactionInfo;
import java.util.Objects;

/** An open transaction, seen from one of its levels. */
record RunningTransaction(OpenLevel level) implements CurrentTransaction {

    @Override
    public void beforeCommit(Callback callback) {
        register(Phase.BEFORE, callback);
    }

    @Override
    public void onCommit(Callback callback) {
        register(Phase.AFTER, callback);
    }

    @Override
    public void onInDoubt(Callback callback) {
        register(Phase.IN_DOUBT, callback);
    }

    private void register(Phase phase, Callback callback) {
        Objects.requireNonNull(callback, "callback");
        level.boundary().register(new LoggedCallback(phase, failure -> callback.run()));
    }

    @Override
    public void onRollback(RollbackCallback callback) {
        level.boundary().register(new LoggedCallback(Phase.FAILED, Objects.requireNonNull(callback, "callback")));
    }

    @Override
    public void setRollbackOnly() {
        level.boundary().setRollbackOnly();
    }

    @Override
    public boolean isRollbackOnly() {
        return level.boundary().scope().isRollbackOnly();
    }

    @Override
    public PendingHooks pending() {
        return level.boundary().settlement().pending();
    }

    @Override
    public TransactionInfo info() {
        return level.boundary()
                .scope()
                .info(level.level().depth(), level.level().name());
    }

    @SuppressWarnings("unchecked")
    static <T extends Throwable> RuntimeException unchecked(Throwable failure) throws T {
        throw (T) failure;
    }

    @Override
    public String toString() {
        return level.toString();
    }
}
