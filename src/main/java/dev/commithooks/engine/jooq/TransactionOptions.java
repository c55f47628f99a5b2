package dev.commithooks.engine.jooq;

import static dev.commithooks.policy.RolledBackRecords.RESTORED;

import dev.commithooks.engine.boundary.TransactionBoundary;
import dev.commithooks.engine.connection.TrackedConnection;
import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.dialect.TransactionModes;
import dev.commithooks.engine.lookup.TransactionData;
import dev.commithooks.engine.telling.Policies;
import dev.commithooks.policy.RolledBackRecords;
import dev.commithooks.transaction.IsolationLevel;
import java.sql.Connection;
import java.sql.SQLException;
import org.jooq.Configuration;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction is to be like. Handed to the provider in a derived configuration's {@code data()}, and taken out there
 * when the transaction begins, so that nested ones do not find it.
 */
public final class TransactionOptions {

    private static final TransactionOptions NONE = new TransactionOptions(null, 1, null, false, false, null);

    private final @Nullable String name;
    private final int attempt;
    private final @Nullable IsolationLevel isolation;
    private final boolean readOnly;
    private final boolean deferrable;
    private final @Nullable RolledBackRecords rolledBackRecords;
    private @Nullable TransactionBoundary boundary;

    /**
     * Options of one transaction.
     *
     * @param rolledBackRecords what becomes of records; null for what the policies say of one that is not retried
     */
    public TransactionOptions(
            @Nullable String name,
            int attempt,
            @Nullable IsolationLevel isolation,
            boolean readOnly,
            boolean deferrable,
            @Nullable RolledBackRecords rolledBackRecords) {
        this.name = name;
        this.attempt = attempt;
        this.isolation = isolation;
        this.readOnly = readOnly;
        this.deferrable = deferrable;
        this.rolledBackRecords = rolledBackRecords;
    }

    /** A configuration whose next transaction has these options. */
    public Configuration on(Configuration configuration) {
        Configuration derived = configuration.derive();
        TransactionData.options(derived, this);
        return derived;
    }

    /** These, or those of a transaction like any that jOOQ begins by itself. */
    public static TransactionOptions orNone(@Nullable TransactionOptions options) {
        return options == null ? NONE : options;
    }

    @Nullable
    String name() {
        return name;
    }

    int attempt() {
        return attempt;
    }

    /** The same, for one more transaction. */
    public TransactionOptions again() {
        return new TransactionOptions(name, attempt, isolation, readOnly, deferrable, rolledBackRecords);
    }

    /** Whether records are to be what they were when it is rolled back. */
    public boolean restoresRecords(Policies policies) {
        return rolledBackRecords == null ? policies.restoresRecords() : rolledBackRecords == RESTORED;
    }

    /** These, with the default isolation level, if there is one, where they say none. */
    TransactionOptions or(@Nullable IsolationLevel usual) {
        return isolation != null || usual == null
                ? this
                : new TransactionOptions(name, attempt, usual, readOnly, deferrable, rolledBackRecords);
    }

    void began(TransactionBoundary begun) {
        boundary = begun;
    }

    /** The transaction that was begun with these options; null until then. */
    public @Nullable TransactionBoundary boundary() {
        return boundary;
    }

    private TransactionModes modes() {
        return new TransactionModes(isolation, readOnly, deferrable);
    }

    /** Sets what the transaction is to be like by its first statement, for itself only. */
    void applyTo(Configuration transaction) {
        TransactionModes modes = modes();
        if (modes.isPlain()) {
            return;
        }
        Dialect dialect = Dialect.of(transaction);
        if (isolation != null && dialect.isolatesConnections()) {
            isolate(transaction, isolation);
        }
        for (String statement : dialect.begin(modes)) {
            transaction.dsl().execute(statement);
        }
    }

    private static void isolate(Configuration transaction, IsolationLevel level) {
        Connection connection = transaction.connectionProvider().acquire();
        TrackedConnection tracked = connection == null ? null : TrackedConnection.below(connection);
        if (tracked == null) {
            throw new IllegalStateException("isolation(" + level + ") cannot be had on " + Dialect.of(transaction)
                    + " with a transaction provider of your own whose connection cannot be seen: the level is the connection's,"
                    + " and would not be restored; the transaction IS rolled back. Set it there.");
        }
        try {
            tracked.isolate(level);
        } catch (SQLException e) {
            throw new DataAccessException("Cannot set the isolation level " + level, e);
        }
    }
}
