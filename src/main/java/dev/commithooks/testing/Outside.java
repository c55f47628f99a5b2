package dev.commithooks.testing;

import dev.commithooks.engine.connection.TrackedConnection;
import dev.commithooks.engine.dialect.TransactionStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A real connection of a virtual one's own, outside of tests: everything is passed on. */
final class Outside implements Ground {

    private final Connection real;

    Outside(Connection real) {
        this.real = real;
    }

    /** Makes the real connection as the virtual one was told to be. */
    void adopt(boolean autoCommit, boolean readOnly, @Nullable Integer isolation) throws SQLException {
        if (real.getAutoCommit() != autoCommit) {
            real.setAutoCommit(autoCommit);
        }
        if (real.isReadOnly() != readOnly) {
            real.setReadOnly(readOnly);
        }
        if (isolation != null) {
            real.setTransactionIsolation(isolation);
        }
    }

    TransactionStatus status() {
        return TrackedConnection.status(real);
    }

    @Override
    public Connection real(VirtualConnection connection) {
        return real;
    }

    @Override
    public List<SqlText.Piece> script(String sql) {
        return List.of();
    }

    @Override
    public void control(VirtualConnection connection, SqlText.Piece piece) {
        throw new IllegalStateException("Outside of tests the server alone knows what controls transactions");
    }

    @Override
    public <T extends @Nullable Object> T execute(VirtualConnection connection, String sql, Call<T> call)
            throws SQLException {
        return call.run();
    }

    @Override
    public void commit(VirtualConnection connection) throws SQLException {
        real.commit();
    }

    @Override
    public void rollback(VirtualConnection connection) throws SQLException {
        real.rollback();
    }

    @Override
    public Savepoint setSavepoint(VirtualConnection connection, @Nullable String name) throws SQLException {
        return name == null ? real.setSavepoint() : real.setSavepoint(name);
    }

    @Override
    public void release(VirtualConnection connection, Savepoint savepoint) throws SQLException {
        real.releaseSavepoint(savepoint);
    }

    @Override
    public void rollbackTo(VirtualConnection connection, Savepoint savepoint) throws SQLException {
        real.rollback(savepoint);
    }

    @Override
    public int isolation(VirtualConnection connection) throws SQLException {
        return real.getTransactionIsolation();
    }

    @Override
    public void closed(VirtualConnection connection) throws SQLException {
        real.close();
    }
}
