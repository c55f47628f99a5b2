package dev.commithooks.jta;

import dev.commithooks.spi.OutcomeResolver;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jooq.ConnectionProvider;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/** A database whose connections take part in the JTA transaction of the thread that asks for them. Thread-safe. */
final class JtaDatabase implements ConnectionProvider {

    private final JtaTransactions owner;
    private final String name;
    private final DataSource dataSource;
    private final @Nullable OutcomeResolver resolver;

    JtaDatabase(JtaTransactions owner, String name, DataSource dataSource, @Nullable OutcomeResolver resolver) {
        this.owner = owner;
        this.name = name;
        this.dataSource = dataSource;
        this.resolver = resolver;
    }

    String name() {
        return name;
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
                                    + ": of data sources that are not XA, a transaction takes one at most."
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
