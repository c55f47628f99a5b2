package dev.commithooks.testing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jooq.SQLDialect;

/** MariaDB and MySQL. */
final class OuterMySql extends OuterDialect {

    OuterMySql() {
        super(SQLDialect.MYSQL);
    }

    @Override
    String cancelled() {
        return "70100";
    }

    @Override
    void raise(Connection connection, String sqlState, String message) throws SQLException {
        send(connection, "signal sqlstate '" + sqlState + "' set message_text = '" + message.replace("'", "''") + "'");
    }

    @Override
    long end(Connection connection) throws SQLException {
        connection.rollback();
        try (PreparedStatement locks = connection.prepareStatement("select release_all_locks()");
                ResultSet row = locks.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}
