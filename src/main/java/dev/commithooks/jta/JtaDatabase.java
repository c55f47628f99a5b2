package dev.commithooks.jta;

import dev.commithooks.spi.OutcomeResolver;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jooq.ConnectionProvider;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/** A database whose connections take part in the JTA transaction of the thread that asks for them. Thread-safe. */
final class JtaDatabase implements ConnectionProvider {

    /** The next step, for the mistake that everybody makes once. */
    static final String WITHOUT_PREPARED_TRANSACTIONS =
            " PostgreSQL prepares nothing with max_prepared_transactions = 0,"
                    + " its default: set it to the number of transactions that are open at a time, in postgresql.conf, and"
                    + " restart.";

    private final JtaTransactions owner;
    private final String name;
    private final DataSource dataSource;
    private final @Nullable OutcomeResolver resolver;
    /** Whether its server would prepare a transaction: asked once, by the first that is over several resources. */
    private volatile boolean isKnownToPrepare;

    JtaDatabase(JtaTransactions owner, String name, DataSource dataSource, @Nullable OutcomeResolver resolver) {
        this.owner = owner;
        this.name = name;
        this.dataSource = dataSource;
        this.resolver = resolver;
    }

    String name() {
        return name;
    }

    /** The pool. */
    DataSource dataSource() {
        return dataSource;
    }

    @Nullable
    OutcomeResolver resolver() {
        return resolver;
    }

    boolean belongsTo(JtaTransactions transactions) {
        return owner == transactions;
    }

    /** A connection of the pool's, as it is. */
    Connection open() throws SQLException {
        return dataSource.getConnection();
    }

    boolean isKnownToPrepare() {
        return isKnownToPrepare;
    }

    /**
     * Refuses a transaction over several resources whose part the server would not prepare: otherwise COMMIT would be the first to
     * say so, after all the work.
     *
     * @throws IllegalStateException where it is a PostgreSQL that prepares nothing
     */
    void mustPrepare(Connection connection) throws SQLException {
        if ("PostgreSQL".equals(connection.getMetaData().getDatabaseProductName()) && !prepares(connection)) {
            throw new IllegalStateException("Database '" + name + "' cannot take part in a JTA transaction over several"
                    + " databases: its server prepares nothing. Nothing was sent; the transaction can only be rolled back."
                    + WITHOUT_PREPARED_TRANSACTIONS);
        }
        isKnownToPrepare = true;
    }

    private static boolean prepares(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet setting = statement.executeQuery("show max_prepared_transactions")) {
            return setting.next() && setting.getInt(1) > 0;
        }
    }

    @Override
    public Connection acquire() {
        JtaTransaction transaction = owner.transactions().ofThread();
        try {
            return transaction == null
                    ? new JtaConnection(open(), null)
                    : transaction.part(this).connect();
        } catch (SQLException failure) {
            throw new DataAccessException(
                    transaction != null && transaction.isResourceRefused()
                            ? "The transaction manager did not take a connection to database '" + name + "' into "
                                    + transaction
                                    + ": of data sources that are not XA, a transaction takes "
                                    + (owner.transactions().takesLocalResources() ? "one at most." : "none.")
                                    + " Nothing was sent. Give the pool an XA data source (PGXADataSource)."
                            : "No connection could be had to database '" + name + "': " + failure.getMessage(),
                    failure);
        }
    }

    @Override
    public void release(Connection connection) {
        try {
            connection.close();
        } catch (SQLException failure) {
            throw new DataAccessException(
                    "A connection to database '" + name + "' could not be given back: " + failure.getMessage(),
                    failure);
        }
    }

    @Override
    public String toString() {
        return "database '" + name + "' in JTA transactions";
    }
}
