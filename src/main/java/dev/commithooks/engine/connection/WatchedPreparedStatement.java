package dev.commithooks.engine.connection;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jooq.tools.jdbc.DefaultPreparedStatement;

/** A prepared statement of a tracked connection that controls the transaction, and reports it when executed. */
final class WatchedPreparedStatement extends DefaultPreparedStatement {

    private final TrackedConnection connection;
    private final List<TransactionControl> controls;

    WatchedPreparedStatement(
            PreparedStatement delegate, TrackedConnection connection, List<TransactionControl> controls) {
        super(delegate, connection);
        this.connection = connection;
        this.controls = controls;
    }

    @Override
    public boolean execute() throws SQLException {
        boolean hasRows = super.execute();
        connection.executed(controls);
        return hasRows;
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        ResultSet rows = super.executeQuery();
        connection.executed(controls);
        return rows;
    }

    @Override
    public int executeUpdate() throws SQLException {
        int count = super.executeUpdate();
        connection.executed(controls);
        return count;
    }

    @Override
    public long executeLargeUpdate() throws SQLException {
        long count = super.executeLargeUpdate();
        connection.executed(controls);
        return count;
    }
}
