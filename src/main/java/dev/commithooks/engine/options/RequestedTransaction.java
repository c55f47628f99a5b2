package dev.commithooks.engine.options;

import dev.commithooks.engine.boundary.Level;
import dev.commithooks.engine.connection.TrackedConnection;
import dev.commithooks.engine.jooq.Engine;
import dev.commithooks.engine.jooq.Hooked;
import dev.commithooks.engine.lookup.TransactionData;
import dev.commithooks.transaction.Propagation;
import java.sql.Connection;
import java.sql.SQLException;
import org.jooq.Configuration;
import org.jooq.TransactionalCallable;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DefaultConnectionProvider;
import org.jooq.impl.ThreadLocalTransactionProvider;
import org.jspecify.annotations.Nullable;

/** Runs a block in the transaction that it asks for. Whether one is open is decided by the configuration it was given. */
public final class RequestedTransaction {

    private static final String AT_THE_OUTERMOST = "Say it where the outermost transaction begins, or begin one that is"
            + " independent of it with propagation(REQUIRES_NEW).";

    private final Engine engine;
    private final Configuration configuration;
    private final Request request;

    /** A transaction to be run with the configuration. */
    public RequestedTransaction(Engine engine, Configuration configuration, Request request) {
        this.engine = engine;
        this.configuration = configuration;
        this.request = request;
    }

    /** Runs the block. */
    public <T extends @Nullable Object> T call(TransactionalCallable<T> block) {
        Level open = engine.lookup().entered(configuration);
        if (!(configuration.transactionProvider() instanceof Hooked)) {
            refuseWhatItsOwnerDoesNotKnow(open);
        }
        return switch (request.propagation()) {
            case REQUIRED -> open == null ? begin(configuration, block) : join(open, block);
            case NESTED -> open == null ? begin(configuration, block) : nest(block);
            case REQUIRES_NEW -> begin(outside(open), block);
            case MANDATORY -> join(mandatory(open), block);
            case NEVER -> withoutTransaction(open, block);
        };
    }

    /** Its transactions are begun by the user's own provider, of whoever owns them. */
    private void refuseWhatItsOwnerDoesNotKnow(@Nullable Level open) {
        request.refuseOptionsOfABegin(
                "the configuration's transactions are begun by somebody else, who knows nothing of it",
                "Say it where that one begins transactions: in Spring, with @Transactional or a TransactionTemplate; in JTA, by the data source, or around the transaction.");
        boolean joins = open != null && request.propagation() == Propagation.REQUIRED;
        if (request.name() != null && !joins && request.propagation() != Propagation.MANDATORY) {
            throw new IllegalStateException("name(" + request.name() + ") cannot reach what somebody else begins;"
                    + " nothing was run. Name it there: in Spring, with TransactionTemplate.setName(...), or leave it to"
                    + " @Transactional, which names transactions after their methods; those of JTA have none.");
        }
        if (open != null && request.propagation() == Propagation.REQUIRES_NEW) {
            throw new IllegalStateException(
                    "propagation(REQUIRES_NEW) cannot be had where transactions are begun by"
                            + " somebody else, and this thread is in " + open
                            + "; nothing was run. Ask that one for it: in"
                            + " Spring, @Transactional(propagation = REQUIRES_NEW); in JTA, @Transactional(REQUIRES_NEW), or suspend().");
        }
    }

    private <T extends @Nullable Object> T begin(Configuration where, TransactionalCallable<T> block) {
        Request complete = request.with(engine.policies());
        complete.refuseIneffective();
        complete.refuseUnsupported(where);
        return new Attempts(complete, where).call(block);
    }

    private <T extends @Nullable Object> T nest(TransactionalCallable<T> block) {
        request.refuseOptionsOfABegin(
                "the block is a savepoint of the transaction that is open, which has begun already", AT_THE_OUTERMOST);
        return request.options(1).on(configuration).dsl().transactionResult(block);
    }

