package dev.commithooks.engine.jooq;

import dev.commithooks.engine.lookup.ThreadBound;
import org.jspecify.annotations.Nullable;

/** A transaction provider of ours: how the engine is found from a configuration. */
public interface Hooked extends ThreadBound {

    /** The engine; null while the provider is not part of a configuration with hooks. */
    @Nullable
    Engine engine();

    /** Whether a provider of the user's owns the connection, so that a session cannot. */
    boolean ownsConnection();
}
