package dev.commithooks.jta;

import java.sql.Connection;
import java.util.function.UnaryOperator;
import org.jooq.ConnectionProvider;
import org.jspecify.annotations.Nullable;

/**
 * A database's connections, each of them watched.
 *
 * @param watch makes a connection one that is watched
 */
record WatchedDatabase(JtaDatabase database, UnaryOperator<Connection> watch) implements ConnectionProvider {

    /** The database whose connections these are; null where they are none of ours. */
    static @Nullable JtaDatabase of(ConnectionProvider connections) {
        return connections instanceof WatchedDatabase watched
                ? watched.database
                : connections instanceof JtaDatabase database ? database : null;
    }

    @Override
    public Connection acquire() {
        return watch.apply(database.acquire());
    }

    @Override
    public void release(Connection connection) {
        database.release(connection);
    }

    @Override
    public String toString() {
        return database.toString();
    }
}
