package dev.commithooks.engine.lookup;

import dev.commithooks.engine.boundary.Level;
import org.jspecify.annotations.Nullable;

/** A transaction provider of ours that binds its transaction to the thread. */
public interface ThreadBound {

    /** The innermost level open on this thread; null when there is none. */
    @Nullable
    Level currentLevel();
}
