package dev.commithooks;

import dev.commithooks.engine.boundary.Level;
import dev.commithooks.engine.jooq.Engine;
import dev.commithooks.engine.log.HandedOver;
import dev.commithooks.engine.log.LoggedCallback;
import dev.commithooks.hook.Callback;
import dev.commithooks.hook.CurrentTransaction;
import dev.commithooks.hook.PendingHooks;
import dev.commithooks.hook.RollbackCallback;
import dev.commithooks.spi.HandOver;
import dev.commithooks.spi.HookObserver.Phase;
import dev.commithooks.transaction.TransactionInfo;
import java.util.Objects;

/** A transaction, seen from one of its levels. */
record LevelTransaction(Level level, Engine engine) implements CurrentTransaction {

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
        level.boundary().scope().register(new LoggedCallback(phase, failure -> callback.run()));
    }

    @Override
    public void onRollback(RollbackCallback callback) {
        Objects.requireNonNull(callback, "callback");
        level.boundary().scope().register(new LoggedCallback(Phase.FAILED, callback));
    }

    @Override
    public void handOver(String callback, String text) {
        Objects.requireNonNull(text, "text");
        HandOver.Text handOver = new HandOver.Text(DurableHandOver.callback(engine, callback), text);
        level.boundary().scope().handOver(new HandedOver(handOver));
    }

    @Override
    public void setRollbackOnly() {
        level.boundary().owned().setRollbackOnly();
    }

    @Override
    public boolean isRollbackOnly() {
        return level.boundary().owned().isRollbackOnly();
    }

    @Override
    public PendingHooks pending() {
        return level.boundary().pending();
    }

    @Override
    public TransactionInfo info() {
        return level.info();
    }

    @Override
    public String toString() {
        return level.toString();
    }
}
