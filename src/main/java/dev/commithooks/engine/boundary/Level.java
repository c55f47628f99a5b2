package dev.commithooks.engine.boundary;

import dev.commithooks.spi.HookObserver.SavepointEvent;
import dev.commithooks.transaction.TransactionInfo;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * A node of the tree of one transaction: its top, or a nested transaction. Carried by the jOOQ configuration of its block, so that
 * everything done with that finds its transaction. As a savepoint of the log it is its own identity.
 */
public final class Level {

    private final TransactionBoundary boundary;
    private final @Nullable Level parent;
    private final @Nullable String name;
    private final Configuration configuration;
    private final boolean isSavepoint;
    private volatile boolean open = true;
    private volatile @Nullable Throwable failedBlock;
    private int joinedBlocks;

    private Level(
            TransactionBoundary boundary,
            @Nullable Level parent,
            @Nullable String name,
            Configuration configuration,
            boolean isSavepoint) {
        this.boundary = boundary;
        this.parent = parent;
        this.name = name;
        this.configuration = configuration;
        this.isSavepoint = isSavepoint;
    }

    /** The top of a transaction's tree. */
    static Level top(TransactionBoundary boundary, Configuration configuration) {
        return new Level(boundary, null, null, configuration, false);
    }

    /**
     * A nested transaction that has begun.
     *
     * @param isSavepoint whether its end means anything: with a provider that knows no savepoints it does not
     */
    public Level nest(@Nullable String itsName, Configuration itsConfiguration, boolean isSavepoint) {
        return new Level(boundary, this, itsName, itsConfiguration, isSavepoint);
    }

    /** The transaction's boundary. */
    public TransactionBoundary boundary() {
        return boundary;
    }

    /** The enclosing level; null at the top. */
    public @Nullable Level parent() {
        return parent;
    }

    /** The configuration of the level's block. */
    public Configuration configuration() {
        return configuration;
    }

    /** The number of levels around it. */
    public int depth() {
        return parent == null ? 0 : parent.depth() + 1;
    }

    /** The name it was given. */
    public @Nullable String name() {
        return name;
    }

    /** Whether it is a savepoint of the connection. */
    public boolean isSavepoint() {
        return isSavepoint;
    }

    /** The public description of the transaction, seen from here. */
    public TransactionInfo info() {
        return boundary.scope().info(depth(), name);
    }

    /** Whether it has neither been committed nor rolled back. */
    public boolean isOpen() {
        return open && boundary.scope().isOpen();
    }

    /** Whether the other level is one of those around it. */
    public boolean isWithin(Level other) {
        for (Level outer = parent; outer != null; outer = outer.parent) {
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

    // ---------------------------------------------------------------- its savepoint

    /** Its savepoint was set. */
    public void savepointIsSet() {
        boundary.scope().savepointSet(this, true, depth() + (name == null ? "" : " '" + name + "'"));
        boundary.observer().savepoint(info(), SavepointEvent.SET);
    }

    /** Its savepoint was released: its changes are its parent's now. */
    public void savepointIsReleased() {
        boundary.scope().savepointReleased(this);
        leave();
        boundary.observer().savepoint(info(), SavepointEvent.RELEASED);
    }

    /** It was rolled back to its savepoint, which is gone: takes its changes out. */
    public void isRolledBack(@Nullable Throwable why) {
        boundary.observer().savepoint(info(), SavepointEvent.ROLLED_BACK);
        boundary.settlement().rollBackTo(this, info(), why);
        boundary.scope().savepointReleased(this);
        leave();
    }

    /** Tells hooks and callbacks of what was rolled back within it; they work in it. */
    public void tellOfRolledBack() {
        boundary.settlement().tellOfRolledBack(configuration);
    }

    // ---------------------------------------------------------------- blocks that join it

    /** A block joins it. */
    public synchronized void blockJoined() {
        joinedBlocks++;
    }

    /** A block that had joined it ended normally. */
    public synchronized void blockLeft() {
        joinedBlocks--;
    }

    /** Whether a block that has joined it is running. */
    public synchronized boolean isJoined() {
        return joinedBlocks > 0;
    }

    /**
     * A block that had joined it failed: what was done here so far must not be committed, even if the exception is swallowed. A
     * rollback to the level's savepoint heals that.
     */
    public void blockFailed(Throwable failure) {
        blockLeft();
        if (!isSavepoint) {
            boundary.scope().setRollbackOnly(failure);
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
        return (parent == null ? "transaction " : "savepoint at depth " + depth() + " of ")
                + boundary.scope().id()
                + (name == null ? "" : " '" + name + "'")
                + (isOpen() ? "" : ", ended");
    }
}
