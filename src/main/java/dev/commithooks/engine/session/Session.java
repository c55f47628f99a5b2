package dev.commithooks.engine.session;

import dev.commithooks.engine.boundary.Level;
import dev.commithooks.engine.connection.TrackedConnection;
import dev.commithooks.engine.jooq.Engine;
import dev.commithooks.engine.jooq.Lifecycle;
import dev.commithooks.engine.jooq.OwnContext;
import dev.commithooks.engine.jooq.TransactionOptions;
import dev.commithooks.engine.lookup.SelfBeginning;
import dev.commithooks.engine.lookup.TransactionData;
import dev.commithooks.transaction.FailureStage;
import java.sql.Connection;
import java.util.Map;
import java.util.Objects;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.TransactionContext;
import org.jooq.impl.ThreadLocalTransactionProvider;
import org.jspecify.annotations.Nullable;

/**
 * Transactions one after the other on one configuration, each begun by the first statement, or by whoever asks for the
 * transaction, and ended when told.
 *
 * <p>The configuration stays the same from one transaction to the next, so that records attached to it and
 * {@code DSLContext}s made of it stay of use. While no transaction is open, its connection provider is the session, which
 * begins one when it is asked for a connection; while one is open, jOOQ finds the transaction's in {@code data()}. Where the
 * configuration does not ask the session (with a thread-local provider), the transaction is begun when the configuration is
 * asked for.
 */
public final class Session implements SelfBeginning, ConnectionProvider {

    private final @Nullable TransactionOptions options;
    private final Configuration configuration;
    private final ConnectionProvider connections;
    private final @Nullable Level enclosing;
    private final Map<Object, Object> enclosingData;
    private final @Nullable Level enclosingLevel;
    private final OneThread thread = new OneThread();
    private final SessionSavepoints savepoints;
    private volatile SessionState state = SessionState.IDLE;
    private @Nullable DrivenTransaction transaction;

    /**
     * A session; inside the transaction that the configuration is in, where its own are savepoints, else on connections of its
     * own.
     *
     * @param options what its transactions are to be like; null for nothing special
     * @throws IllegalStateException when a provider of the user's owns the connections
     */
    public Session(Engine engine, Configuration given, @Nullable TransactionOptions options) {
        SessionRules.refuseUnlessItMayBegin(given);
        this.options = options;
        this.enclosing = engine.lookup().current(given);
        this.configuration = given.derive();
        this.enclosingData = enclosing == null ? Map.of() : TransactionData.ofTransaction(configuration);
        this.enclosingLevel = enclosing == null ? null : TransactionData.level(configuration);
        TransactionData.forgetTransaction(configuration);
        SelfBeginning around = TransactionData.session(configuration);
        this.connections = around == null ? configuration.connectionProvider() : around.connections();
        this.savepoints = new SessionSavepoints(this);
        TransactionData.session(configuration, this);
        if (!(configuration.transactionProvider() instanceof ThreadLocalTransactionProvider)) { // has its own
            configuration.set((ConnectionProvider) this);
        }
        boolean restoresRecords = TransactionOptions.orNone(options).restoresRecords(engine.policies());
        engine.installation().prepareTransaction(configuration, restoresRecords);
    }

    /** The configuration, in a transaction as soon as it is used. */
    public Configuration configuration() {
        return thread.use("dsl()", () -> {
            SessionRules.refuseUnlessUsable(state);
            if (configuration.connectionProvider() != this && state == SessionState.IDLE) {
                begin();
            }
            return configuration;
        });
    }

    @Override
    public @Nullable Level openLevelOrNull() {
        Level level = state == SessionState.OPEN ? TransactionData.level(configuration) : null;
        return level != null && level.isOpen() ? level : null;
    }

    @Override
    public @Nullable Level level() {
        return thread.use("current()", () -> {
            if (state == SessionState.BEGINNING || state == SessionState.ENDING) {
                return null;
            }
            beginUnlessOpen();
            return openLevel();
        });
    }

    /** The level of the open transaction, begun now unless it is open; or of the one that is just ending. */
    public Level current() {
        return thread.use("current()", () -> {
            if (state != SessionState.ENDING) {
                beginUnlessOpen();
            }
            return openLevel();
        });
    }

    /** The level of the open transaction. */
    Level openLevel() {
        return Objects.requireNonNull(TransactionData.level(configuration));
    }

    @Override
    public @Nullable Level enclose(TransactionContext ctx) {
        if (transaction != null && ctx == transaction.ctx()) {
            return null;
        }
        Level level = level();
        if (level == null) {
            SessionRules.refuseUnlessUsable(state);
        }
        TransactionData.join(ctx.configuration(), configuration);
        return level;
    }

