package dev.commithooks.engine.lookup;

import org.jooq.Configuration;

/** The mark of a configuration in which hooks are installed, and of all that are derived from it. */
public interface Installed {

    /** The configuration in which they were installed. */
    Configuration installedIn();
}
