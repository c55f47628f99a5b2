package dev.commithooks.jta;

import java.sql.Connection;
import java.sql.SQLException;
import org.jooq.tools.jdbc.DefaultConnection;
import org.jspecify.annotations.Nullable;

/** A connection that knows which database's part of which JTA transaction it was asked for. */
final class JtaConnection extends DefaultConnection {

    private final @Nullable DatabasePart part;

    /**
     * A connection.
     *
     * @param part null outside of transactions
     */
    JtaConnection(Connection delegate, @Nullable DatabasePart part) {
        super(delegate);
        this.part = part;
    }

    /** The part of the connection that jOOQ works with; null where it is none of ours, or outside of transactions. */
    static @Nullable DatabasePart partOf(Connection connection) {
        try {
            return connection.isWrapperFor(JtaConnection.class) ? connection.unwrap(JtaConnection.class).part : null;
        } catch (SQLException broken) {
            return null; // the statement itself will say so
        }
    }

    /** The driver's own connection, under however many layers of pool. */
    static Connection physical(Connection connection) {
        Connection layer = connection;
        for (int i = 0; i < 16; i++) {
            Connection below;
            try {
                below = layer.unwrap(Connection.class);
            } catch (SQLException deepest) {
                return layer;
            }
            if (below == null || below == layer) {
                return layer;
            }
            layer = below;
        }
        return layer;
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type == JtaConnection.class ? type.cast(this) : super.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type == JtaConnection.class || super.isWrapperFor(type);
    }
}
