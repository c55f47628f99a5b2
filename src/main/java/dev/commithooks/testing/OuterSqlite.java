package dev.commithooks.testing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.regex.Pattern;
import org.jooq.SQLDialect;

/** SQLite, where DDL is a part of the transaction and the release of a savepoint checks no deferred foreign key. */
final class OuterSqlite extends OuterDialect {

    private static final int ERROR = 1;
    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int INTERRUPTED = 9;
    private static final int IO_ERROR = 10;
    private static final int CONSTRAINT = 19;

    private static final Pattern OR_ROLLBACK = Pattern.compile("\\bor\\s+rollback\\b", Pattern.CASE_INSENSITIVE);

    OuterSqlite() {
        super(SQLDialect.SQLITE);
    }

    /** A conflict of OR ROLLBACK rolls back the whole transaction. */
    @Override
    void refuse(String text) throws SQLException {
        if (OR_ROLLBACK.matcher(text).find()) {
            throw new SQLException(
                    "A conflict of this statement would roll back the outer transaction of the test: " + text
                            + ". Nothing was sent. Say OR ABORT, and roll back what is to be rolled back.",
                    UNSUPPORTED);
        }
    }

    @Override
    void check(Connection connection) throws SQLException {
        try (PreparedStatement enforced = connection.prepareStatement("pragma foreign_keys");
                ResultSet on = enforced.executeQuery()) {
            if (!on.next() || !on.getBoolean(1)) {
                return;
            }
        }
        try (PreparedStatement broken = connection.prepareStatement("pragma foreign_key_check");
                ResultSet row = broken.executeQuery()) {
            if (row.next()) {
                throw new SQLException(
                        "[SQLITE_CONSTRAINT_FOREIGNKEY] A foreign key constraint failed (FOREIGN KEY constraint failed)",
                        null,
                        CONSTRAINT);
            }
        }
        send(connection, "pragma defer_foreign_keys = off");
    }

    /** Where somebody has ended the transaction, the driver is to find one all the same, since it believes in it. */
    @Override
    long end(Connection connection) throws SQLException {
        try {
            connection.rollback();
        } catch (SQLException e) {
            if (!String.valueOf(e.getMessage()).contains("no transaction is active")) {
                throw e;
            }
            send(connection, "begin");
        }
        return 0;
    }

    /** A statement that writes and returns rows is in progress until they have been read. */
    @Override
    boolean releasesLater() {
        return true;
    }

    @Override
    void beginWithin() throws SQLException {
        throw new SQLException(
                "[SQLITE_ERROR] SQL error or missing database (cannot start a transaction within a transaction)",
                null,
                ERROR);
    }

    /** SQLite has no way to be asked for an error: this is what the driver would throw, which has no SQLState. */
    @Override
    void raise(Connection connection, String sqlState, String message) throws SQLException {
        int code = switch (sqlState.substring(0, 2)) {
            case "23" -> CONSTRAINT;
            case "40" -> BUSY;
            case "55" -> LOCKED;
            case "57" -> INTERRUPTED;
            case "08", "58" -> IO_ERROR;
            default -> ERROR;
        };
        throw new SQLException(message, null, code);
    }
}
