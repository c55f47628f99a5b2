package dev.commithooks.testing;

import java.sql.SQLException;
import java.sql.Savepoint;

/**
 * A savepoint that the application has set by JDBC.
 *
 * @param of the transaction it belongs to
 * @param real the real connection's
 * @param key what it is found by: its name as the server knows it, or the real one where it has none
 */
record VirtualSavepoint(VirtualTransaction of, Savepoint real, Object key) implements Savepoint {

    @Override
    public int getSavepointId() throws SQLException {
        return real.getSavepointId();
    }

    @Override
    public String getSavepointName() throws SQLException {
        return real.getSavepointName();
    }
}
