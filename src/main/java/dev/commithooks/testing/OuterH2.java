package dev.commithooks.testing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jooq.SQLDialect;

/** H2, embedded or as a server. */
final class OuterH2 extends OuterDialect {

    OuterH2() {
        super(SQLDialect.H2);
    }

    /** H2 takes it for a hint, and does nothing. */
    @Override
    String accessMode(String mode) {
        return "";
    }

    @Override
    void raise(Connection connection, String sqlState, String message) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("call signal(?, ?)")) {
            statement.setString(1, sqlState);
            statement.setString(2, message);
            statement.execute();
        }
    }
}
