package dev.commithooks.testing;

import dev.commithooks.spi.ConnectionState.State;
import dev.commithooks.transaction.Outcome;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The answer to a connection's commits, which a test may hold back. Used by the thread that commits. */
final class CommitAnswer {

    private final VirtualConnection connection;
    private @Nullable FrozenCommit frozen;
    private int timeout;

    CommitAnswer(VirtualConnection connection) {
        this.connection = connection;
    }

    /** The commit that was just carried out gets no answer before this is released. */
    void freeze(FrozenCommit commit) {
        frozen = commit;
    }

    int timeout() {
        return timeout;
    }

    /** How long an answer is waited for, in milliseconds; 0 without end. */
    void timeout(int milliseconds) {
        timeout = milliseconds;
    }

    /** Waits for it, if it is held back; not within the connection's turn, so that others can work. */
    void await() throws SQLException {
        FrozenCommit commit = frozen;
        frozen = null;
        if (commit != null && !commit.answers(timeout)) {
            throw connection.cut(State.OPEN, Outcome.COMMITTED);
        }
    }
}
