package dev.commithooks.testing;

import dev.commithooks.spi.ConnectionState;
import dev.commithooks.transaction.IsolationLevel;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The one real connection of a test, with the outer transaction on it, as its database's dialect speaks to it. */
final class RealSession implements AutoCloseable {

    private final Connection connection;
    private final OuterDialect dialect;
    private final boolean autoCommit;
    private @Nullable Integer isolationBefore;

    private RealSession(Connection connection, OuterDialect dialect) throws SQLException {
        this.connection = connection;
        this.dialect = dialect;
        this.autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
    }

    static RealSession open(RolledBackDatabase database) throws SQLException {
        Connection connection = database.realConnection();
        try {
            refuseVirtual(connection);
            return new RealSession(
                    connection, OuterDialect.of(connection.getMetaData().getURL()));
        } catch (SQLException | RuntimeException | Error e) {
            connection.close();
            throw e;
        }
    }

    private static void refuseVirtual(Connection connection) throws SQLException {
        if (connection.isWrapperFor(ConnectionState.class)) {
            throw new SQLException(
                    "This data source is rolled back by another RolledBackDatabase already: one of two would take the"
                            + " other's transaction for its own. Nothing was sent. Begin the test on one of them, over"
                            + " the real data source.",
                    OuterDialect.UNSUPPORTED);
        }
    }

    Connection connection() {
        return connection;
    }

    OuterDialect dialect() {
        return dialect;
    }

    void send(String sql) throws SQLException {
        dialect.send(connection, sql);
    }

    /** Has the server answer with an error. */
    void raise(String sqlState, String message) throws SQLException {
        dialect.raise(connection, sqlState, message);
    }

    /** Has the server answer as to a statement that was cancelled. */
    void cancelled() throws SQLException {
        raise(dialect.cancelled(), "canceling statement due to user request or timeout");
    }

    /** Whether the outer transaction is gone: somebody has really ended it. */
    boolean hasEscaped() {
        return dialect.hasEscaped(connection);
    }

    boolean isAborted() {
        return dialect.isAborted(connection);
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

    /** Gives the SQL that has the outer transaction begin at a level; where there is none, the connection is set to it. */
    String isolated(IsolationLevel level) throws SQLException {
        String sql = dialect.isolated(level);
        if (sql == null && isolation() != Isolation.number(level)) {
            isolationBefore = isolation();
            connection.setTransactionIsolation(Isolation.number(level));
        }
        return sql == null ? "" : sql;
    }

    int isolation() throws SQLException {
        return connection.getTransactionIsolation();
    }

    /**
     * Rolls the outer transaction back, and releases the locks that outlive it.
     *
     * @return how many such locks there were
     */
    long end() throws SQLException {
        return dialect.end(connection);
    }

    /** Gives the connection back as it was. */
    @Override
    public void close() throws SQLException {
        try (Connection closing = connection) {
            if (!closing.isClosed()) {
                if (isolationBefore != null) {
                    closing.setTransactionIsolation(isolationBefore);
                }
                closing.setAutoCommit(autoCommit);
            }
        }
    }
}
