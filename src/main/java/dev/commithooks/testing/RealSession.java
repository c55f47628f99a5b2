package dev.commithooks.testing;

import dev.commithooks.engine.connection.DriverConnections;
import dev.commithooks.engine.dialect.TransactionStatus;
import dev.commithooks.spi.ConnectionState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The one real connection of a test, with the outer transaction on it. What is sent here as one text is one round trip.
 *
 * <p>pgjdbc begins a transaction together with its first statement, and knows its state without asking.
 */
final class RealSession implements AutoCloseable {

    private static final String LOCKS =
            "select count(*), pg_advisory_unlock_all()::text from pg_locks where locktype = 'advisory'"
                    + " and pid = pg_backend_pid() having count(*) > 0";

    private final Connection connection;
    private final boolean autoCommit;

    private RealSession(Connection connection) throws SQLException {
        this.connection = connection;
        this.autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
    }

    static RealSession open(RolledBackDatabase database) throws SQLException {
        Connection connection = database.realConnection();
        try {
            refuse(connection);
            return new RealSession(connection);
        } catch (SQLException | RuntimeException | Error e) {
            connection.close();
            throw e;
        }
    }

    /** pgjdbc's own savepoint around each statement hides that a failed one aborts the transaction. */
    private static void refuse(Connection connection) throws SQLException {
        if (connection.isWrapperFor(ConnectionState.class)) {
            throw new SQLException(
                    "This data source is rolled back by another RolledBackDatabase already: one of two would take the"
                            + " other's transaction for its own. Nothing was sent. Begin the test on one of them, over"
                            + " the real data source.",
                    "0A000");
        }
        String url = connection.getMetaData().getURL();
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new SQLException(
                    "A rolled-back test needs PostgreSQL, and not " + url.replaceAll("[?;].*", "")
                            + ". Nothing was sent.",
                    "0A000");
        }
        if (url.toLowerCase(Locale.ROOT).contains("autosave=always")) {
            throw new SQLException(
                    "A rolled-back test cannot work with autosave=always: it hides that a failed statement"
                            + " aborts the transaction. Nothing was sent. Leave it out of the data source's URL.",
                    "0A000");
        }
    }

    Connection connection() {
        return connection;
    }

    void send(String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
    }

    /** Whether the outer transaction is gone: somebody has really ended it. */
    boolean hasEscaped() {
        return DriverConnections.status(connection) == TransactionStatus.IDLE;
    }

    boolean isAborted() {
        return DriverConnections.status(connection) == TransactionStatus.ABORTED;
    }

    /** A setting's value; null where it has none. */
    @Nullable
    String setting(String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select current_setting(?, true)")) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    int isolation() throws SQLException {
        return connection.getTransactionIsolation();
    }

    /**
     * Rolls the outer transaction back, and releases the advisory locks that outlive it. One round trip.
     *
     * @return how many such locks there were
     */
    long end() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean rows = statement.execute("rollback; " + LOCKS);
            while (!rows && statement.getUpdateCount() >= 0) {
                rows = statement.getMoreResults();
            }
            try (ResultSet row = statement.getResultSet()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    /** Gives the connection back as it was. */
    @Override
    public void close() throws SQLException {
        try (Connection closing = connection) {
            if (!closing.isClosed()) {
                closing.setAutoCommit(autoCommit);
            }
        }
    }
}
