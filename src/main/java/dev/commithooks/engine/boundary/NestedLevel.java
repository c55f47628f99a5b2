package dev.commithooks.engine.boundary;

import dev.commithooks.spi.HookObserver.SavepointEvent;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/** A nested transaction. As a savepoint of the log it is its own identity. */
public final class NestedLevel extends Level {

    private final Level parent;
    private final @Nullable String name;
    private final boolean isSavepoint;
    private volatile boolean open = true;
    private volatile @Nullable Throwable failedBlock;

    NestedLevel(Level parent, @Nullable String name, Configuration configuration, boolean isSavepoint) {
        super(configuration);
        this.parent = parent;
        this.name = name;
        this.isSavepoint = isSavepoint;
    }

    @Override
    public TransactionBoundary boundary() {
        return parent.boundary();
    }

    @Override
    public Level parent() {
        return parent;
    }

    @Override
    public int depth() {
        return parent.depth() + 1;
    }

    @Override
    public @Nullable String name() {
        return name;
    }

    @Override
    public boolean isSavepoint() {
        return isSavepoint;
    }

    @Override
    public boolean isOpen() {
        return open && super.isOpen();
    }

    /** Whether the other level is one of those around it. */
    public boolean isWithin(Level other) {
        for (Level outer = parent; outer != null; outer = outer.parent()) {
            if (outer == other) {
                return true;
            }
        }
        return false;
    }

    /** Ends it. */
    public void leave() {
        open = false;
    }

    /** Its savepoint was set. */
    public void savepointIsSet() {
        boundary().scope().savepointSet(this, true, depth() + (name == null ? "" : " '" + name + "'"));
        boundary().observer().savepoint(info(), SavepointEvent.SET);
    }

    /** Its savepoint was released: its changes are its parent's now. */
    public void savepointIsReleased() {
        boundary().scope().savepointReleased(this);
        leave();
        boundary().observer().savepoint(info(), SavepointEvent.RELEASED);
    }

    /** It was rolled back to its savepoint, which is gone: takes its changes out. */
    public void isRolledBack(@Nullable Throwable why) {
        boundary().observer().savepoint(info(), SavepointEvent.ROLLED_BACK);
        boundary().settlement().rollBackTo(this, info(), why);
        boundary().scope().savepointReleased(this);
        leave();
    }

    @Override
    void doom(Throwable failure) {
        if (!isSavepoint) {
            boundary().doom(failure);
        } else if (failedBlock == null) {
            failedBlock = failure;
        }
    }

    /** The exception of the first block that had joined it and failed; null when none did. */
    public @Nullable Throwable failedBlock() {
        return failedBlock;
    }

    @Override
    public String toString() {
        return "savepoint at depth " + depth() + " of " + boundary().scope().id()
                + (name == null ? "" : " '" + name + "'") + (isOpen() ? "" : ", ended");
    }
}
