package dev.commithooks.testing;

import dev.commithooks.engine.connection.TrackedConnection;
import dev.commithooks.engine.dialect.TransactionStatus;
import dev.commithooks.transaction.IsolationLevel;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import org.jooq.SQLDialect;

/**
 * PostgreSQL, where what is sent as one text is one round trip. pgjdbc begins a transaction together with its first statement,
 * and knows its state without asking.
 */
final class OuterPostgres extends OuterDialect {

    private static final String LOCKS =
            "select count(*), pg_advisory_unlock_all()::text from pg_locks where locktype = 'advisory'"
                    + " and pid = pg_backend_pid() having count(*) > 0";

    /** pgjdbc's own savepoint around each statement hides that a failed one aborts the transaction. */
    OuterPostgres(String url) throws SQLException {
        super(SQLDialect.POSTGRES);
        if (url.toLowerCase(Locale.ROOT).contains("autosave=always")) {
            throw new SQLException(
                    "A rolled-back test cannot work with autosave=always: it hides that a failed statement"
                            + " aborts the transaction. Nothing was sent. Leave it out of the data source's URL.",
                    UNSUPPORTED);
        }
    }

    @Override
    void send(Connection connection, String statements) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(statements)) {
            statement.execute();
        }
    }

    @Override
    boolean hasEscaped(Connection connection) {
        return TrackedConnection.status(connection) == TransactionStatus.IDLE;
    }

    @Override
    boolean isAborted(Connection connection) {
        return TrackedConnection.status(connection) == TransactionStatus.ABORTED;
    }

    @Override
    boolean hasEscaped(Connection connection, String savepoint) {
        return hasEscaped(connection);
    }

    @Override
    String isolated(IsolationLevel level) {
        return "set transaction isolation level " + level.sql() + "; ";
    }

    @Override
    String accessMode(String mode) {
        return "set transaction read " + mode + "; ";
    }

    @Override
    boolean hasLocalSettings() {
        return true;
    }

    @Override
    DeferredConstraints constraints(Connection connection) throws SQLException {
        return DeferredConstraints.read(connection);
    }

    @Override
    void raise(Connection connection, String sqlState, String message) throws SQLException {
        send(
                connection,
                "do $commithooks$ begin raise exception using errcode = '" + sqlState + "', message = '"
                        + message.replace("'", "''") + "'; end $commithooks$");
    }

    /** In one round trip. */
    @Override
    long end(Connection connection) throws SQLException {
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
}
