package dev.commithooks.engine.jooq;

import static dev.commithooks.transaction.Outcome.COMMITTED;

import dev.commithooks.engine.autocommit.ShortTransaction;
import dev.commithooks.engine.boundary.Aborted;
import dev.commithooks.engine.boundary.TransactionBoundary;
import dev.commithooks.engine.lookup.TransactionData;
import dev.commithooks.engine.scope.ScopeInfo;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.engine.telling.Suppressed;
import dev.commithooks.transaction.FailureStage;
import dev.commithooks.transaction.TransactionAbortedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.TransactionContext;
import org.jooq.exception.DataAccessException;
import org.jooq.tools.jdbc.DefaultConnection;
import org.jspecify.annotations.Nullable;

/**
 * A transaction of jOOQ's default kind on the connection of one statement. Before hooks find it as they find any: by the
 * configuration that they are given, and on its thread where the transaction provider is a thread's. jOOQ's transaction listeners
 * do not hear of it, since the caller has begun none.
 */
final class StatementTransaction implements ShortTransaction {

    private final Lent lent;
    private final Hooked provider;
    private final Configuration inside;
    private final JooqTransaction transaction;

    StatementTransaction(Engine engine, Configuration outside, Connection connection) {
        this.inside = outside.derive();
        this.provider = inside.transactionProvider() instanceof Hooked hooked
                ? hooked
                : new HookedTransactionProvider(engine, null); // another owner's, which does not own this one
        inside.set(provider);
        boolean restoresRecords = engine.policies().restoresRecords(); // those that before hooks write
        engine.installation().prepareTransaction(inside, restoresRecords);
        TransactionContext ctx = new OwnContext(inside, Set.of());
        this.lent = new Lent(connection);
        this.transaction = new JooqTransaction(
                engine.policies(),
                new TransactionScope(ScopeInfo.next(null, 1, ctx.creationTime()), restoresRecords),
                ctx,
                (configuration, watch) -> provider.delegateOn(lent, watch),
                within -> outside);
    }

    /** The statement's connection, which jOOQ gives back when it closes the statement. */
    private static final class Lent extends DefaultConnection implements ConnectionProvider {

        private boolean isInUse;

        Lent(Connection connection) {
            super(connection);
        }

        @Override
        public Connection acquire() {
            return this;
        }

        @Override
        public void release(Connection released) {}

        /**
         * From 3.21 on, jOOQ asks at each begin for what to restore at the end, where it has been changed: in pgjdbc a round
         * trip. Here it is not changed.
         */
        @Override
        public int getTransactionIsolation() throws SQLException {
            return isInUse ? super.getTransactionIsolation() : TRANSACTION_READ_COMMITTED;
        }
    }

    private TransactionBoundary boundary() {
        return transaction.boundary();
    }

    @Override
    public TransactionScope scope() {
        return boundary().scope();
    }

    @Override
    public void begin() {
        try {
            transaction.begin();
            lent.isInUse = true;
            boundary().watch().hold(lent.getDelegate());
            TransactionData.level(inside, boundary());
            provider.entered(boundary());
        } catch (Throwable failure) {
            try {
                transaction.abandon();
            } catch (Throwable another) {
                Suppressed.add(failure, another);
            } finally {
                provider.left(boundary());
            }
            throw failure;
        }
    }

    @Override
    public void rollBack(Throwable failure) {
        if (scope().size() == 0) {
            boundary().endsAt(FailureStage.NOTHING_WRITTEN);
        }
        Throwable another = rollBack();
        if (another != null) {
            Suppressed.add(failure, another);
        }
    }

    /** The cause is what jOOQ makes of the exception, and is known later. */
    private @Nullable Throwable rollBack() {
        try {
            return transaction.rollBack(null);
        } finally {
            provider.left(boundary());
        }
    }

    @Override
    public void commit() throws SQLException {
        Throwable another;
        try {
            another = transaction.end();
        } catch (Throwable failure) {
            another = rollBack();
            if (another != null) {
                Suppressed.add(failure, another);
            }
            throw asOfTheStatement(failure);
        }
        provider.left(boundary());
        if (scope().outcome() != COMMITTED) {
            TransactionAbortedException onPurpose = Aborted.onPurpose(scope());
            if (another != null) {
                Suppressed.add(onPurpose, another);
            }
            throw onPurpose;
        }
    }

    /**
     * What COMMIT was refused with leaves the statement as it would in autocommit mode, for jOOQ to translate. A hook's checked
     * exception must not look like that.
     */
    private RuntimeException asOfTheStatement(Throwable failure) throws SQLException {
        if (failure.getCause() instanceof SQLException refusal
                && refusal == boundary().watch().commitFailure()) {
            for (Throwable suppressed : failure.getSuppressed()) {
                Suppressed.add(refusal, suppressed);
            }
            if (failure instanceof DataAccessException) {
                throw refusal;
            }
        }
        throw failure instanceof Exception && !(failure instanceof RuntimeException)
                ? new DataAccessException("Rollback caused", failure)
                : Suppressed.<RuntimeException>rethrow(failure);
    }

    @Override
    public void tell(@Nullable Throwable cause) {
        boundary().completed(Objects.requireNonNull(scope().outcome()), cause);
        boundary().tell();
    }

    @Override
    public void throwWaiting() {
        boundary().throwWaiting();
    }
}
