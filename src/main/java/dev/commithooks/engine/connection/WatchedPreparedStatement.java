package dev.commithooks.engine.connection;

import dev.commithooks.engine.sql.Script;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jooq.tools.jdbc.DefaultPreparedStatement;

/** A prepared statement of a watching connection that controls the transaction, and reports it when executed. */
final class WatchedPreparedStatement extends DefaultPreparedStatement {

    private final WatchingConnection connection;
    private final Script script;
    private Script batch = Script.EMPTY;

    WatchedPreparedStatement(PreparedStatement delegate, WatchingConnection connection, Script script) {
        super(delegate, connection);
        this.connection = connection;
        this.script = script;
    }

    @Override
    public boolean execute() throws SQLException {
        return connection.execute(script, super::execute);
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        return connection.execute(script, super::executeQuery);
    }

    @Override
    public int executeUpdate() throws SQLException {
        return connection.execute(script, super::executeUpdate);
    }

    @Override
    public long executeLargeUpdate() throws SQLException {
        return connection.execute(script, super::executeLargeUpdate);
    }

    @Override
    public void addBatch() throws SQLException {
        super.addBatch();
        batch = batch.then(script);
    }

    @Override
    public void clearBatch() throws SQLException {
        super.clearBatch();
        batch = Script.EMPTY;
    }

    @Override
    public int[] executeBatch() throws SQLException {
        return connection.execute(batched(), super::executeBatch);
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        return connection.execute(batched(), super::executeLargeBatch);
    }

    private Script batched() {
        Script executed = batch;
        batch = Script.EMPTY;
        return executed;
    }
}
