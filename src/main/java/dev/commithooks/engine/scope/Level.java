package dev.commithooks.engine.scope;

import org.jspecify.annotations.Nullable;

/**
 * One {@code dsl.transaction} of a transaction: its top level, or a nested one with a savepoint. What a jOOQ configuration
 * carries, so that everything done with the configuration finds its transaction.
 */
public final class Level {

    private final TransactionScope scope;
    private final @Nullable Level parent;
    private final @Nullable String name;
    private volatile boolean open = true;
    private volatile @Nullable Throwable failedBlock;

    Level(TransactionScope scope, @Nullable Level parent, @Nullable String name) {
        this.scope = scope;
        this.parent = parent;
        this.name = name;
    }

    /** The transaction. */
    public TransactionScope scope() {
        return scope;
    }

    /** The enclosing level; null at the top. */
    public @Nullable Level parent() {
        return parent;
    }

    /** How many savepoints deep it is. */
    public int depth() {
        return parent == null ? 0 : parent.depth() + 1;
    }

    /** The name it was given. */
    public @Nullable String name() {
        return name;
    }

    /** Whether it has neither been committed nor rolled back. */
    public boolean isOpen() {
        return open && scope.state().compareTo(ScopeState.SETTLING) < 0;
    }

    /** A block that had joined it failed, so that it must not end normally. */
    public void blockFailed(Throwable failure) {
        if (failedBlock == null) {
            failedBlock = failure;
        }
    }

    /** What the first block failed with that had joined it; null when none did. */
    public @Nullable Throwable failedBlock() {
        return failedBlock;
    }

    /** Ends it. */
    public void leave() {
        open = false;
    }

    @Override
    public String toString() {
        return (parent == null ? "transaction " : "savepoint at depth " + depth() + " of ")
                + scope.id()
                + (name == null ? "" : " '" + name + "'")
                + (isOpen() ? "" : ", ended");
    }
}
