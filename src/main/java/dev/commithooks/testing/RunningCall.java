package dev.commithooks.testing;

import dev.commithooks.spi.ConnectionState.State;
import dev.commithooks.testing.FrozenCall.End;
import dev.commithooks.transaction.Outcome;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The call that a connection waits for: a statement that is being executed, or one that the test has frozen. Nobody stands still
 * within the connection's turn, so that others can work. Used by the thread that works with the connection; any may end the call.
 */
final class RunningCall {

    private static final long WITHOUT_END = Long.MAX_VALUE;

    private final VirtualConnection connection;
    private @Nullable FrozenCall commit;
    private volatile @Nullable FrozenCall frozen;
    private volatile @Nullable Statement statement;
    private volatile int networkTimeout;

    RunningCall(VirtualConnection connection) {
        this.connection = connection;
    }

    /** The statement that is being executed; null when it has been. */
    void executing(@Nullable Statement executing) {
        statement = executing;
    }

    boolean isOf(Statement executed) {
        return statement == executed;
    }

    /** Has the server give the statement up, if there is one. */
    void cancel() throws SQLException {
        Statement running = statement;
        if (!end(End.CANCELLED) && running != null) {
            running.cancel();
        }
    }

    int networkTimeout() {
        return networkTimeout;
    }

    /** How long an answer is waited for before the connection is given up, in milliseconds; 0 without end. */
    void networkTimeout(int milliseconds) {
        networkTimeout = milliseconds;
    }

    /** The commit that was just carried out gets no answer before this is released. */
    void freeze(FrozenCall call) {
        commit = call;
    }

    /** Waits for the answer of a commit, if it is held back. */
    void awaitCommit() throws SQLException {
        FrozenCall call = commit;
        commit = null;
        if (call != null && await(call, networkTimeout, End.LOST) != End.RELEASED) {
            throw connection.cut(State.OPEN, Outcome.COMMITTED);
        }
    }

    /** Waits until a statement may go on, is cancelled or takes too long, or loses its connection. */
    End awaitStatement(FrozenCall call) throws SQLException {
        Statement running = statement;
        long query = running == null ? 0 : running.getQueryTimeout() * 1000L;
        boolean networkFirst = query == 0 || (networkTimeout != 0 && networkTimeout < query);
        return networkFirst ? await(call, networkTimeout, End.LOST) : await(call, query, End.CANCELLED);
    }

    private End await(FrozenCall call, long milliseconds, End otherwise) {
        frozen = call;
        try {
            return call.await(milliseconds == 0 ? WITHOUT_END : milliseconds, otherwise);
        } finally {
            frozen = null;
        }
    }

    /** Ends what stands still now; false where nothing does. */
    boolean end(End how) {
        FrozenCall call = frozen;
        if (call == null) {
            return false;
        }
        call.end(how);
        return true;
    }
}