    @Override
    public ConnectionProvider connections() {
        return connections;
    }

    // ---------------------------------------------------------------- begin

    void beginUnlessOpen() {
        SessionRules.refuseUnlessUsable(state);
        forgetIfEndedByTheEnclosing();
        if (state == SessionState.IDLE) {
            begin();
        }
    }

    private void begin() {
        if (enclosing != null && !enclosing.isOpen()) {
            throw new IllegalStateException(
                    "The session was opened in " + enclosing + ": there is nothing any more that it"
                            + " could be part of. Close it before that transaction ends.");
        }
        configuration.data().putAll(enclosingData);
        if (enclosingLevel != null) {
            TransactionData.level(configuration, enclosingLevel);
        }
        TransactionContext ctx = new OwnContext(configuration);
        TransactionData.context(configuration, ctx);
        if (options != null && enclosing == null) {
            TransactionData.options(configuration, options.again());
        }
        transaction = new DrivenTransaction(ctx);
        state = SessionState.BEGINNING;
        try {
            transaction.begin();
            state = SessionState.OPEN;
        } finally {
            if (state != SessionState.OPEN) {
                ended();
            }
        }
    }

    @Override
    public @Nullable Connection acquire() {
        return thread.use("a statement", () -> {
            if (state == SessionState.BEGINNING) {
                return connections.acquire();
            }
            beginUnlessOpen();
            return configuration.connectionProvider().acquire();
        });
    }

    /** What statements give back stays the transaction's; what the transaction gives back goes where it came from. */
    @Override
    public void release(Connection connection) {
        if (!(connection instanceof TrackedConnection)) {
            connections.release(connection);
        }
    }

    // ---------------------------------------------------------------- end

    /** Commits the open transaction, if there is one. */
    public void commit() {
        thread.use("commit()", () -> {
            SessionRules.refuseUnlessUsable(state);
            if (forgetIfEndedByTheEnclosing()) {
                throw new IllegalStateException(
                        "The session's work IS rolled back: the " + enclosing + " that it was opened"
                                + " in was ended before the session. Commit and close the session first.");
            }
            if (state == SessionState.OPEN) {
                SessionRules.refuseWithin(openLevel(), "commit()");
                end(Objects.requireNonNull(transaction)::commit);
            }
            return null;
        });
    }

    /** Rolls the open transaction back, if there is one. */
    public void rollback() {
        thread.use("rollback()", () -> {
            SessionRules.refuseUnlessUsable(state);
            forgetIfEndedByTheEnclosing();
            if (state == SessionState.OPEN) {
                SessionRules.refuseWithin(openLevel(), "rollback()");
                rollBack();
            }
            return null;
        });
    }

    private void rollBack() {
        openLevel().boundary().endsAt(FailureStage.ROLLBACK_ONLY);
        end(() -> {
            DrivenTransaction ending = Objects.requireNonNull(transaction);
            ending.rollback();
            Lifecycle.ended(ending.ctx());
        });
    }

    private void end(Runnable ending) {
        state = SessionState.ENDING;
        try {
            ending.run();
        } finally {
            ended();
        }
    }

    private void ended() {
        TransactionData.forgetTransaction(configuration);
        transaction = null;
        savepoints.forget();
        state = SessionState.IDLE;
    }

    /** Whether the enclosing transaction ended while one of the session was open in it, which it took with it. */
    private boolean forgetIfEndedByTheEnclosing() {
        if (state != SessionState.OPEN || openLevel().isOpen()) {
            return false;
        }
        ended();
        return true;
    }

    /** Rolls back what is open, and refuses everything from now on. */
    public void close() {
        thread.use("close()", () -> {
            if (state != SessionState.CLOSED) {
                SessionRules.refuseUnlessUsable(state);
            }
            forgetIfEndedByTheEnclosing();
            try {
                if (state == SessionState.OPEN) {
                    rollBack();
                }
            } finally {
                state = SessionState.CLOSED;
            }
            return null;
        });
    }

    /** Whether a transaction is open that nobody has ended. */
    public boolean isOpen() {
        Level level = TransactionData.level(configuration);
        return state == SessionState.OPEN && level != null && level.isOpen();
    }

    /** Sets a savepoint in the transaction, begun now unless it is open. */
    public SessionSavepoint savepoint() {
        return thread.use("savepoint()", () -> {
            beginUnlessOpen();
            return savepoints.set();
        });
    }

    OneThread thread() {
        return thread;
    }

    @Override
    public String toString() {
        Level level = TransactionData.level(configuration);
        return "session, "
                + (state == SessionState.OPEN && level != null
                        ? level.boundary().scope()
                        : state);
    }
}
