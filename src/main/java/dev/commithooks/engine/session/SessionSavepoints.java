package dev.commithooks.engine.session;

import dev.commithooks.engine.connection.SavepointName;
import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.scope.TransactionScope;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jooq.ConnectionProvider;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/** The savepoints of a session's open transaction, innermost first. */
final class SessionSavepoints {

    private final Session session;
    private final Deque<SessionSavepoint> open = new ArrayDeque<>(2);
    private int number;

    SessionSavepoints(Session session) {
        this.session = session;
    }

    Session session() {
        return session;
    }

    SessionSavepoint set() {
        Dialect dialect = Dialect.of(session.openLevel().configuration());
        SessionSavepoint savepoint = onConnection("set", connection -> {
            Savepoint set = connection.setSavepoint();
            return new SessionSavepoint(this, ++number, set, SavepointName.of(set, dialect, connection));
        });
        open.push(savepoint);
        return savepoint;
    }

    void forget() {
        open.clear();
    }

    /** Whether the savepoint is there still. */
    boolean isOpen(SessionSavepoint savepoint) {
        if (open.contains(savepoint)) {
            TransactionScope scope = session.openLevel().boundary().scope();
            open.removeIf(one -> !scope.isSet(one.name()));
        }
        return open.contains(savepoint);
    }

    /** Refuses a savepoint that is gone, and one that is not the innermost. */
    void refuseUnlessInnermost(SessionSavepoint savepoint, String what) {
        if (!isOpen(savepoint)) {
            throw gone(savepoint);
        }
        TransactionScope scope = session.openLevel().boundary().scope();
        if (open.getFirst() != savepoint) {
            throw new IllegalStateException(what + " of " + savepoint + " comes before the end of " + open.getFirst()
                    + ", which was set after it; nothing was done. Release or roll back the later one first.");
        }
        if (scope.hasNestedTransactionAfter(savepoint.name())) {
            throw new IllegalStateException(
                    what + " of " + savepoint + " comes within a nested transaction that was begun"
                            + " after it; nothing was done. Let dsl.transaction(...) return first.");
        }
    }

    static IllegalStateException gone(SessionSavepoint savepoint) {
        return new IllegalStateException(
                savepoint + " is gone: it was released or rolled back, or the transaction that it"
                        + " was set in has ended; nothing was done.");
    }

    void ended(SessionSavepoint savepoint) {
        open.remove(savepoint);
    }

    interface Step<T extends @Nullable Object> {
        T on(Connection connection) throws SQLException;
    }

    <T extends @Nullable Object> T onConnection(String what, Step<T> step) {
        ConnectionProvider provider = session.openLevel().configuration().connectionProvider();
        Connection connection = provider.acquire();
        if (connection == null) {
            throw new IllegalStateException("No connection to " + what + " a savepoint on");
        }
        try {
            return step.on(connection);
        } catch (SQLException e) {
            throw new DataAccessException("Cannot " + what + " a savepoint", e);
        } finally {
            provider.release(connection);
        }
    }
}
