package dev.commithooks.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a virtual connection stands on: the outer transaction during a test, a real connection of its own outside of tests. */
interface Ground {

    /** A call of JDBC's. */
    interface Call<T extends @Nullable Object> {
        T run() throws SQLException;
    }

    /** The real connection. */
    Connection real(VirtualConnection connection) throws SQLException;

    /** The pieces of a text that controls transactions; empty where it does not, or where that is the server's business alone. */
    List<SqlText.Piece> script(String sql);

    /** Does what a piece of a script says that controls the transaction. */
    void control(VirtualConnection connection, SqlText.Piece piece) throws SQLException;

    /** Executes a statement that does not control transactions. */
    <T extends @Nullable Object> T execute(VirtualConnection connection, String sql, Call<T> call) throws SQLException;

    /** Commits, if a transaction is open. */
    void commit(VirtualConnection connection) throws SQLException;

    /** Rolls back, if a transaction is open. */
    void rollback(VirtualConnection connection) throws SQLException;

    /** Sets a savepoint, one without a name if none is given. */
    Savepoint setSavepoint(VirtualConnection connection, @Nullable String name) throws SQLException;

    /** Releases a savepoint that was set here. */
    void release(VirtualConnection connection, Savepoint savepoint) throws SQLException;

    /** Rolls back to a savepoint that was set here. */
    void rollbackTo(VirtualConnection connection, Savepoint savepoint) throws SQLException;

    /** Isolation level, as JDBC numbers it. */
    int isolation(VirtualConnection connection) throws SQLException;

    /** The connection was closed by the application. */
    void closed(VirtualConnection connection) throws SQLException;
}
