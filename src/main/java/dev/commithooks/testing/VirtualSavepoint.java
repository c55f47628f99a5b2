package dev.commithooks.testing;

import dev.commithooks.engine.sql.Lexis;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.jspecify.annotations.Nullable;

/**
 * A savepoint that the application has set by JDBC.
 *
 * @param of the transaction it belongs to
 * @param real the real connection's
 * @param name its name; null where it has none
 */
record VirtualSavepoint(
        VirtualTransaction of, Savepoint real, @Nullable String name) implements Savepoint {

    /** What it is found by: its name as the server cuts it, or itself. */
    Object key() {
        return name == null ? real : Lexis.POSTGRES.cut(name);
    }

    @Override
    public int getSavepointId() throws SQLException {
        return real.getSavepointId();
    }

    @Override
    public String getSavepointName() throws SQLException {
        return real.getSavepointName();
    }
}
