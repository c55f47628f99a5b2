package dev.commithooks;

import dev.commithooks.spi.DurableHook;
import dev.commithooks.spi.DurableHooks;
import dev.commithooks.spi.HookObserver;
import java.util.List;
import org.jooq.Configuration;

/** The durable hooks of one {@link CommitHooks}, as the delivery sees them. */
record ServedHooks(List<DurableHook> all, CommitHooks hooks, HookObserver observer) implements DurableHooks {

    @Override
    public Configuration attachTo(Configuration configuration) {
        return hooks.attachTo(configuration);
    }
}
