package dev.commithooks.engine.lookup;

import org.jooq.Configuration;
import org.jooq.TransactionListenerProvider;

/** The mark of a configuration in which hooks are installed, and of all that are derived from it. */
public interface Installed extends TransactionListenerProvider {

    /** The configuration in which they were installed. */
    Configuration installedIn();
}
