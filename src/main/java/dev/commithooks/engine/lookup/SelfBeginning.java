package dev.commithooks.engine.lookup;

import dev.commithooks.engine.boundary.Level;
import org.jooq.ConnectionProvider;
import org.jooq.TransactionContext;
import org.jspecify.annotations.Nullable;

/** A configuration's owner that begins a transaction as soon as anybody works with it: a session. */
public interface SelfBeginning {

    /** Its level; null while none is open. Begins nothing. */
    @Nullable
    Level openLevelOrNull();

    /** Its level, begun now unless it is open; null while it is just being begun or ended. */
    @Nullable
    Level level();

    /**
     * A transaction begins on a configuration of its: it is nested.
     *
     * @return the level it is nested in, begun now unless it is open, of which the context's configuration then is a part; null
     *     when it is its own begin
     */
    @Nullable
    Level enclose(TransactionContext ctx);

    /** The source of its connections, and of others' outside of it. */
    ConnectionProvider connections();
}
