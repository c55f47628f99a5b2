package dev.commithooks.engine.jooq;

import dev.commithooks.engine.connection.TrackedConnection;
import dev.commithooks.engine.dialect.TransactionStatus;
import java.sql.SQLException;

/** A transaction that somebody else has open on the connection on which one is to be begun. */
final class AnothersTransaction {

    private AnothersTransaction() {}

    /** jOOQ would go on in a transaction that is open on its connection, and end it. */
    static void refuse(TrackedConnection connection) {
        boolean isAutoCommit;
        try {
            isAutoCommit = connection.getDelegate().getAutoCommit();
        } catch (SQLException broken) {
            return; // the begin will say so
        }
        TransactionStatus status = connection.status();
        if (!isAutoCommit && (status == TransactionStatus.OPEN || status == TransactionStatus.ABORTED)) {
            throw new IllegalStateException(
                    "No transaction was begun: the connection has one open that these hooks did not begin, and what it wrote"
                            + " would be committed or rolled back with this one. It is as it was. End it first, or give"
                            + " attachTo(...) a DSLContext on a data source.");
        }
    }
}
