package dev.commithooks.engine.boundary;

import dev.commithooks.transaction.TransactionInfo;
import java.util.Objects;
import org.jooq.Configuration;
import org.jooq.TransactionListener;
import org.jooq.TransactionListenerProvider;
import org.jspecify.annotations.Nullable;

/**
 * A node of the tree of one transaction: its top, which is its boundary, or a nested transaction. Carried by the jOOQ configuration
 * of its block, so that everything done with that finds its transaction: as one of its transaction listeners, in the place of the
 * one by which hooks are installed.
 */
public abstract sealed class Level implements TransactionListenerProvider permits TransactionBoundary, NestedLevel {

    private final Configuration configuration;
    private int joinedBlocks;
    /** Set before a configuration carries it. */
    private @Nullable TransactionListenerProvider installed;

    Level(Configuration configuration) {
        this.configuration = configuration;
    }

    /** The configuration of the level's block. */
    public final Configuration configuration() {
        return configuration;
    }

    /** A configuration carries it from now on, in the place of this listener. */
    public final void carriedInPlaceOf(TransactionListenerProvider listener) {
        if (installed == null) {
            installed = listener;
        }
    }

    /** The listener in whose place it is carried; null while no configuration carries it. */
    public final @Nullable TransactionListenerProvider installed() {
        return installed;
    }

    @Override
    public final TransactionListener provide() {
        return Objects.requireNonNull(installed).provide();
    }

    /** The transaction's boundary. */
    public abstract TransactionBoundary boundary();

    /** The enclosing level; null at the top. */
    public @Nullable Level parent() {
        return null;
    }

    /** The number of levels around it. */
    public int depth() {
        return 0;
    }

    /** The name it was given as a level; the top's is the transaction's. */
    public @Nullable String name() {
        return null;
    }

    /** Whether it is a savepoint of the connection. */
    public boolean isSavepoint() {
        return false;
    }

    /** Whether it has neither been committed nor rolled back. */
    public boolean isOpen() {
        return boundary().scope().isOpen();
    }

    /** What was done in it so far must not be committed, even if this exception is swallowed. */
    abstract void doom(Throwable failure);

    /** The public description of the transaction, seen from here. */
    public final TransactionInfo info() {
        return boundary().scope().info(depth(), name());
    }

    /**
     * A nested transaction that has begun.
     *
     * @param isSavepoint whether its end means anything: with a provider that knows no savepoints it does not
     */
    public final NestedLevel nest(@Nullable String itsName, Configuration itsConfiguration, boolean isSavepoint) {
        return new NestedLevel(this, itsName, itsConfiguration, isSavepoint);
    }

    /** Tells hooks and callbacks of what was rolled back within it; they work in it. */
    public final void tellOfRolledBack() {
        boundary().tellOfRolledBack(configuration);
    }

    /** The transaction is known to be fit for work: hooks can be told of what was rolled back with savepoints. */
    public final void tellAtSafeMoment() {
        tellOfRolledBack();
        boundary().throwWaiting();
    }

    // ---------------------------------------------------------------- blocks that join it

    /** A block joins it. */
    public final synchronized void blockJoined() {
        joinedBlocks++;
    }

    /** A block that had joined it ended normally. */
    public final synchronized void blockLeft() {
        joinedBlocks--;
    }

    /** Whether a block that has joined it is running. */
    public final synchronized boolean isJoined() {
        return joinedBlocks > 0;
    }

    /** A block that had joined it failed. A rollback to the level's savepoint heals that. */
    public final void blockFailed(Throwable failure) {
        blockLeft();
        doom(failure);
    }
}
