package dev.commithooks.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * No ground at all, where connections work in tests only and none is running: they can be opened, set up and closed, as pools do
 * with them, and whatever would be sent is refused.
 */
final class BetweenTests implements Ground {

    static final BetweenTests REFUSES = new BetweenTests();

    private BetweenTests() {}

    private static SQLException refused() {
        return new SQLException(
                "No test is running, so that nobody would roll back what is written now. Nothing was sent. What"
                        + " @BeforeAll writes is kept for the class with the fixture PER_CLASS; a constructor is too early,"
                        + " and a thread that a test has left running too late.",
                OuterDialect.UNSUPPORTED);
    }

    @Override
    public Connection real(VirtualConnection connection) throws SQLException {
        throw refused();
    }

    @Override
    public List<SqlText.Piece> script(String sql) {
        return List.of();
    }

    @Override
    public void control(VirtualConnection connection, SqlText.Piece piece) throws SQLException {
        throw refused();
    }

    @Override
    public <T extends @Nullable Object> T execute(VirtualConnection connection, String sql, Call<T> call)
            throws SQLException {
        throw refused();
    }

    @Override
    public void commit(VirtualConnection connection) {}

    @Override
    public void rollback(VirtualConnection connection) {}

    @Override
    public Savepoint setSavepoint(VirtualConnection connection, @Nullable String name) throws SQLException {
        throw refused();
    }

    @Override
    public void release(VirtualConnection connection, Savepoint savepoint) throws SQLException {
        throw refused();
    }

    @Override
    public void rollbackTo(VirtualConnection connection, Savepoint savepoint) throws SQLException {
        throw refused();
    }

    /** A guess, since nobody can be asked: what databases have by themselves. */
    @Override
    public int isolation(VirtualConnection connection) {
        return Connection.TRANSACTION_READ_COMMITTED;
    }

    @Override
    public void closed(VirtualConnection connection) {}
}
