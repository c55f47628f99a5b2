package dev.commithooks.faults;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.tools.jdbc.DefaultConnection;

/** Real connections that fail at one point, as often as they get there. */
class FailingConnections extends DataSourceConnectionProvider {

    /** Where. */
    enum Point {
        ACQUIRE,
        AUTOCOMMIT_OFF,
        AUTOCOMMIT_ON,
        SAVEPOINT,
        COMMIT_BEFORE_IT_IS_SENT,
        COMMIT_AFTER_IT_SUCCEEDED,
        ROLLBACK,
        ROLLBACK_TO_SAVEPOINT,
        RELEASE_OF_SAVEPOINT,
        RELEASE
    }

    private final List<Point> failing = new ArrayList<>();
    private boolean withError;
    final AtomicInteger acquired = new AtomicInteger();
    final AtomicInteger released = new AtomicInteger();

    FailingConnections(DataSource dataSource) {
        super(dataSource);
    }

    /** From now on. */
    FailingConnections failAt(Point... points) {
        failing.addAll(List.of(points));
        return this;
    }

    /** From now on, with an {@link Error} instead of an exception. */
    FailingConnections failWithErrorAt(Point... points) {
        withError = true;
        return failAt(points);
    }

    void recover() {
        failing.clear();
    }

    private void reach(Point point) throws SQLException {
        if (failing.contains(point)) {
            if (withError) {
                throw new OutOfMemoryError(point + " fails");
            }
            throw new SQLException(point + " fails");
        }
    }

    @Override
    public Connection acquire() {
        try {
            reach(Point.ACQUIRE);
        } catch (SQLException e) {
            throw new DataAccessException(e.getMessage(), e);
        }
        acquired.incrementAndGet();
        return new Failing(super.acquire());
    }

    @Override
    public void release(Connection connection) {
        released.incrementAndGet();
        super.release(connection);
        try {
            reach(Point.RELEASE);
        } catch (SQLException e) {
            throw new DataAccessException(e.getMessage(), e);
        }
    }

    private final class Failing extends DefaultConnection {

        Failing(Connection connection) {
            super(connection);
        }

        @Override
        public void setAutoCommit(boolean autoCommit) throws SQLException {
            reach(autoCommit ? Point.AUTOCOMMIT_ON : Point.AUTOCOMMIT_OFF);
            super.setAutoCommit(autoCommit);
        }

        @Override
        public Savepoint setSavepoint() throws SQLException {
            reach(Point.SAVEPOINT);
            return super.setSavepoint();
        }

        @Override
        public void commit() throws SQLException {
            reach(Point.COMMIT_BEFORE_IT_IS_SENT);
            super.commit();
            reach(Point.COMMIT_AFTER_IT_SUCCEEDED);
        }

        @Override
        public void rollback() throws SQLException {
            reach(Point.ROLLBACK);
            super.rollback();
        }

        @Override
        public void rollback(Savepoint savepoint) throws SQLException {
            reach(Point.ROLLBACK_TO_SAVEPOINT);
            super.rollback(savepoint);
        }

        @Override
        public void releaseSavepoint(Savepoint savepoint) throws SQLException {
            reach(Point.RELEASE_OF_SAVEPOINT);
            super.releaseSavepoint(savepoint);
        }
    }
}
