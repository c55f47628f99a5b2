package dev.commithooks.engine.boundary;

import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.engine.telling.Suppressed;
import dev.commithooks.spi.ConnectionState;
import dev.commithooks.spi.OutcomeResolver;
import dev.commithooks.spi.OutcomeResolver.Inquiry;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInDoubtException;
import dev.commithooks.transaction.TransactionInfo;
import java.sql.Connection;
import java.sql.SQLException;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jspecify.annotations.Nullable;

/** The questions and the words for a COMMIT that got no answer. */
final class InDoubt {

    private InDoubt() {}

    /**
     * Lets the resolver note what it will need if COMMIT gets no answer; null where there is no connection to ask. Of a connection
     * whose transactions are virtual the server knows nothing: it is asked itself.
     */
    static @Nullable Inquiry prepare(OutcomeResolver resolver, Configuration transaction) {
        ConnectionProvider provider = transaction.connectionProvider();
        Connection connection = provider.acquire();
        if (connection == null) {
            return null;
        }
        try {
            return connection.isWrapperFor(ConnectionState.class)
                    ? connection.unwrap(ConnectionState.class).commitInquiry()
                    : resolver.prepare(connection);
        } catch (SQLException e) {
            throw Suppressed.<RuntimeException>rethrow(e);
        } finally {
            provider.release(connection);
        }
    }

    /** Asks whoever may know; an exception is no answer. */
    static Outcome ask(@Nullable Inquiry inquiry, @Nullable Throwable failure) {
        if (inquiry == null) {
            return Outcome.UNKNOWN;
        }
        try {
            return inquiry.resolve();
        } catch (Throwable e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            if (failure != null) {
                Suppressed.add(failure, e);
            }
            return Outcome.UNKNOWN;
        }
    }

    static TransactionInDoubtException endedBehindOurBack(TransactionInfo transaction, int changes) {
        return new TransactionInDoubtException(
                "Transaction " + transaction.id()
                        + " was ended behind the back of its hooks, by a COMMIT or ROLLBACK of its own:"
                        + " the " + changes + " changes recorded until then ARE IN DOUBT. Leave the end of a"
                        + " transaction to dsl.transaction.",
                transaction,
                new IllegalStateException("ended behind our back"));
    }

    static TransactionInDoubtException noAnswer(
            TransactionScope scope, Throwable answer, boolean resolverWasAsked, Throwable failure) {
        return new TransactionInDoubtException(
                "Transaction " + scope.id() + " IS IN DOUBT: COMMIT got no answer (" + answer.getMessage()
                        + ") and "
                        + (resolverWasAsked ? "the resolver could not tell" : "there was no way to ask")
                        + " whether the data is committed. "
                        + (scope.remembersRecords() ? "Records that were written are left as they are. " : "")
                        + "Look at the data before you repeat the work.",
                scope.info(),
                failure);
    }
}
