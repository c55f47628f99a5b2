package dev.commithooks.engine.boundary;

import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.TransactionContext;
import org.jspecify.annotations.Nullable;

/** Something whose configuration is in a transaction as soon as anybody wants one: a session. */
public interface SelfBeginning {

    /** The key in {@link Configuration#data()}. */
    String KEY = "dev.commithooks.session";

    /** What the configuration belongs to; null when its transactions are begun in the usual way. */
    static @Nullable SelfBeginning of(Configuration configuration) {
        return configuration.data(KEY) instanceof SelfBeginning found ? found : null;
    }

    /** Its level, begun now unless it is open; null while it is just being begun or ended. */
    @Nullable
    OpenLevel level();

    /**
     * A transaction begins on a configuration of its: it is nested.
     *
     * @return the level it is nested in, begun now unless it is open, of which the context's configuration then is a part; null
     *     when it is its own begin
     */
    @Nullable
    OpenLevel enclose(TransactionContext ctx);

    /** Where its connections come from, and others' outside of it. */
    ConnectionProvider connections();
}
