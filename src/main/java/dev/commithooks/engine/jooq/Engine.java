package dev.commithooks.engine.jooq;

import dev.commithooks.engine.capture.Capture;
import dev.commithooks.engine.lookup.Lookup;
import dev.commithooks.engine.registry.Registry;
import dev.commithooks.engine.telling.Policies;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/** One set of hooks at work: what is registered, the policies, and the listeners and providers that jOOQ calls. */
public final class Engine {

    private final Registry registry;
    private final Policies policies;
    private final Lookup lookup;
    private final Capture capture;
    private final Installation installation;

    /** Puts the parts together. */
    public Engine(Registry registry, Policies policies) {
        this.registry = registry;
        this.policies = policies;
        this.lookup =
                new Lookup(policies, (outside, connection) -> new StatementTransaction(this, outside, connection));
        this.capture = new Capture(registry, lookup, policies.bypass(), policies.observer());
        this.installation = new Installation(this);
    }

    /** The registered hooks. */
    public Registry registry() {
        return registry;
    }

    /** The policies. */
    public Policies policies() {
        return policies;
    }

    /** The answer to "which transaction is this?". */
    public Lookup lookup() {
        return lookup;
    }

    Capture capture() {
        return capture;
    }

    /** The way of the parts into a configuration. */
    public Installation installation() {
        return installation;
    }

    /** The engine of a configuration, whoever provides its transactions; null when it has no hooks. */
    public static @Nullable Engine of(Configuration configuration) {
        Engine installed = Lifecycle.engineOf(configuration);
        if (installed != null) {
            return installed;
        }
        return configuration.transactionProvider() instanceof Hooked hooked ? hooked.engine() : null;
    }
}
