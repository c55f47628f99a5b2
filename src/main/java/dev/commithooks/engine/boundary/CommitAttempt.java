package dev.commithooks.engine.boundary;

import org.jspecify.annotations.Nullable;

/** One COMMIT of the library's own, as the connection saw it. Used by one thread. */
public final class CommitAttempt {

    private boolean sent;
    private boolean returned;
    private @Nullable Throwable failure;

    CommitAttempt() {}

    void sending() {
        sent = true;
    }

    void hasReturned() {
        returned = true;
    }

    void failed(Throwable how) {
        failure = how;
    }

    /** Whether {@code Connection.commit()} was about to be called. */
    public boolean sent() {
        return sent;
    }

    /** Whether {@code Connection.commit()} returned. */
    public boolean returned() {
        return returned;
    }

    /** The exception of {@code Connection.commit()}; null where it threw none. */
    public @Nullable Throwable failure() {
        return failure;
    }
}
