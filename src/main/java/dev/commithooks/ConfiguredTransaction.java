package dev.commithooks;

import dev.commithooks.engine.boundary.Level;
import dev.commithooks.engine.jooq.Engine;
import dev.commithooks.engine.telling.Suppressed;
import dev.commithooks.hook.Callback;
import dev.commithooks.hook.CurrentTransaction;
import dev.commithooks.hook.PendingHooks;
import dev.commithooks.hook.RollbackCallback;
import dev.commithooks.transaction.TransactionInfo;
import java.util.Objects;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The transaction that a configuration is in when it is asked; what is to be done in one begins a session's. Outside of a
 * transaction an {@code onCommit} callback runs at once, where that is no lie.
 */
final class ConfiguredTransaction implements CurrentTransaction {

    private final Engine engine;
    private final Configuration configuration;
    /** The level at the time of {@link CommitHooks#current}: whoever keeps this must not get into a later transaction by it. */
    private final @Nullable Level known;

    ConfiguredTransaction(Engine engine, Configuration configuration) {
        this.engine = engine;
        this.configuration = configuration;
        this.known = engine.lookup().current(configuration);
    }

    private @Nullable LevelTransaction entered() {
        Level level = known != null ? known : engine.lookup().entered(configuration);
        return level == null ? null : new LevelTransaction(level, engine);
    }

    private LevelTransaction entered(String what) {
        LevelTransaction entered = entered();
        if (entered == null) {
            throw none(what);
        }
        return entered;
    }

    private LevelTransaction open(String what) {
        Level level = known != null ? known : engine.lookup().current(configuration);
        if (level == null) {
            throw none(what);
        }
        return new LevelTransaction(level, engine);
    }

    private static IllegalStateException none(String what) {
        return new IllegalStateException(what + " needs an open transaction, and this configuration is in none: call"
                + " CommitHooks.current(tx) with the configuration that dsl.transaction(tx -> ...) gives");
    }

    @Override
    public void beforeCommit(Callback callback) {
        entered("beforeCommit").beforeCommit(callback);
    }

    @Override
    public void onCommit(Callback callback) {
        Objects.requireNonNull(callback, "callback");
        LevelTransaction entered = entered();
        if (entered != null) {
            entered.onCommit(callback);
            return;
        }
        engine.lookup().callbackOutside(configuration);
        try {
            callback.run();
        } catch (Exception e) {
            throw Suppressed.<RuntimeException>rethrow(e);
        }
    }

    @Override
    public void onRollback(RollbackCallback callback) {
        entered("onRollback").onRollback(callback);
    }

    @Override
    public void onInDoubt(Callback callback) {
        entered("onInDoubt").onInDoubt(callback);
    }

    @Override
    public void handOver(String callback, String text) {
        entered("handOver").handOver(callback, text);
    }

    @Override
    public void setRollbackOnly() {
        entered("setRollbackOnly").setRollbackOnly();
    }

    @Override
    public boolean isRollbackOnly() {
        Level level = known != null ? known : engine.lookup().current(configuration);
        return level != null && new LevelTransaction(level, engine).isRollbackOnly();
    }

    @Override
    public PendingHooks pending() {
        return open("pending").pending();
    }

    @Override
    public TransactionInfo info() {
        return open("info").info();
    }

    @Override
    public String toString() {
        Level level = known != null ? known : engine.lookup().current(configuration);
        return level == null ? "no transaction" : level.toString();
    }
}
