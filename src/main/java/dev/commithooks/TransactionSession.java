package dev.commithooks;

import dev.commithooks.engine.jooq.Engine;
import dev.commithooks.engine.jooq.TransactionOptions;
import dev.commithooks.engine.session.Session;
import dev.commithooks.engine.session.SessionLeak;
import dev.commithooks.engine.session.SessionSavepoint;
import dev.commithooks.hook.CurrentTransaction;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Transactions that begin by themselves and end when told: commit as you go.
 *
 * <pre>{@code
 * try (TransactionSession session = hooks.open(dsl)) {
 *     for (Path file : files) {
 *         load(file, session.dsl());
 *         session.commit();
 *     }
 * }
 * }</pre>
 *
 * <p>The first statement begins a transaction, and so does the first after each end; {@link #close()} rolls back what is left.
 * The {@link DSLContext} stays the same, and records attached to it stay of use. Each transaction fires its hooks when it
 * ends, with the same guarantees as {@code dsl.transaction}; what hooks throw reaches the caller of {@link #commit()}. A
 * {@code dsl.transaction} on the session's {@link DSLContext} is a savepoint. For one thread at a time.
 */
public final class TransactionSession implements AutoCloseable {

    private final Engine engine;
    private final Session session;
    private final Runnable watch;

    TransactionSession(Engine engine, Configuration configuration, @Nullable TransactionOptions options) {
        this.engine = engine;
        this.session = new Session(engine, configuration, options);
        this.watch = SessionLeak.watch(this, session, caller());
    }

    private static String caller() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !frame.getClassName().equals(TransactionSession.class.getName())
                                && !frame.getClassName().equals(CommitHooks.class.getName()))
                        .findFirst()
                        .map(Object::toString)
                        .orElse("an unknown place"));
    }

    /**
     * The way to the database, in a transaction from its first use on.
     *
     * @throws IllegalStateException when the session is closed
     */
    public DSLContext dsl() {
        return session.configuration().dsl();
    }

    /**
     * The open transaction; begun now if none is open. In a hook or callback, the one that is just ending.
     *
     * @throws IllegalStateException when the session is closed
     */
    public CurrentTransaction current() {
        return new LevelTransaction(session.current(), engine);
    }

    /**
     * Commits the open transaction, and runs its hooks; does nothing when none is open. A failed commit has rolled back when it
     * throws. In a session inside another transaction it releases the savepoint: hooks run when that transaction ends.
     *
     * @throws IllegalStateException when the session is closed, or a nested transaction has not ended
     */
    public void commit() {
        session.commit();
    }

    /**
     * Rolls the open transaction back, and runs its failed hooks; does nothing when none is open.
     *
     * @throws IllegalStateException when the session is closed, or a nested transaction has not ended
     */
    public void rollback() {
        session.rollback();
    }

    /**
     * Sets a savepoint in the open transaction; begun now if none is open.
     *
     * @throws IllegalStateException when the session is closed
     */
    public Savepoint savepoint() {
        return new Savepoint(session.savepoint());
    }

    /** Whether a transaction of the session is open: begun by its first statement, and not ended yet. */
    public boolean isOpen() {
        return session.isOpen();
    }

    /** Rolls back what is open, and ends the session. Does nothing when it is closed already. */
    @Override
    public void close() {
        try {
            session.close();
        } finally {
            watch.run();
        }
    }

    @Override
    public String toString() {
        return session.toString();
    }

    /**
     * A place in the transaction to come back to. Ends with its transaction, if it has not ended before. In a {@code try} with
     * resources what is not released by its end is rolled back.
     */
    public static final class Savepoint implements AutoCloseable {

        private final SessionSavepoint savepoint;

        Savepoint(SessionSavepoint savepoint) {
            this.savepoint = savepoint;
        }

        /**
         * Keeps what was done since, and ends the savepoint.
         *
         * @throws IllegalStateException when it has ended, or one that was set after it has not
         * @throws dev.commithooks.transaction.TransactionAbortedException when a swallowed error has aborted the transaction; a
         *     {@link #rollback()} heals that
         */
        public void release() {
            savepoint.release();
        }

        /**
         * Undoes what was done since, runs the failed hooks of that, and ends the savepoint. The transaction goes on.
         *
         * @throws IllegalStateException when it has ended, or one that was set after it has not
         */
        public void rollback() {
            savepoint.rollback();
        }

        /**
         * Rolls back to the savepoint if it has not ended: by {@link #release()}, {@link #rollback()} or its transaction's end.
         * Failed hooks of what is undone run.
         *
         * @throws IllegalStateException when one that was set after it has not ended
         */
        @Override
        public void close() {
            if (savepoint.isOpen()) {
                savepoint.rollback();
            }
        }

        @Override
        public String toString() {
            return savepoint.toString();
        }
    }
}
