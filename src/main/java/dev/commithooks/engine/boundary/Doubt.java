package dev.commithooks.engine.boundary;

import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.log.RowChange;
import dev.commithooks.spi.HookObserver.Phase;
import dev.commithooks.spi.OutcomeResolver;
import dev.commithooks.spi.OutcomeResolver.Inquiry;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jspecify.annotations.Nullable;

/** COMMIT got no answer: who is asked, and what is said. */
final class Doubt {

    private static final System.Logger LOG = System.getLogger("dev.commithooks");
    private static final int NAMED = 100;

    private Doubt() {}

    static void log(String transaction, List<RowChange> changes) {
        List<String> rows = changes.stream()
                .filter(change -> change.hookedTable().forChange(Phase.IN_DOUBT, change.type()).length == 0)
                .map(Doubt::describe)
                .toList();
        if (!rows.isEmpty()) {
            List<String> named = rows.size() > NAMED ? rows.subList(0, NAMED) : rows;
            LOG.log(
                    System.Logger.Level.ERROR,
                    "Transaction " + transaction + " IS IN DOUBT: nobody knows whether these " + rows.size()
                            + " changes are committed: " + named + (rows.size() > NAMED ? " and more" : ""));
        }
    }

    private static String describe(RowChange change) {
        String verb = change.type() == ChangeType.INSERT
                ? "insert "
                : change.type() == ChangeType.UPDATE ? "update " : "delete ";
        return verb
                + change.toChange(null)
                        .key()
                        .map(Object::toString)
                        .orElse(change.hookedTable().name() + "[key unknown]");
    }

    /** Lets the resolver, if there is one, note what it will need if COMMIT gets no answer. */
    static @Nullable Inquiry prepare(@Nullable OutcomeResolver resolver, Configuration transaction) {
        ConnectionProvider provider = transaction.connectionProvider();
        Connection connection = resolver == null ? null : provider.acquire();
        if (resolver == null || connection == null) {
            return null;
        }
        try {
            return resolver.prepare(connection);
        } catch (SQLException e) {
            throw Suppressed.<RuntimeException>rethrow(e);
        } finally {
            provider.release(connection);
        }
    }

    /** Asks whoever may know; what that throws is no answer. */
    static Outcome ask(@Nullable Inquiry inquiry, Throwable failure) {
        if (inquiry == null) {
            return Outcome.UNKNOWN;
        }
        try {
            return inquiry.resolve();
        } catch (Throwable e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            Suppressed.add(failure, e);
            return Outcome.UNKNOWN;
        }
    }

    static TransactionInDoubtException endedBehindOurBack(String transaction, int changes) {
        return new TransactionInDoubtException(
                "Transaction " + transaction
                        + " was ended behind the back of its hooks, by a COMMIT or ROLLBACK of its own:"
                        + " the " + changes + " changes recorded until then ARE IN DOUBT. Leave the end of a"
                        + " transaction to dsl.transaction.",
                new IllegalStateException("ended behind our back"));
    }

    static TransactionInDoubtException exception(
            String transaction, Throwable answer, boolean resolverWasAsked, Throwable failure) {
        return new TransactionInDoubtException(
                "Transaction " + transaction + " IS IN DOUBT: COMMIT got no answer (" + answer.getMessage() + ") and "
                        + (resolverWasAsked ? "the resolver could not tell" : "there was no way to ask")
                        + " whether the data is committed. Look at the data before you repeat the work.",
                failure);
    }
}