    /** Half of a failed block's work must not be committed, whatever becomes of its exception. */
    private <T extends @Nullable Object> T join(Level open, TransactionalCallable<T> block) {
        request.refuseOptionsOfABegin(
                "the block joins the transaction that is open, which has begun already", AT_THE_OUTERMOST);
        boolean carriesIt = TransactionData.level(configuration) == open
                || TransactionData.level(open.configuration()) != open; // an owner's, which no configuration carries
        open.blockJoined();
        T result;
        try {
            result = block.run(carriesIt ? configuration : open.configuration());
        } catch (Throwable failure) {
            open.blockFailed(failure);
            throw asJooqWould(failure);
        }
        open.blockLeft();
        return result;
    }

    private static Level mandatory(@Nullable Level open) {
        if (open == null) {
            throw new IllegalStateException(
                    "propagation(MANDATORY) needs an open transaction, and this configuration is"
                            + " in none; nothing was run. Give Transactions.with(...) the configuration of dsl.transaction(tx ->"
                            + " ...), or say REQUIRED to begin one.");
        }
        return open;
    }

    private <T extends @Nullable Object> T withoutTransaction(@Nullable Level open, TransactionalCallable<T> block) {
        if (open != null) {
            throw new IllegalStateException("propagation(NEVER) wants no transaction, and this configuration is in "
                    + open + "; nothing was run. Call it outside, or give Transactions.with(...) the configuration"
                    + " that attachTo(...) returned.");
        }
        request.refuseOptionsOfABegin("there is no transaction that could have it", "Leave it out.");
        try {
            return block.run(configuration);
        } catch (Throwable failure) {
            throw asJooqWould(failure);
        }
    }

    private Configuration outside(@Nullable Level open) {
        if (open == null) {
            refuseIfItsOnlyConnectionIsBusy();
            return configuration;
        }
        if (configuration.transactionProvider() instanceof ThreadLocalTransactionProvider) {
            throw new IllegalStateException("propagation(REQUIRES_NEW) cannot be had with a thread-local transaction"
                    + " provider: a thread has one connection there, and it is in " + open
                    + "; nothing was run. Run the"
                    + " block on another thread, or use a configuration without that provider.");
        }
        Configuration outside = TransactionData.outside(configuration);
        if (outside.connectionProvider() instanceof DefaultConnectionProvider) {
            throw new IllegalStateException(onlyConnection(String.valueOf(open)));
        }
        return outside;
    }

    /** The configuration says nothing of a transaction; its only connection may. */
    private void refuseIfItsOnlyConnectionIsBusy() {
        if (configuration.connectionProvider() instanceof DefaultConnectionProvider provider
                && isInTransaction(provider.acquire())) {
            throw new IllegalStateException(onlyConnection("a transaction already"));
        }
    }

    private static String onlyConnection(String where) {
        return "propagation(REQUIRES_NEW) needs a connection of its own, and this configuration has a single one, which is in "
                + where + "; nothing was run. Make the DSLContext from a DataSource, or say NESTED for a savepoint.";
    }

    private static boolean isInTransaction(@Nullable Connection connection) {
        if (connection == null) {
            return false;
        }
        return switch (TrackedConnection.status(connection)) {
            case IDLE -> false;
            case OPEN, ABORTED -> true;
            case UNKNOWN -> !isAutoCommit(connection);
        };
    }

    private static boolean isAutoCommit(Connection connection) {
        try {
            return connection.getAutoCommit();
        } catch (SQLException broken) {
            return true; // the begin will say so
        }
    }

    /** Unchecked exceptions as they are, checked ones wrapped, as jOOQ does with those that leave a transaction. */
    private static RuntimeException asJooqWould(Throwable failure) {
        if (failure instanceof RuntimeException unchecked) {
            return unchecked;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return new DataAccessException("Rollback caused", failure);
    }

    @Override
    public String toString() {
        return request + " on " + configuration;
    }
}
