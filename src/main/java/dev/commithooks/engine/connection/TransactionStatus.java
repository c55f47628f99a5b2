package dev.commithooks.engine.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** In which state a connection's transaction is, from the server's point of view. */
public enum TransactionStatus {
    /** None is open: none has begun yet, or it has ended. */
    IDLE,
    /** One is open, and fit to be committed. */
    OPEN,
    /** One is open in which a statement failed: COMMIT would roll it back, and report success. */
    ABORTED,
    /** The driver does not tell. */
    UNKNOWN;

    /** PostgreSQL's answer to any statement in an aborted transaction. */
    private static final String IN_FAILED_SQL_TRANSACTION = "25P02";

    /**
     * What the driver knows without asking the server, under however many layers of pool: its own notes of the server's last
     * {@code ReadyForQuery}. Only pgjdbc and its descendants tell.
     */
    public static TransactionStatus of(Connection connection) {
        return connection instanceof TrackedConnection tracked
                ? tracked.status()
                : DriverStatus.of(connection).read();
    }

    /**
     * Asks the server, by one {@code select 1}, whether the transaction is aborted. A failed probe may itself have aborted the
     * transaction (a statement timeout, say), so it is repeated once.
     *
     * @return {@link #UNKNOWN} when the probe fails for another reason
     */
    public static TransactionStatus probe(Connection connection) {
        for (int attempt = 0; attempt < 2; attempt++) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("select 1");
                return OPEN;
            } catch (SQLException e) {
                if (IN_FAILED_SQL_TRANSACTION.equals(e.getSQLState())) {
                    return ABORTED;
                }
            }
        }
        return UNKNOWN;
    }
}
