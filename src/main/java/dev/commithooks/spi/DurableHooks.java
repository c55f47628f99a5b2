package dev.commithooks.spi;

import java.util.List;
import org.jooq.Configuration;

/** All durable hooks of one {@code CommitHooks}. Implemented by the library; thread-safe. */
public interface DurableHooks {

    /** The hooks; no two have the same name. */
    List<DurableHook> all();

    /** A configuration like the one given whose transactions fire hooks: what a hook works with that is called later. */
    Configuration attachTo(Configuration configuration);

    /** The observer to be told of deliveries; it throws nothing. */
    HookObserver observer();
}
