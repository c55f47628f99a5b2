package dev.commithooks.engine.jooq;

import dev.commithooks.engine.boundary.ConnectionWatch;
import org.jooq.Configuration;

/** Makes what begins and ends a transaction. */
interface Delegates {

    /**
     * What begins and ends one.
     *
     * @param configuration the one that the transaction is begun with
     * @param watch the eyes on its connection
     */
    Delegate delegate(Configuration configuration, ConnectionWatch watch);
}
